"""Conditions on one header as Perl-compatible patterns of a Postfix table.

A table is asked each header as it stands: name, colon, value with its line breaks.
Never:      lets a value end its pattern: what is no letter, digit or harmless sign is
            written as a code, the delimiter and the line end among it.
Source:     header_checks(5), pcre_table(5) of Postfix 3.7.
"""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.publication.exports.rules.conditions import (
    Condition,
    FieldMatches,
    FieldPresent,
    parts,
)
from firsthop.publication.exports.rules.spelling import Spelling, spelled

ONE_HEADER = "header_checks sees one header at a time, and this takes another one, too"
NO_BODY = "header_checks sees no body"
ABSENT = "header_checks is asked of headers that are there, never of one that is missing"
RELATION = "header_checks cannot compare two values"
ENCODED = "header_checks sees RFC 2047 words undecoded"
ENVELOPE = "Return-Path is written when the message is delivered, after header_checks"
_HARMLESS = frozenset("-_@:;=,<>")


def why_not(condition: Condition) -> str | None:
    """Why header_checks cannot be asked a condition; None where it can."""
    simple = parts(condition)
    for one in simple:
        if isinstance(one, FieldMatches):
            if one.decoded or not one.pattern.ascii:
                return ENCODED
            if one.names == ("return-path",):
                return ENVELOPE
        elif not isinstance(one, FieldPresent):
            return _REASONS[type(one).__name__]
    return ONE_HEADER if header_of(condition) is None else None


_REASONS = {
    "FieldAbsent": ABSENT,
    "TextMatches": NO_BODY,
    "LinkMatches": NO_BODY,
    "Compared": RELATION,
}


def header_of(condition: Condition) -> tuple[str, ...] | None:
    """The names of the one header that a condition is about; None where there are
    others, too."""
    names = {one.names for one in parts(condition) if isinstance(one, FieldMatches | FieldPresent)}
    return next(iter(names)) if len(names) == 1 else None


def pattern_of(conditions: Sequence[Condition]) -> str:
    """One pattern for conditions that the same header has to meet."""
    simple = [part for one in conditions for part in parts(one)]
    pieces = [_piece(one) for one in simple if isinstance(one, FieldMatches | FieldPresent)]
    return "^" + (pieces[0] if len(pieces) == 1 else "".join(f"(?={one})" for one in pieces))


def _piece(one: FieldMatches | FieldPresent) -> str:
    name = _name(one.names)
    if isinstance(one, FieldPresent):
        return name
    start = f"(?<={'|'.join(f'^{_name((each,))}' for each in one.names)})"
    text = spelled(one.pattern.regex, Spelling(_character, r"\s", rf"{start}\s*", r"\s*$"))
    text = text.replace("/", r"\x2f")  # of a class: the delimiter ends a pattern there, too
    # always a group: what stands before an `@` would look like the rest of an address
    return rf"{name}.*?({'?:' if one.pattern.caseless else '?-i:'}{text})"


def _name(names: Sequence[str]) -> str:
    each = "|".join("".join(map(_character, name)) for name in names)
    return f"(?i:{each}):"


def _character(one: str) -> str:
    if one.isascii() and (one.isalnum() or one in _HARMLESS):
        return one
    return r"\." if one == "." else f"\\x{ord(one):02x}"
