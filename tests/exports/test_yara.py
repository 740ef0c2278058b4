"""The format `yara`, read and run by YARA-X and by YARA."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yara
import yara_x

from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.yara import run
from firsthop.publication.exports.rules.conditions import (
    AllOf,
    Compared,
    Condition,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    LinkMatches,
    Pattern,
    TextMatches,
    Value,
)
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.exports.yara import relations
from firsthop.publication.exports.yara.rules import export
from firsthop.publication.exports.yara.seen import seen_in
from firsthop.publication.exports.yara.strings import Strings, searches, why_not
from tests.exports.filters import HOSTILE, demand_finds, families_of, hostile_source, written
from tests.exports.heaps import Planted, planted, wave_of_2014
from tests.exports.reference import Seen, meets

MAIL = b"""\
Received: from Mail.Shop.example (unknown\r
\t[192.0.2.7])\r
\tby mx.example (Postfix) with ESMTP id 1; Sat, 17 May 2014 21:59:37 +0900\r
From: "anna.Rossi"\r
 <Anna.rossi@provider.example>\r
To: b.bianchi@example.it, anna.rossi@provider.example\r
Subject: anna.rossi\r
Message-ID: <abc@mail.shop.example>\r
X-Mailer: Kit\r
  Mailer 5\r
Content-Type: text/html\r
\r
From: nobody <x@body.example>\r
Gentile <b>cliente</b> la sua =\r
casella https://landing.ex=\r
ample/offer?u=3D1 fine\r
Subject: of the body\r
"""


def _strings(condition: Condition) -> str:
    strings = Strings()
    asked = strings.asked(condition)
    end = ["$end = /\\r?\\n\\r?\\n/"] if "end" in asked else []
    lines = "\n".join([*end, *strings.lines])
    return f"rule r {{ strings:\n{lines}\ncondition: {asked} }}"


def _met(condition: Condition, data: bytes) -> bool:
    """Whether a message meets a condition: both engines say the same."""
    assert why_not(condition) is None
    source = _strings(condition)
    found = bool(yara_x.compile(source).scan(data).matching_rules)
    assert found is bool(yara.compile(source=source).match(data=data))
    return found


def _field(name: str, regex: str, *, caseless: bool = True, decoded: bool = False) -> FieldMatches:
    return FieldMatches((name,), Pattern(regex, caseless), decoded)


MEANT: tuple[tuple[Condition, bool], ...] = (
    (_field("received", r"(^from|helo)[ =]+\[?mail\.shop\.example[]) >;,]"), True),
    (_field("received", r"unknown \[192\.0\.2\.7\]\) by mx"), True),  # over folded lines
    (_field("received", r"(^from|helo)[ =]+\[?shop\.example[]) >;,]"), False),
    (_field("received", "anna"), False),  # of the next field
    (_field("x-mailer", "^ *Kit Mailer [0-9]+ *$", caseless=False), True),
    (_field("x-mailer", "^ *kit Mailer [0-9]+ *$", caseless=False), False),
    (_field("x-mailer", "^ *Kit Mailer *$", caseless=False), False),
    (_field("x-mailer", "[^;]*html"), False),  # a class does not leave the field
    (_field("subject", "of the body"), False),  # a line of the body is no field
    (_field("from", r"@body\.example"), False),
    (FieldPresent(("x-mailer",)), True),
    (FieldPresent(("x-mail",)), False),
    (FieldAbsent(("user-agent", "x-other")), True),
    (FieldAbsent(("user-agent", "x-mailer")), False),
    (TextMatches(Pattern("gentile cliente la sua casella", True)), True),
    (TextMatches(Pattern("gentile la sua", True)), False),
    (LinkMatches(Pattern(r"^https?://([^/?#]*@)?landing\.example([/?#]|$)", True)), True),
    (LinkMatches(Pattern(r"^https?://([^/?#]*@)?anding\.example([/?#]|$)", True)), False),
    (Compared(Value.SUBJECT, Value.AUTHOR_LOCAL_PART), True),
    (Compared(Value.DISPLAY_NAME, Value.AUTHOR_LOCAL_PART), True),
    (Compared(Value.SUBJECT, Value.RECIPIENT_LOCAL_PART), True),  # of any address
    (Compared(Value.AUTHOR, Value.RECIPIENT), True),
    (Compared(Value.ID_HOST, Value.HELO), True),
    (Compared(Value.ID_HOST, Value.AUTHOR_DOMAIN), False),
    (AllOf((FieldPresent(("from",)), FieldAbsent(("x-no",)))), True),
)


@pytest.mark.parametrize(("condition", "expected"), MEANT)
def test_a_condition_means_the_same_in_bytes(condition: Condition, expected: bool) -> None:
    assert _met(condition, MAIL) is expected
    assert _met(condition, MAIL.replace(b"\r\n", b"\n")) is expected
    reference = MAIL.replace(
        b"Content-Type", b"Content-Transfer-Encoding: quoted-printable\nContent-Type"
    )
    if not (isinstance(condition, Compared) and condition.right is Value.RECIPIENT_LOCAL_PART):
        assert meets(condition, Seen(reference)) is expected


def _with(field: bytes, value: bytes) -> bytes:
    return b"From: a@b.example\r\n" + field + b": " + value + b"\r\n\r\ntext\r\n"


@pytest.mark.parametrize(
    ("left", "right", "data"),
    [
        (Value.SUBJECT, Value.AUTHOR_LOCAL_PART, _with(b"Subject", b"ab")),
        (Value.SUBJECT, Value.AUTHOR_LOCAL_PART, _with(b"Subject", b"=?utf-8?b?YQ==?=")),
        (Value.ID_HOST, Value.AUTHOR_DOMAIN, _with(b"Message-ID", b"<x@b.example.com>")),
        (Value.ID_HOST, Value.AUTHOR_DOMAIN, _with(b"Message-ID", b"<x@ab.example>")),
        (Value.ID_HOST, Value.HELO, _with(b"Received", b"from b.example by x")),
        (Value.SUBJECT, Value.AUTHOR_LOCAL_PART, b"From: a@b.example\r\n\r\nSubject: a\r\n"),
    ],
)
def test_values_that_differ_are_not_equal(left: Value, right: Value, data: bytes) -> None:
    assert not _met(Compared(left, right), data)


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?Q?H=C3=BCtte_am_See?=",
        "=?iso-8859-1?q?H=FCtte_am?=\r\n =?iso-8859-1?q?_See?=",
        "Hütte am See",
        "HÜTTE, am: See!",
    ],
)
def test_words_are_found_as_they_are_and_in_q(subject: str) -> None:
    condition = _field(
        "subject", "^[^A-Za-z0-9]*hütte[^A-Za-z0-9]+am[^A-Za-z0-9]+see", decoded=True
    )
    assert _met(condition, _with(b"Subject", subject.encode()))
    assert not _met(condition, _with(b"Subject", b"=?utf-8?B?SMO8dHRlIGFtIFNlZQ==?="))


def test_what_it_cannot_be_asked_has_a_reason() -> None:
    assert why_not(Compared(Value.HELO, Value.AUTHOR_DOMAIN, True, True)) == relations.REGISTRABLE
    assert why_not(Compared(Value.ID_HOST, Value.HELO, False)) == relations.DIFFERENT
    assert why_not(Compared(Value.SUBJECT, Value.HELO)) == relations.NOT_COMPARED
    repeats = FieldMatches(("message-id",), Pattern(r"([0-9]{3})\1", True, repeats=True))
    assert why_not(repeats)
    with pytest.raises(ValueError, match="byte by byte"):
        relations.asked(Compared(Value.SUBJECT, Value.HELO), "x")


@pytest.mark.parametrize("heap", [planted(), wave_of_2014()], ids=["planted", "wave"])
def test_members_are_found_and_genuine_mail_is_not(
    heap: Planted,
    planted_source: ExportSource,
    wave_source: ExportSource,
    genuine: Sequence[bytes],
    tmp_path: Path,
) -> None:
    source = planted_source if len(heap.members) > 7 else wave_source
    exported = written("yara", source, tmp_path / "yara")
    mail = [*heap.members, *heap.decoys, *genuine]
    demand_finds(exported, heap, run(tmp_path / "yara", mail, tmp_path))
    assert export(source).files == exported.files
    for file in exported.files:
        assert yara.compile(str(tmp_path / "yara" / file))


def test_what_base64_hides_is_not_counted_as_found(planted_source: ExportSource) -> None:
    hidden = [
        (
            place,
            data.replace(b"Subject: ", b"Subject: =?utf-8?b?").replace(b"KitMailer", b"Kit-Mailer"),
        )
        for place, data in planted_source.originals()
    ]
    plain, encoded = (
        export(one).rules
        for one in (planted_source, replace(planted_source, originals=lambda: iter(hidden)))
    )
    assert plain is not None
    assert encoded is not None

    assert "KitMailer" in repr(plain.rules)
    assert "KitMailer" not in repr(encoded.rules)


def test_mail_that_is_gone_counts_for_what_no_encoding_hides(planted_source: ExportSource) -> None:
    gone = export(replace(planted_source, originals=lambda: iter(()))).rules
    assert gone is not None
    families = {e.family for rule in gone.rules for clause in rule.clauses for e in clause}
    assert families
    assert not families & {"passage", "url_domain", "url_host", "subject_template"}


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_a_value(
    value: str, planted_source: ExportSource, tmp_path: Path
) -> None:
    for family in families_of(value):
        source = hostile_source(planted_source, family, value)
        folder = tmp_path / family
        exported = written("yara", source, folder)
        assert run(folder, [b"Subject: nothing\r\n\r\nof it\r\n"], folder) == [frozenset()]
        for file in exported.files:
            rules = list(yara.compile(str(folder / file)))
            assert exported.rules is not None
            assert [one.identifier for one in rules] == [one.name for one in exported.rules.rules]


@pytest.mark.parametrize("value", [one for one in HOSTILE if one.isprintable() and one.isascii()])
def test_a_hostile_value_is_still_found(
    value: str, planted_source: ExportSource, tmp_path: Path
) -> None:
    mailer = " ".join(value.split())
    feature = re.sub("[0-9]+", "#", mailer)[:80]
    written("yara", hostile_source(planted_source, "mailer", feature), tmp_path / "yara")
    mail = [f"X-Mailer: {mailer}\r\n\r\n".encode(), b"X-Mailer: other\r\n\r\n"]
    met, other = run(tmp_path / "yara", mail, tmp_path)
    assert met
    assert not other


SPOILED = {
    "unbalanced quote": 'rule a { strings: $a = "x condition: $a }',
    "bad regex": "rule a { strings: $a = /x(/ condition: $a }",
    "undefined string": 'rule a { strings: $a = "x" condition: $b }',
    "undefined rule": "rule a { condition: other_rule }",
    "truncated": 'rule a { strings: $a = "x"',
    "wrong word": 'rule a { strings: $a = "x" conditon: $a }',
    "no text": "rule a { condition: \udc80 }",
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_spoiled_rules_are_refused(spoiled: str, tmp_path: Path) -> None:
    text = SPOILED[spoiled].encode("utf-8", "surrogateescape")
    (tmp_path / "spoiled.yar").write_bytes(text)
    with pytest.raises(EngineError, match="refuses spoiled"):
        run(tmp_path, [], tmp_path)


def test_a_truncated_export_is_refused(planted_source: ExportSource, tmp_path: Path) -> None:
    exported = written("yara", planted_source, tmp_path / "yara")
    for file, data in exported.files.items():
        (tmp_path / "yara" / file).write_bytes(data[: len(data) - 20])
    with pytest.raises(EngineError):
        run(tmp_path / "yara", [], tmp_path)


HOSTILE_FIELDS = (
    b"X-Mailer:" + b" " * 200_000 + b"x\r\n\r\n",
    b"X-Mailer: Kit" + b" \t" * 100_000 + b"\r\n\r\n",
    b"X-Mailer: " + b"Kit Mailer " * 20_000 + b"\r\n\r\n",
    b"Received: " + b"helo=" * 40_000 + b"\r\n\r\n",
    b"Subject: " + b"=?" * 100_000 + b"\r\n\r\n",
    b"\r\n\r\n" + b"https://landing.=\r\n" * 15_000,
    b"\r\n\r\n" + b"gentile <b " * 20_000,
)


@pytest.mark.parametrize("number", range(len(HOSTILE_FIELDS)))
def test_counting_in_hostile_bytes_is_linear(number: int, planted_source: ExportSource) -> None:
    data = HOSTILE_FIELDS[number]
    conditions = [one for one, _ in MEANT if not isinstance(one, Compared)]
    asked = [search for one in conditions for search in searches(one)]
    start = time.process_time()
    for one in asked:
        seen_in(frozenset({("mailer", "x")}), data, lambda _, one=one: [one])  # type: ignore[misc]
    assert time.process_time() - start < 10


def test_without_its_package_the_engine_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "yara_x", None)
    with pytest.raises(EngineError, match="pip install"):
        run(tmp_path, [], tmp_path)
