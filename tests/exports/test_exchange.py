"""The format `exchange`: its script is read by a grammar of PowerShell, and its rules
are carried out here as the reference of New-TransportRule describes them. Exchange
itself is not asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
import tree_sitter
import tree_sitter_powershell

from firsthop.publication.exports.exchange.patterns import pattern_of
from firsthop.publication.exports.exchange.rules import export
from firsthop.publication.exports.exchange.steps import quoted, why_not
from firsthop.publication.exports.rules.conditions import (
    Compared,
    FieldMatches,
    LinkMatches,
    Pattern,
    Value,
)
from firsthop.publication.exports.source import ExportSource
from tests.exports.filters import HOSTILE, demand_finds, families_of, hostile_source, written
from tests.exports.heaps import planted, wave_of_2014
from tests.exports.reference import Seen

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
DOCUMENTED = re.compile(r"(?:\\[SsDdWw.\[\]{}()*+?^$|\\]|[^\\\[\]{}+?.])*")


class Command(NamedTuple):
    """One New-TransportRule."""

    name: str
    parameters: dict[str, str]


class RefusedError(Exception):
    """A script that is no PowerShell, or holds anything but New-TransportRule."""


def _commands(script: bytes) -> list[Command]:
    root = _PARSER.parse(script).root_node
    if root.has_error:
        raise RefusedError("no PowerShell")
    return [_command(one) for one in _of_type(root, "command")]


def _of_type(node: tree_sitter.Node, name: str) -> Iterator[tree_sitter.Node]:
    if node.type == name:
        yield node
    else:
        for child in node.named_children:
            yield from _of_type(child, name)


def _command(node: tree_sitter.Node) -> Command:
    name, elements = node.named_children
    if name.text != b"New-TransportRule":
        raise RefusedError(f"another command: {name.text!r}")
    words = [one for one in elements.named_children if one.type != "command_argument_sep"]
    if len(words) % 2:
        raise RefusedError("a parameter without its value")
    found = {}
    for parameter, value in zip(words[::2], words[1::2], strict=True):
        if parameter.type != "command_parameter":
            raise RefusedError(f"no parameter: {parameter.text!r}")
        found[_text(parameter).removeprefix("-")] = _value(_text(value))
    return Command(found.pop("Name"), found)


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()


def _value(text: str) -> str:
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def _met(script: bytes, mail: Sequence[bytes]) -> list[frozenset[str]]:
    commands = _commands(script)
    return [frozenset(_carried_out(commands, data)) for data in mail]


def _carried_out(commands: Sequence[Command], data: bytes) -> Iterator[str]:
    seen, marks = Seen(data), dict[str, str]()
    subject = next(seen.fields(["subject"], decoded=True), "")
    path = " ".join(seen.fields(["received"], decoded=False))

    def has(name: str, pattern: str) -> bool:
        values = seen.fields([name], decoded=False)
        return any(re.search(pattern, one, re.IGNORECASE) for one in values)

    def lacks(name: str, pattern: str) -> bool:
        return not has(name, pattern)

    for name, asked in commands:
        checks: dict[str, Callable[[str], object]] = {
            "HeaderMatchesPatterns": partial(has, asked.get("HeaderMatchesMessageHeader", "")),
            "ExceptIfHeaderMatchesPatterns": partial(
                lacks, asked.get("ExceptIfHeaderMatchesMessageHeader", "")
            ),
            "SubjectMatchesPatterns": lambda p: re.search(p, subject, re.IGNORECASE),
            "SubjectOrBodyMatchesPatterns": lambda p: re.search(
                p, f"{subject}\n{seen.text}", re.IGNORECASE
            ),
            "HeaderContainsMessageHeader": lambda n: n in marks,
            "SenderIpRanges": lambda n: n.partition(".0/")[0] in path,
        }
        if all(checks[key](value) for key, value in asked.items() if key in checks):
            if "SetHeaderName" in asked:
                marks[asked["SetHeaderName"]] = asked["SetHeaderValue"]
            else:
                yield name.rsplit("-", 3)[0]


@pytest.mark.parametrize("wave", [False, True], ids=["planted", "wave"])
def test_members_are_found_and_genuine_mail_is_not(
    wave: bool,
    planted_source: ExportSource,
    wave_source: ExportSource,
    genuine: Sequence[bytes],
    tmp_path: Path,
) -> None:
    heap, source = (wave_of_2014(), wave_source) if wave else (planted(), planted_source)
    exported = written("exchange", source, tmp_path / "exchange")
    # all that can be asked of the wave is its program and its provider, which its
    # decoys have too
    heap = heap._replace(decoys=()) if wave else heap
    mail = [*heap.members, *heap.decoys, *genuine]
    (script,) = exported.files.values()
    demand_finds(exported, heap, _met(script, mail))
    assert export(source).files == exported.files


def test_nothing_is_refused_before_the_operator_says_so(planted_source: ExportSource) -> None:
    (script,) = export(planted_source).files.values()
    commands = _commands(script)
    assert commands
    for _, asked in commands:
        assert asked["Mode"] == ("Enforce" if "SetHeaderName" in asked else "Audit")
        assert not any(key.startswith(("Reject", "Delete", "Redirect")) for key in asked)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_a_value(value: str, planted_source: ExportSource) -> None:
    for family in families_of(value):
        for script in export(hostile_source(planted_source, family, value)).files.values():
            for _, asked in _commands(script):
                for key, text in asked.items():
                    if key.endswith("Patterns"):
                        assert DOCUMENTED.fullmatch(text)
                        re.compile(text)


@pytest.mark.parametrize("value", [one for one in HOSTILE if one.isprintable() and one.isascii()])
def test_a_hostile_value_is_still_found(value: str, planted_source: ExportSource) -> None:
    mailer = " ".join(value.split())
    feature = re.sub("[0-9]+", "#", mailer)[:80]
    (script,) = export(hostile_source(planted_source, "mailer", feature)).files.values()
    mail = [f"X-Mailer: {mailer}\r\n\r\n".encode(), b"X-Mailer: other\r\n\r\n"]
    met, other = _met(script, mail)
    assert met
    assert not other


def test_patterns_have_only_documented_signs() -> None:
    assert pattern_of(r"^ *<? *[0-9]{3}\.[0-9A-F]{2}@") == r"^ *<* *\d\d\d\.\w\w@"
    assert pattern_of(r"[^A-Za-z0-9]+x{1,3}[ =]") == r"\W\W*xx*( |=)"
    assert pattern_of("è—") == r"\w\S"
    with pytest.raises(ValueError, match="times"):
        pattern_of("a{65}")


def test_what_it_cannot_be_asked_has_a_reason() -> None:
    assert why_not(Compared(Value.SUBJECT, Value.AUTHOR_LOCAL_PART))
    assert why_not(LinkMatches(Pattern("a")))
    assert why_not(FieldMatches(("from",), Pattern("a"), decoded=True))
    assert why_not(FieldMatches(("x-mailer",), Pattern("a{200}")))
    assert why_not(FieldMatches(("message-id",), Pattern(r"(a)\1", repeats=True)))


SPOILED = {
    "unbalanced quote": b"New-TransportRule -Name 'a -Mode Audit\n",
    "broken out": b"New-TransportRule -Name 'a'; Remove-Item x\n",
    "no value": b"New-TransportRule -Name 'a' -Mode\n",
    "truncated": b"New-TransportRule -Name 'a' -HeaderMatchesPatterns ('b'\n",
    "other command": b"Set-TransportRule -Name 'a' -Mode Audit\n",
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_spoiled_scripts_are_refused(spoiled: str) -> None:
    with pytest.raises((RefusedError, ValueError)):
        _commands(SPOILED[spoiled])


def test_a_string_ends_at_its_own_quote() -> None:
    assert quoted("a'; b") == "'a''; b'"
