r"""A pattern as a regular expression of Perl and PCRE that is searched in octets: text
as UTF-8, letters beyond ASCII as the octets of their upper and lower case.

Never:      writes an octet that ends a quotation or begins a comment of any file:
            whatever is no letter, digit or harmless sign comes as \xHH. `.` and the
            negated classes stay within a line, so that `^` and `$` may mean lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from firsthop.publication.exports.rules.conditions import Pattern

NO_CHARACTERS = "it holds octets that are no characters"
TAGS = r"(?:\s|\xc2\xa0|\x26nbsp;|<[^<>]{0,2000}>)"  # between words of HTML as it is written
_TOKEN = re.compile(
    r"\\(.)|\[(\^?)((?:\\.|[^\\])(?:\\.|[^\]\\]){0,300}+)\]|(\{[0-9,]+\})|(.)", re.DOTALL
)
_OPERATORS = "?*+)|^$"
_COUNTS = ("?", "*", "+", "{")
_AT = r"\x40"
_HARMLESS = "_-:=;,<> "


def why_no_octets(pattern: Pattern) -> str | None:
    """Why a pattern cannot be written in octets; None where it can."""
    return NO_CHARACTERS if any("\ud800" <= c <= "\udfff" for c in pattern.regex) else None


@cache
def octets(pattern: Pattern, blank: str = " ", often: str = "") -> str:
    """The expression, in ASCII, without its flags; `blank` stands for each blank of the
    text, as `often` says where the pattern does not."""
    regex = "".join(_pieces(pattern, blank, often))
    # else the search for addresses in an export would take the sign that opens the
    # expression for a local part
    return f"(?:){regex}" if regex.startswith(_AT) else regex


def link_in_text(pattern: Pattern) -> Pattern:
    """The pattern of a link, for the text that it stands in: engines list no links of
    name spaces and document types."""
    regex = pattern.regex.removeprefix("^").replace("[^/?#", "[^\"'<> /?#")
    return replace(pattern, regex=regex.replace("|$)", "|$|[]\"'<> )])"))


def _pieces(pattern: Pattern, blank: str, often: str) -> Iterator[str]:
    for token in _TOKEN.finditer(pattern.regex):
        escaped, negated, members, count, char = token.groups()
        if members:
            yield f"[{negated}{_members(members)}{chr(92) + 'n' if negated else ''}]"
        elif count:
            yield count
        elif escaped and pattern.repeats and escaped in "123456789":
            yield f"\\{escaped}"
        elif char == "(":
            yield "(" if pattern.repeats else "(?:"
        elif char == ".":
            yield r"[^\n]"
        elif char and char in _OPERATORS:
            yield char
        elif char == " ":
            counted = pattern.regex[token.end() :].startswith(_COUNTS)
            yield blank if counted else f"{blank}{often}"
        else:
            yield _literal(escaped or char, pattern.caseless)


def _members(members: str) -> str:
    """The members of a class; a hyphen between two letters or digits is a range."""
    plain = re.sub(r"\\(.)", r"\1", members)
    ranges = {m.end(1) for m in re.finditer(r"([A-Za-z0-9])-(?=[A-Za-z0-9])", plain)}
    return "".join("-" if n in ranges else _sign(c) for n, c in enumerate(plain))


def _sign(char: str) -> str:
    """One character of a class; a blank is a tab too."""
    if char == " ":
        return r"\x20\t"
    return char if char.isascii() and char.isalnum() else f"\\x{ord(char):02x}"


def _literal(char: str, caseless: bool) -> str:
    if char.isascii():
        return char if char.isalnum() or char in _HARMLESS else f"\\x{ord(char):02x}"
    cases = dict.fromkeys((char, char.lower(), char.upper()) if caseless else (char,))
    return f"(?:{'|'.join(_encoded(one) for one in cases)})"


def _encoded(text: str) -> str:
    return "".join(
        f"\\x{octet:02x}" if octet > 127 or not chr(octet).isalnum() else chr(octet)
        for octet in text.encode("utf-8")
    )
