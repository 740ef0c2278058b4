"""The format `sigma`, read by pySigma and run as SQL in SQLite."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from sigma.collection import SigmaCollection
from sigma.rule import SigmaRule
from sigma.validation import SigmaValidator
from sigma.validators.core import validators

from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.sigma import run
from firsthop.publication.exports.rules.conditions import (
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
from firsthop.publication.exports.sigma import selections
from firsthop.publication.exports.sigma.fields import FIELDS
from firsthop.publication.exports.sigma.rules import export
from firsthop.publication.exports.sigma.selections import Selections, why_not
from firsthop.publication.exports.sigma.yaml import document, quoted
from firsthop.publication.exports.source import ExportSource
from tests.exports.filters import HOSTILE, demand_finds, families_of, hostile_source, written
from tests.exports.heaps import planted, wave_of_2014

MAIL = b"""\
Received: from mail.shop.example (unknown [192.0.2.7])\r
\tby mx.example (Postfix) with ESMTP id 1; Sat, 17 May 2014 21:59:37 +0900\r
From: "anna.Rossi" <Anna.rossi@provider.example>\r
Reply-To: <x@other.example>\r
To: b.bianchi@example.it, anna.rossi@provider.example\r
Subject: =?utf-8?q?anna=2Erossi?=\r
Message-ID: <abc@mail.shop.example>\r
X-Mailer: Kit Mailer 5\r
X-Kit: \r
\r
Gentile  cliente https://landing.example/offer\r
"""
MEANT: tuple[tuple[Condition, bool], ...] = (
    (FieldMatches(("received",), Pattern(r"^from mail\.shop\.example[ ;]", True)), True),
    (FieldMatches(("x-mailer", "user-agent"), Pattern("^ *Kit Mailer [0-9]+ *$")), True),
    (FieldMatches(("x-mailer", "user-agent"), Pattern("^ *kit Mailer [0-9]+ *$")), False),
    (FieldMatches(("subject",), Pattern("^anna.rossi$", True), True), True),
    (FieldMatches(("subject",), Pattern("^anna.rossi$", True)), False),
    (FieldPresent(("x-kit",)), True),
    (FieldPresent(("kit",)), False),
    (FieldAbsent(("user-agent",)), True),
    (FieldAbsent(("x-mailer", "user-agent")), False),
    (FieldAbsent(("x-no",)), True),
    (FieldAbsent(("x-kit",)), False),
    (TextMatches(Pattern("gentile cliente https", True)), True),
    (LinkMatches(Pattern("^https?://landing.example/offer$", True)), True),
    (LinkMatches(Pattern("^landing", True)), False),
    (Compared(Value.SUBJECT, Value.AUTHOR_LOCAL_PART), True),
    (Compared(Value.SUBJECT, Value.RECIPIENT_LOCAL_PART), False),
    (Compared(Value.DISPLAY_NAME, Value.AUTHOR_LOCAL_PART), True),
    (Compared(Value.AUTHOR, Value.RECIPIENT), True),
    (Compared(Value.ID_HOST, Value.HELO), True),
    (Compared(Value.ID_HOST, Value.AUTHOR_DOMAIN), False),
    (Compared(Value.HELO, Value.AUTHOR_DOMAIN, False, True), True),
    (Compared(Value.HELO, Value.AUTHOR_DOMAIN, True, True), False),
    (Compared(Value.REPLY_DOMAIN, Value.AUTHOR_DOMAIN, False, True), True),
)


def _rule(condition: Condition) -> str:
    asked = Selections()
    text = asked.asked(condition)
    return document(
        {
            "title": "one",
            "name": "one",
            "logsource": {"category": "email", "product": "firsthop"},
            "detection": {**asked.nodes, "condition": text},
        }
    )


@pytest.mark.parametrize(("condition", "expected"), MEANT)
def test_a_condition_means_the_same_in_sql(
    condition: Condition, expected: bool, tmp_path: Path
) -> None:
    assert why_not(condition) is None
    (tmp_path / "one.yml").write_text(_rule(condition), encoding="ascii")
    assert run(tmp_path, [MAIL], tmp_path) == [frozenset(["one"] if expected else [])]


def test_where_a_value_is_missing_neither_relation_holds(tmp_path: Path) -> None:
    for equal in (True, False):
        rule = _rule(Compared(Value.REPLY_DOMAIN, Value.AUTHOR_DOMAIN, equal, True))
        (tmp_path / "one.yml").write_text(rule, encoding="ascii")
        assert run(tmp_path, [b"From: a@b.example\r\n\r\n"], tmp_path) == [frozenset()]


def test_what_events_cannot_be_asked_has_a_reason() -> None:
    assert why_not(Compared(Value.ID_HOST, Value.HELO, False)) == selections.SEVERAL
    assert why_not(Compared(Value.SUBJECT, Value.REPLY_DOMAIN)) == selections.NO_FIELD
    assert why_not(FieldMatches(("x-other",), Pattern("a"))) == selections.NO_FIELD
    assert why_not(TextMatches(Pattern("\udc80"))) == selections.NO_TEXT
    repeats = FieldMatches(("message-id",), Pattern(r"(a)\1", repeats=True))
    assert why_not(repeats) == selections.REPEATS


@pytest.mark.parametrize("wave", [False, True], ids=["planted", "wave"])
def test_members_are_found_and_genuine_mail_is_not(
    wave: bool,
    planted_source: ExportSource,
    wave_source: ExportSource,
    genuine: Sequence[bytes],
    tmp_path: Path,
) -> None:
    heap, source = (wave_of_2014(), wave_source) if wave else (planted(), planted_source)
    exported = written("sigma", source, tmp_path / "sigma")
    mail = [*heap.members, *heap.decoys, *genuine]
    demand_finds(exported, heap, run(tmp_path / "sigma", mail, tmp_path))
    assert export(source).files == exported.files


def test_pysigma_finds_no_fault_in_the_rules(planted_source: ExportSource) -> None:
    files = export(planted_source).files
    rules = SigmaCollection.from_yaml("\n---\n".join(one.decode() for one in files.values()))
    net = ("attacktag", "d3_fendtag")  # these fetch lists of names
    checks = {one for name, one in validators.items() if name not in net}
    plain = [one for one in rules.rules if isinstance(one, SigmaRule)]
    found = SigmaValidator(checks).validate_rules(iter(plain))
    assert [one.description for one in found] == []
    assert len(plain) == len(files)
    for rule in plain:
        assert rule.errors == []
        assert set(rule.fields) <= set(FIELDS)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_a_value(
    value: str, planted_source: ExportSource, tmp_path: Path
) -> None:
    text = "".join(c for c in value if not "\ud800" <= c <= "\udfff")
    assert yaml.safe_load(document({"a": {text: [text, None, {"b": text}]}})) == {
        "a": {text: [text, None, {"b": text}]}
    }
    for family in families_of(value):
        folder = tmp_path / family
        exported = written("sigma", hostile_source(planted_source, family, value), folder)
        assert run(folder, [b"Subject: nothing\r\n\r\nof it\r\n"], folder) == [frozenset()]
        for data in exported.files.values():
            told = yaml.safe_load(data)
            assert set(told) == KEYS


KEYS = set(
    "title name id status description author tags logsource detection fields falsepositives "
    "level".split()
)


@pytest.mark.parametrize("value", [one for one in HOSTILE if one.isprintable() and one.isascii()])
def test_a_hostile_value_is_still_found(
    value: str, planted_source: ExportSource, tmp_path: Path
) -> None:
    mailer = " ".join(value.split())
    feature = re.sub("[0-9]+", "#", mailer)[:80]
    written("sigma", hostile_source(planted_source, "mailer", feature), tmp_path / "sigma")
    mail = [f"X-Mailer: {mailer}\r\n\r\n".encode(), b"X-Mailer: other\r\n\r\n"]
    met, other = run(tmp_path / "sigma", mail, tmp_path)
    assert met
    assert not other


_GOOD = _rule(FieldMatches(("x-mailer",), Pattern("Kit")))
SPOILED = {
    "undefined selection": _GOOD.replace('"condition": "s1"', '"condition": "s1 and s2"'),
    "bad regex": _GOOD.replace('"Kit"', '"Kit("'),
    "unbalanced quote": _GOOD.replace('"Kit"', '"Kit'),
    "truncated": _GOOD.partition('"detection"')[0],
    "wrong field": _GOOD.replace("header_x_mailer", "header_x_maler"),
    "wrong modifier": _GOOD.replace("|re", "|regexp"),
    "no condition": _GOOD.replace('"condition"', '"conditon"'),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_spoiled_rules_are_refused(spoiled: str, tmp_path: Path) -> None:
    assert SPOILED[spoiled] != _GOOD
    (tmp_path / "spoiled.yml").write_text(SPOILED[spoiled], encoding="utf-8")
    with pytest.raises(EngineError, match="refuses"):
        run(tmp_path, [MAIL], tmp_path)


def test_every_sign_is_written_in_printable_ascii() -> None:
    for number in (*range(0x180), 0x2028, 0xFFFE, 0x1F600):
        text = quoted(chr(number))
        assert text.isascii()
        assert text.isprintable()
        assert yaml.safe_load(text) == chr(number)


def test_without_its_package_the_engine_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "sigma.backends.sqlite", None)
    with pytest.raises(EngineError, match="pip install"):
        run(tmp_path, [], tmp_path)
