"""Strings and patterns of Sieve scripts.

Never:      lets a value end its string, or expand a variable: every sign that means
            something in a pattern stands in a class of its own, so that no `${` comes
            about (RFC 5229 section 3).
Source:     RFC 5228 section 2.4.2; POSIX extended regular expressions, IEEE 1003.1
            section 9.4, which Pigeonhole's regex extension takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from firsthop.publication.exports.rules.conditions import Pattern
from firsthop.publication.exports.rules.spelling import Spelling, either_case, spelled

_SPECIAL = re.compile(r"[.\[\]{}()*+?$|\\]")
NO_BREAK = "\u00a0"  # Pigeonhole's plain text of HTML has it where `&nbsp;` stood


def quoted(text: str) -> str:
    """A string of the script."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def string_list(names: tuple[str, ...]) -> str:
    """Several strings; the brackets of one alone are left out."""
    inside = ", ".join(map(quoted, names))
    return inside if len(names) == 1 else f"[{inside}]"


def in_field(pattern: Pattern) -> str:
    """A pattern for the value of a field, as POSIX spells it."""
    return spelled(pattern.regex, _spelling(pattern.caseless, "[:space:]"))


def in_text(pattern: Pattern) -> str:
    """A pattern for text, in which a run of white space may hold what HTML makes of
    it."""
    blank = f"([[:space:]]|{NO_BREAK})+"
    return spelled(pattern.regex, _spelling(pattern.caseless, "[:space:]")).replace(
        "[[:space:]]+", blank
    )


def in_link(pattern: Pattern) -> str:
    """A pattern for a link somewhere in the source of a text: its beginning is that of
    no word, its end where a link cannot go on."""
    outside = "[:space:]\"'<>"
    return spelled(
        pattern.regex,
        Spelling(
            _character(pattern.caseless),
            "[:space:]",
            start="(^|[^A-Za-z])",
            end=f"($|[{outside})]|[]])",
            beyond=outside,
        ),
    )


def _spelling(caseless: bool, blank: str) -> Spelling:
    return Spelling(_character(caseless), blank, "^", "$")


def _character(caseless: bool) -> Callable[[str], str]:
    """How a character is written that stands for itself."""

    def write(one: str) -> str:
        if one == "^":
            return r"\^"  # in a class of its own it would exclude
        if _SPECIAL.fullmatch(one):
            return f"[{one}]"
        return (either_case(one) if caseless and not one.isascii() else None) or one

    return write
