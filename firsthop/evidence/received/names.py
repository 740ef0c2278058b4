"""Names without a dot and without a digit, as clients and servers in a local network
have: which of them a table may know, and of what kind the others are.

A name is known where a word of any dialect's patterns stands in it (dialects/*.toml),
or where it may be hexadecimal: it is taken as it is. Any other is a name like all of
its kind, for no pattern tells it from these. Tests compare the two."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from firsthop.evidence.received.dialects import COMMON_TABLE, DIALECTS
from firsthop.system.expression import Expression
from firsthop.system.kept_expressions import compiled

MIN_WORD = 3  # letters of a pattern's word, and of a name that is not known
# what in a pattern is no text: names of groups, flags, escapes, sets of characters
_SIGNS = compiled(r"\(\?P<\w+>|\(\?[a-z]+:|\\.|\[[^][]*\]")
_WORD = compiled(rf"[a-z]{{{MIN_WORD},}}")
_MARKER = "vulgxq"


def _patterns() -> Iterator[str]:
    for table in (COMMON_TABLE, *DIALECTS.values()):
        for recogniser in table.recognisers:
            yield from (expression.pattern for _, expression in recogniser.patterns)
        for entries in table.entries.values():
            yield from (entry["pattern"] for entry in entries)


def _words() -> list[str]:
    texts = (_SIGNS.sub(" ", pattern).lower() for pattern in _patterns())
    return sorted({word for text in texts for word in _WORD.findall(text)})


@cache
def known() -> Expression:
    """One expression for all words, by their first letters; and hexadecimal names."""
    ways: dict[str, list[str]] = {}
    for word in _words():
        ways.setdefault(word[0], []).append(word[1:])
    groups = (f"{first}(?:{'|'.join(rest)})" for first, rest in ways.items())
    pattern = rf"{'|'.join(groups)}|^[a-f]+$|^.{{1,{MIN_WORD - 1}}}$"
    return Expression("words of the dialects", pattern)


@lru_cache(maxsize=4096)
def is_known(name: str) -> bool:
    """Whether a table may know a name."""
    return known().search(name.lower()) is not None


@lru_cache(maxsize=4096)
def name_kind(name: str) -> str:
    """A known name as it is; of any other its letters' case and its signs."""
    if not name or is_known(name):
        return name
    case = "A" if name.isupper() else "a" if name.islower() else "Aa"
    return f"*{case}{'-' * ('-' in name)}{'_' * ('_' in name)}"


def name_marker(place: int, name: str) -> str:
    """A name of the same kind that stands for it at a place of a line."""
    letters = chr(97 + place // 26) + chr(97 + place % 26)
    text = f"{_MARKER}{'-' * ('-' in name)}{'_' * ('_' in name)}{letters}"
    return text.upper() if name.isupper() else text if name.islower() else text.capitalize()
