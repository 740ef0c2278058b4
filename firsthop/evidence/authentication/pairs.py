"""The pairs `name=value (comment)` of a results field: what Authentication-Results and
Received-SPF have in common (RFC 8601 2.2, RFC 7208 9.1)."""

from __future__ import annotations

import re

from firsthop.evidence.authentication.tokens import MAX_VALUE, Token
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_USUAL = ["word", "=", "word"]
# a pair without space in it, or what stands between pairs; at every place it matches
_PIECE = compiled(
    r'\s*+(?:([^\s;="()]++)=(?:([^\s;="()]++)|"([^"()]*+)")(?=[\s;(]|\Z)'
    r'|\(([^()]*+)\)|(;)|(\Z)|(.[^\s;="()]*+))',
    re.DOTALL,
)
_VALUE, _QUOTED, _COMMENT, _SEMICOLON, _END, _OTHER = 2, 3, 4, 5, 6, 7
_new = tuple.__new__


class Pair(NamedTuple):
    """`name=value` with the comments behind it."""

    name: str
    value: str
    comments: tuple[str, ...]
    start: int
    stop: int


def usual_pairs(value: str, start: int) -> list[tuple[Pair, int]] | None:
    """The pairs of a value from `start` on, each with the number of its segment, where
    nothing else stands there but comments without brackets in them, as in nearly all;
    None for any other."""
    if "\\" in value or len(value) > MAX_VALUE:
        return None
    pairs: list[tuple[Pair, int]] = []
    segment = 0
    for match in _PIECE.finditer(value, start):
        group = match.lastindex or 0
        if group == _VALUE:
            pair = (match[1], match[_VALUE], (), match.start(1), match.end())
            pairs.append((_new(Pair, pair), segment))
        elif group == _COMMENT:
            if pairs and pairs[-1][1] == segment:  # it belongs to the pair before it
                name, told, comments, first, _ = pairs[-1][0]
                longer = (name, told, (*comments, match[_COMMENT]), first, match.end())
                pairs[-1] = _new(Pair, longer), segment
        elif group == _SEMICOLON:
            segment += 1
        elif group == _QUOTED:
            pair = (match[1], match[_QUOTED], (), match.start(1), match.end())
            pairs.append((_new(Pair, pair), segment))
        else:
            return None if group == _OTHER else pairs
    return pairs


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
    pairs: list[Pair] = []
    index = 0
    while index < len(kept):
        token = kept[index]
        if token.kind == "comment":
            if pairs:
                name, value, comments, start, _ = pairs[-1]
                pairs[-1] = Pair(name, value, (*comments, token.text), start, token.stop)
        elif token.kind == "word" and _is_usual(kept, index):
            value_token = kept[index + 2]
            pairs.append(Pair(token.text, value_token.text, (), token.start, value_token.stop))
            index += 3
            continue
        elif token.kind == "word" and (equals := _equals(kept, index)):
            comments = tuple(t.text for t in kept[index + 1 : equals] if t.kind == "comment")
            value, stop, index = _value(kept, equals + 1)
            pairs.append(Pair(token.text, value, comments, token.start, stop))
            continue
        elif token.text.lower() != "none":
            defects.append(f"stray_text:{plain(token.text)[:60]}")
        index += 1
    return pairs


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
