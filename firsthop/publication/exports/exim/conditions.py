"""Conditions as what stands in Exim's `${if ...}`."""

from __future__ import annotations

from firsthop.publication.exports.exim import values
from firsthop.publication.exports.exim.patterns import pattern_of
from firsthop.publication.exports.rules.conditions import (
    AllOf,
    Compared,
    Condition,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    LinkMatches,
    TextMatches,
    parts,
)

BODY = "it sees the body undecoded, and only its first and last 500 characters"
LONG = "the text of its condition is longer than a filter takes"
# filter.c reads a string into 1,024 octets, quotes and escapes taken in
MAX_STRING = 1_000


def why_not(condition: Condition) -> str | None:
    """Why Exim cannot be asked a condition; None where it can."""
    for one in parts(condition):
        if isinstance(one, TextMatches | LinkMatches):
            return BODY
        if isinstance(one, Compared) and (reason := values.why_not(one)):
            return reason
        if len(filter_test(one)) > MAX_STRING:
            return LONG
    return None


def written(condition: Condition) -> tuple[str, ...]:
    """The conditions that all have to hold."""
    return tuple(map(_written, parts(condition)))


def filter_test(condition: Condition) -> str:
    """A condition as a test of a filter: a quoted string, in which a backslash and a
    quotation mark are escaped."""
    return " and ".join(
        f'"{_in_quotes("${if " + one + " {1}{0}}")}" is "1"' for one in written(condition)
    )


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _written(condition: Condition) -> str:
    match condition:
        case FieldPresent(names):
            return _one_of(tuple(f"def:h_{name}:" for name in names))
        case FieldAbsent(names):
            return _all_of(tuple(f"!def:h_{name}:" for name in names))
        case FieldMatches(names, pattern, decoded):
            text = pattern_of(pattern)
            fields = (values.field_of(name, decoded=decoded or not pattern.ascii) for name in names)
            return _one_of(tuple(f"match{{{field}}}{{{text}}}" for field in fields))
        case Compared():
            return values.relation(condition)
        case AllOf() | TextMatches() | LinkMatches():
            raise AssertionError(condition)  # `parts` and `why_not` let none through


def _one_of(conditions: tuple[str, ...]) -> str:
    return _joined("or", conditions)


def _all_of(conditions: tuple[str, ...]) -> str:
    return _joined("and", conditions)


def _joined(word: str, conditions: tuple[str, ...]) -> str:
    if len(conditions) == 1:
        return conditions[0]
    return f"{word}{{{''.join(f'{{{one}}}' for one in conditions)}}}"
