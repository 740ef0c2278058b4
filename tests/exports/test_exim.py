"""Exim's statements and filter, judged by Exim."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import pytest

from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.exim import (
    USER,
    configure,
    find_exim,
    run,
    sender_of,
)
from firsthop.investigation.rule_engines.work_folder import engine_folder
from firsthop.publication.exports.exim.conditions import BODY, LONG, filter_test, why_not, written
from firsthop.publication.exports.exim.patterns import pattern_of
from firsthop.publication.exports.exim.values import REGISTRABLE
from firsthop.publication.exports.exim.writer import ACL, EXIM, FILTER
from firsthop.publication.exports.rules.conditions import (
    Compared,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    Pattern,
    TextMatches,
    Value,
)
from tests.engines import lacking
from tests.exports import heaps, judged
from tests.exports.judged import HOSTILE, UNWRITABLE


@pytest.fixture(autouse=True)
def _engine() -> None:
    try:
        find_exim()
    except EngineError as missing:
        lacking("exim", str(missing))


def _filtered(folder: Path, messages: list[bytes]) -> list[tuple[int, frozenset[str]]]:
    """Exit code and rules of the filter, for each message."""
    with engine_folder(Path(mkdtemp()), USER) as (place, account):
        for name in (ACL, FILTER):
            (place / name).write_bytes((folder / name).read_bytes())
            (place / name).chmod(0o644)
        words = ("-C", configure(place, account), "-f", "a@b.example", "-bF", place / FILTER)
        ended = [find_exim().start(*words, cwd=place, given=one) for one in messages]
    return [
        (
            one.code,
            frozenset(
                line.removesuffix('"').rpartition(" ")[2]
                for line in one.output.decode().splitlines()
                if line.startswith('Headers add "X-Firsthop: ')
            ),
        )
        for one in ended
    ]


@pytest.mark.parametrize("name", ["planted", "2014"])
def test_members_are_found(name: str, tmp_path: Path) -> None:
    exported = judged.finds_members(EXIM, run, name, tmp_path / "x")
    assert exported.rules is not None
    assert any(one.strength == "block" for one in exported.rules.rules)


@pytest.mark.parametrize("name", ["planted", "2014"])
def test_the_filter_decides_as_the_acl(name: str, tmp_path: Path) -> None:
    source, heap = judged.opened(name)
    judged.written(EXIM, source, tmp_path / "x")
    messages = [*heap.members[:4], *heap.decoys]
    answered = judged.answers(run, tmp_path / "x", messages)
    assert [(0, names) for names in answered] == _filtered(tmp_path / "x", messages)
    assert any(answered)


def test_no_ham_is_refused(corpus_messages: Path, tmp_path: Path) -> None:
    ham = heaps.ham(corpus_messages)
    assert len(ham) >= 290
    judged.finds_members(EXIM, run, "2014", tmp_path / "x", ham)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_in_its_pattern(value: str, tmp_path: Path) -> None:
    judged.holds_against(EXIM, run, value, tmp_path / "x")
    (code, names), (_, none) = _filtered(tmp_path / "x", [judged.hostile_mail(value), judged.PLAIN])
    assert code == 0
    assert names
    assert not none


@pytest.mark.parametrize("value", UNWRITABLE)
def test_what_cannot_be_written_is_left_out(value: str, tmp_path: Path) -> None:
    judged.holds_against(EXIM, run, value, tmp_path / "x", asked=False)


SPOILED = {
    "an unknown condition": (b"${if and{", b"${if ad{"),
    "a bad pattern": (b"(?m)^", b"(?m)^(("),
    "an open brace": (b"{yes}{no}}", b"{yes}{no}"),
    "an unknown variable": (b"$h_subject:", b"$subject"),
    "an unknown statement": (b"warn !condition", b"warm !condition"),
}


@pytest.mark.parametrize("kind", [*SPOILED, "a cut file"])
def test_spoiled_statements_are_refused(kind: str, tmp_path: Path) -> None:
    source, heap = judged.opened("2014")
    judged.written(EXIM, source, tmp_path / "x")
    old, new = SPOILED.get(kind, (b"", b""))
    with pytest.raises(EngineError, match="Exim refuses the statements"):
        judged.spoiled(
            run,
            tmp_path / "x",
            ACL,
            lambda data: data.replace(old, new) if old else data[: data.rindex(b"{yes}")],
            heap.members[:1],
        )


def test_spoiled_filters_are_refused(tmp_path: Path) -> None:
    source, heap = judged.opened("2014")
    judged.written(EXIM, source, tmp_path / "x")
    path = tmp_path / "x" / FILTER
    whole = path.read_bytes()
    for broken in (whole.replace(b") then", b") than"), whole[:-12], whole.replace(b'"1"', b'"1')):
        path.write_bytes(broken)
        ((code, names),) = _filtered(tmp_path / "x", [heap.members[0]])
        assert code != 0 or not names


def test_a_wrong_field_finds_nothing(tmp_path: Path) -> None:
    source, heap = judged.opened("2014")
    judged.written(EXIM, source, tmp_path / "x")
    (found,) = judged.spoiled(
        run,
        tmp_path / "x",
        ACL,
        lambda data: data.replace(b"h_message-id:", b"h_message-di:"),
        heap.members[:1],
    )
    assert not found


def test_conditions_are_written() -> None:
    assert written(FieldPresent(("x-a", "x-b"))) == ("or{{def:h_x-a:}{def:h_x-b:}}",)
    assert written(FieldAbsent(("x-a",))) == ("!def:h_x-a:",)
    assert filter_test(FieldMatches(("return-path",), Pattern("a"))) == (
        '"${if match{<$sender_address>}{\\\\N(?m)a\\\\N} {1}{0}}" is "1"'
    )
    assert why_not(TextMatches(Pattern("a"))) == BODY
    assert why_not(FieldPresent(("x" * 1001,))) == LONG
    assert why_not(Compared(Value.HELO, Value.AUTHOR_DOMAIN, True, True)) == REGISTRABLE


def test_patterns_are_codes() -> None:
    assert pattern_of(Pattern("A\\\\N\\$b")) == r"\N(?m)\x41\x5c\x4e\x24b\N"
    assert pattern_of(Pattern("A_\u00e9", caseless=True)) == (r"\N(?mi)a\x5f(\xc3\xa9|\xc3\x89)\N")


def test_the_sender_is_read_where_it_is_plain() -> None:
    assert sender_of(b"Return-Path: <a.b@c.example>\r\n\r\n") == b"a.b@c.example"
    assert sender_of(b"Return-Path: a@c.example\n\n") == b"a@c.example"
    assert sender_of(b'Return-Path: <"a b"@c.example>\n\n') == b""
    assert sender_of(b"Subject: x\n\nReturn-Path: <a@c.example>\n") == b""
