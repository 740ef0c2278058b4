"""Sieve scripts, judged by Dovecot Pigeonhole."""

from __future__ import annotations

from pathlib import Path

import pytest

from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.sieve import run
from firsthop.publication.exports.rules.conditions import (
    AllOf,
    Compared,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    Pattern,
    Value,
)
from firsthop.publication.exports.sieve.conditions import each_test, why_not, written
from firsthop.publication.exports.sieve.relations import REGISTRABLE
from firsthop.publication.exports.sieve.strings import in_field, in_link, in_text, quoted
from firsthop.publication.exports.sieve.writer import SIEVE
from tests.exports import heaps, judged
from tests.exports.judged import HOSTILE, UNWRITABLE


@pytest.fixture(autouse=True)
def _engine() -> None:
    judged.demand_engine("sieve", "sievec", "sieve-filter")


@pytest.mark.parametrize("name", ["planted", "2014"])
def test_members_are_found(name: str, tmp_path: Path) -> None:
    exported = judged.finds_members(SIEVE, run, name, tmp_path / "x")
    assert exported.rules is not None
    assert any(one.strength == "block" for one in exported.rules.rules)


def test_no_ham_is_refused(corpus_messages: Path, tmp_path: Path) -> None:
    ham = heaps.ham(corpus_messages)
    assert len(ham) >= 290
    judged.finds_members(SIEVE, run, "2014", tmp_path / "x", ham)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_in_its_string(value: str, tmp_path: Path) -> None:
    judged.holds_against(SIEVE, run, value, tmp_path / "x")


@pytest.mark.parametrize("value", UNWRITABLE)
def test_what_cannot_be_written_is_left_out(value: str, tmp_path: Path) -> None:
    judged.holds_against(SIEVE, run, value, tmp_path / "x", asked=False)


SPOILED = {
    "an unknown test": (b"header ", b"headre "),
    "a bad pattern": (b'" "^', b'" "^(('),
    "an open string": (b'"subject"', b'"subject'),
    "an extension that is not required": (b', "regex"', b""),
    "an unknown action": (b"fileinto :create", b"filein :create"),
}


@pytest.mark.parametrize("kind", [*SPOILED, "a cut file"])
def test_spoiled_scripts_are_refused(kind: str, tmp_path: Path) -> None:
    source, heap = judged.opened("2014")
    judged.written(SIEVE, source, tmp_path / "x")
    name = min(path.name for path in (tmp_path / "x").iterdir())
    old, new = SPOILED.get(kind, (b"", b""))
    with pytest.raises(EngineError, match="Dovecot Pigeonhole refuses the scripts"):
        judged.spoiled(
            run,
            tmp_path / "x",
            name,
            lambda data: data.replace(old, new, 1) if old else data[:-20],
            heap.members[:1],
        )


def test_a_wrong_field_finds_nothing(tmp_path: Path) -> None:
    source, heap = judged.opened("2014")
    judged.written(SIEVE, source, tmp_path / "x")
    name = next(path.name for path in (tmp_path / "x").iterdir() if "block_any" in path.name)
    (found,) = judged.spoiled(
        run,
        tmp_path / "x",
        name,
        lambda data: data.replace(b'"message-id"', b'"message-di"'),
        heap.members[:1],
    )
    assert name.removesuffix(".sieve") not in found


def test_relations_are_asked_by_variables(tmp_path: Path) -> None:
    source, _ = judged.opened("2014")
    judged.written(SIEVE, source, tmp_path / "x")
    script = next((tmp_path / "x").glob("*block_any.sieve")).read_text()
    assert 'string :is "${firsthop_subject}" "${firsthop_author_local_part}"' in script
    assert why_not(Compared(Value.HELO, Value.AUTHOR_DOMAIN, True, True)) == REGISTRABLE


def test_tests_are_written() -> None:
    present, absent = FieldPresent(("x-a",)), FieldAbsent(("x-a", "x-b"))
    assert each_test(AllOf((present, absent))) == (
        'exists "x-a"',
        'not anyof(exists "x-a", exists "x-b")',
    )
    caseless = FieldMatches(("subject",), Pattern("^a\\.b c$", caseless=True))
    assert written(caseless) == (
        'header :comparator "i;ascii-casemap" :regex "subject" "^a[.]b[[:space:]]+c$"'
    )


def test_strings_and_patterns() -> None:
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'
    assert in_field(Pattern(r"\$\{a\}\^\\")) == r"[$][{]a[}]\^[\]"
    assert in_field(Pattern("\u00e9", caseless=True)) == "(\u00e9|\u00c9)"
    assert in_text(Pattern("a b")) == "a([[:space:]]|\u00a0)+b"
    assert in_link(Pattern("^https?://x([/]|$)")).startswith("(^|[^A-Za-z])https?://x([/]|")
