"""A clause of a rule as a chain of mail flow rules: one rule has room for one pattern
of a header field, so each step but the last leaves a mark that the next one asks for.

Form:       values of a mail stand in single-quoted strings of PowerShell, in which
            nothing but the quote means anything; they hold printable ASCII alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from firsthop.publication.exports.exchange.patterns import pattern_of
from firsthop.publication.exports.rules.conditions import (
    Compared,
    Condition,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    LinkMatches,
    TextMatches,
    parts,
)
from firsthop.publication.exports.rules.rule import Element

NO_COMPARISON = "mail flow rules compare no two values"
NO_LINKS = "the reference does not say that links behind HTML are searched"
NO_PATH = "of the lines of the path only the last client's address has a predicate"
NO_WORDS = "the reference does not say that encoded words of this field are decoded"
REPEATS = "its patterns have no back-references"
TOO_LONG = "its pattern would be too long"
MOST = 1000  # characters of a pattern
NETWORKS = ("client_address", "client_network")
_ANYTHING = r"\S"


class Predicate(NamedTuple):
    """Parameters of New-TransportRule by name, with values in order."""

    parameters: tuple[tuple[str, str], ...]


class Step(NamedTuple):
    """Predicates of which one has to hold."""

    any_of: tuple[Predicate, ...]


def quoted(text: str) -> str:
    """A single-quoted string of PowerShell."""
    return "'" + text.replace("'", "''") + "'"


def why_not(condition: Condition) -> str | None:
    """Why a condition cannot be asked; None where it can."""
    return next((reason for one in parts(condition) if (reason := _reason(one))), None)


def _reason(one: Condition) -> str | None:
    match one:
        case Compared():
            return NO_COMPARISON
        case LinkMatches():
            return NO_LINKS
        case FieldMatches(("received",), _, _):
            return None  # of a client's address: the family says so
        case FieldMatches(names, pattern, decoded):
            if (decoded or not pattern.ascii) and names != ("subject",):
                return NO_WORDS
            return REPEATS if pattern.repeats else _reason_of_length(pattern.regex)
        case TextMatches(pattern):
            return _reason_of_length(pattern.regex)
    return None


def _reason_of_length(regex: str) -> str | None:
    try:
        return TOO_LONG if len(pattern_of(regex)) > MOST else None
    except ValueError:
        return TOO_LONG


def steps_of(element: Element) -> Iterator[Step]:
    """The steps of an element."""
    if element.family in NETWORKS:
        network = element.value if element.family == NETWORKS[0] else f"{element.value}.0/24"
        yield Step((Predicate((("SenderIpRanges", quoted(network)),)),))
        return
    for one in parts(element.condition):
        yield from _steps(one)


def _steps(one: Condition) -> Iterator[Step]:
    match one:
        case FieldMatches(("subject",), pattern, _):
            yield _single("SubjectMatchesPatterns", pattern.regex)
        case TextMatches(pattern):
            yield _single("SubjectOrBodyMatchesPatterns", pattern.regex)
        case FieldMatches(names, pattern, _):
            text = pattern_of(pattern.regex)
            yield Step(tuple(_of_header("HeaderMatches", name, text) for name in names))
        case FieldPresent(names):
            yield Step(tuple(_of_header("HeaderMatches", name, _ANYTHING) for name in names))
        case FieldAbsent(names):
            for name in names:
                yield Step((_of_header("ExceptIfHeaderMatches", name, _ANYTHING),))


def _single(parameter: str, regex: str) -> Step:
    return Step((Predicate(((parameter, quoted(pattern_of(regex))),)),))


def _of_header(parameter: str, name: str, pattern: str) -> Predicate:
    return Predicate(
        ((f"{parameter}MessageHeader", quoted(name)), (f"{parameter}Patterns", quoted(pattern)))
    )
