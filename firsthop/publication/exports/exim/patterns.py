"""Patterns of Exim: Perl-compatible regular expressions between `\\N` and `\\N`, where
nothing is expanded.

Never:      lets a value end that part, or be taken for a macro: what is no digit and
            no small letter is written as a code. So `\\N` cannot come about, nor the
            name of a macro, which begins with a capital or `_`.
Source:     Exim 4.96 specification, chapters 6.4 (macros), 8, 11.1, 11.5.
"""

from __future__ import annotations

from firsthop.publication.exports.rules.conditions import Pattern
from firsthop.publication.exports.rules.spelling import Spelling, either_case, spelled

# fields of one name are joined by line breaks, folded ones are unfolded before: each
# line is a value (`values.unfolded`)
_START, _END = r"^[ \t]*", r"[ \t]*$"
_BLANK = r" \t"


def pattern_of(pattern: Pattern) -> str:
    """A pattern for lines that are values, with its options."""
    spelling = Spelling(_small if pattern.caseless else _exact, _BLANK, _START, _END, beyond=r"\n")
    options = "(?mi)" if pattern.caseless else "(?m)"
    return rf"\N{options}{spelled(pattern.regex, spelling)}\N"


def _exact(one: str) -> str:
    """A character as it is."""
    if one.isascii():
        return one if one.isdigit() or one.islower() else f"\\x{ord(one):02x}"
    return "".join(f"\\x{octet:02x}" for octet in one.encode())


def _small(one: str) -> str:
    """A character in either case."""
    if one.isascii():
        return _exact(one.lower())
    both = either_case(one)
    return "".join(c if c in "(|)" else _exact(c) for c in both) if both else _exact(one)
