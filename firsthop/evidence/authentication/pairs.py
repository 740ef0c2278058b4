"""The pairs `name=value (comment)` of a results field: what Authentication-Results and
Received-SPF have in common (RFC 8601 2.2, RFC 7208 9.1)."""

from __future__ import annotations

import re

from firsthop.evidence.authentication.tokens import Token
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_USUAL = ["word", "=", "word"]
# a pair without space in it, or a comment without brackets in it
PIECE = compiled(
    r'(?<![^\s)])([^\s;="()/]++)=(?:([^\s;="()]++)|"([^"()]*+)")(?=[\s;(]|\Z)|\(([^()]*+)\)'
)
# what stands up to a semicolon: nothing, or a result with such pieces
_SEGMENT = compiled(
    r"\s*+(?:([A-Za-z][A-Za-z0-9_-]*+)(?:/[0-9]++)?=([A-Za-z][A-Za-z0-9_-]*+)(?=[\s;(]|\Z)"
    r'((?:\s*+(?:[^\s;="()/]++=(?:[^\s;="()]++|"[^"()]*+")(?=[\s;(]|\Z)|\([^()]*+\)))*+)'
    r"\s*+)?(?:;|\Z)"
)


class Pair(NamedTuple):
    """`name=value` with the comments behind it."""

    name: str
    value: str
    comments: tuple[str, ...]
    start: int
    stop: int


def is_usual(value: str) -> bool:
    """Whether a value may be read by the expressions of the usual form."""
    return value.isascii() and "\\" not in value


def usual_segments(value: str, start: int) -> list[re.Match[str]] | None:
    """The results of a value from `start` on, each with method, result and what stands
    behind it (PIECE), where there is nothing else, as in nearly all; None for any
    other."""
    results, stop = [], len(value)
    while start < stop:
        segment = _SEGMENT.match(value, start)
        if segment is None:
            return None
        if segment[1]:
            results.append(segment)
        start = segment.end()
    return results


def segments(tokens: list[Token]) -> list[list[Token]]:
    """The tokens between semicolons; comments keep theirs."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def words(segment: list[Token]) -> list[str]:
    """The words and signs of a segment, without comments and space."""
    return [token.text for token in segment if token.kind in ("word", "=")]


def read_pairs(kept: list[Token], defects: list[str]) -> list[Pair]:
    """The `name=value` pairs of a segment; a word that belongs to none is named as a
    defect."""
    found: list[tuple[str, str, list[str], int]] = []
    stops: list[int] = []  # of each pair, with the comments behind it
    index = 0
    while index < len(kept):
        token = kept[index]
        if token.kind == "comment":
            if found:
                found[-1][2].append(token.text)
                stops[-1] = token.stop
        elif token.kind == "word" and _is_usual(kept, index):
            value_token = kept[index + 2]
            found.append((token.text, value_token.text, [], token.start))
            stops.append(value_token.stop)
            index += 3
            continue
        elif token.kind == "word" and (equals := _equals(kept, index)):
            comments = [t.text for t in kept[index + 1 : equals] if t.kind == "comment"]
            value, stop, index = _value(kept, equals + 1)
            found.append((token.text, value, comments, token.start))
            stops.append(stop)
            continue
        elif token.text.lower() != "none":
            defects.append(f"stray_text:{plain(token.text)[:60]}")
        index += 1
    return [
        Pair(name, value, tuple(comments), start, stop)
        for (name, value, comments, start), stop in zip(found, stops, strict=True)
    ]


def _is_usual(kept: list[Token], index: int) -> bool:
    """Whether a name, its sign and a value of one word begin there, with nothing behind
    them that could belong to the value."""
    kinds = [token.kind for token in kept[index : index + 5]]
    if kinds[:3] != _USUAL:
        return False
    if len(kinds) == 3 or kinds[3:] == ["comment"] or kinds[3:] == ["comment", "word"]:
        return True
    return kinds[3] == "word" and kept[index + 3].start != kept[index + 2].stop


def _equals(kept: list[Token], index: int) -> int:
    """Where the sign behind a name stands, comments between them skipped; 0 where there
    is none."""
    for place in range(index + 1, len(kept)):
        kind = kept[place].kind
        if kind != "comment":
            return place if kind == "=" else 0
    return 0


def _value(kept: list[Token], index: int) -> tuple[str, int, int]:
    """The value from `index` on: words, quoted strings and signs that touch each other
    (an address, base64, `prvs=x=y@z`)."""
    start = kept[index - 1].stop
    while index < len(kept) and kept[index].kind == "comment":
        start, index = kept[index].stop, index + 1
    parts: list[str] = []
    stop = start
    while (
        index < len(kept)
        and kept[index].kind in ("word", "=")
        and (kept[index].start == stop or not parts)
    ):
        if (
            not parts
            and _equals(kept, index)
            and kept[index].kind == "word"
            and kept[index].start > start
        ):
            break  # the value is empty and the next pair follows
        parts.append(kept[index].text)
        stop, index = kept[index].stop, index + 1
    return "".join(parts), stop, index


def plain(latin: str) -> str:
    """The text behind bytes that were read as Latin-1; repaired text is text
    already."""
    if latin.isascii():
        return latin
    try:
        return latin.encode("latin-1").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return latin
