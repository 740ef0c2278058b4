"""The pieces of an address field (RFC 5322 section 3.2).

They are quoted strings, comments, bracketed text, encoded words, separators and plain
text. Cuts a value into pieces that joined give the value again, and says what text some
pieces show. Nothing is an error: what does not close is a piece of its own. Linear in
the value."""

from __future__ import annotations

import re
from collections.abc import Callable

from firsthop.system.kept_expressions import compiled

# A quoted pair is a piece outside quotes and comments too: only so is an unclosed quote
# or comment looked for once and not at each pair.
_PART = compiled(
    r'"(?:[^"\\]++|\\.)*+"'  # a quoted string
    r"|\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)"  # a comment, and one inside it
    # between angle brackets; an unclosed one
    r'|<\s*+(?:"(?:[^"\\]++|\\.)*+")?+[^<>]*+>|<[^<>\s,;]*+'
    r"|=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*+\?="  # an encoded word
    r'|@[^\s"()<>,;:\\@]{1,255}+(?:,@[^\s"()<>,;:\\@]{1,255}+){0,8}+:(?=\S)'  # an obsolete route
    r'|[,;:]|\\.|[^\s"()<>,;:\\\[]++(?:\[[^\[\]<>\s]*+\])?+|\s++|.',
    re.DOTALL,
)
_STRAY = frozenset(("<", ">", "<>"))  # brackets around nothing
_BRACKETS: dict[str, Callable[[str], bool]] = {
    "unpaired_bracket": lambda piece: piece == ">" or (piece[0] == "<" and piece[-1] != ">"),
    "empty_brackets": lambda piece: piece == "<>",
}
_PAIR = compiled(r'\\([\\"(),.:;<>@\[\]])')  # outside quotes: before specials only
# Inside quotes: any pair but the \xNN that shows a byte that is no UTF-8
# (mail/message.py, unfold).
_QUOTED_PAIR = compiled(r"\\(?!x[89a-f][0-9a-f])(.)", re.DOTALL)


def pieces_of(value: str) -> list[str]:
    """The pieces of an address field's value, in order."""
    pieces: list[str] = _PART.findall(value)
    return pieces


def bracket_remarks(pieces: list[str]) -> list[str]:
    """What is odd about the angle brackets among `pieces`."""
    return [word for word, met in _BRACKETS.items() if any(map(met, pieces))]


def unescaped(quoted: str) -> str:
    """The inside of a quoted string or a comment without its quoted pairs."""
    return _QUOTED_PAIR.sub(r"\1", quoted)


def is_whole(piece: str, mark: str) -> bool:
    """Is `piece` a whole quoted string, comment or bracketed text, by its first
    character?"""
    return len(piece) > 1 and piece[0] == mark


def stripped(pieces: list[str]) -> list[str]:
    """`pieces` without the brackets at their ends that belong to no pair."""
    start, stop = 0, len(pieces)
    while start < stop and pieces[start] in _STRAY:
        start += 1
    while stop > start and pieces[stop - 1] in _STRAY:
        stop -= 1
    return pieces[start:stop]


def is_word(piece: str) -> bool:
    """Plain text, or a quoted pair in it: what a local part or a domain may go
    on with."""
    return piece[0] not in '"()<>,;:' and not piece.isspace() and not piece.startswith("=?")


def _is_lost_bracket(piece: str) -> bool:
    """Is `piece` brackets around nothing, or an address broken off:
    `<x@<a@b.example>`?"""
    return piece == "<>" or (piece[0] == "<" and piece[-1] != ">" and "@" in piece)


def text_of(pieces: list[str]) -> str:
    """The text of `pieces` without comments; quotes around the whole are taken off."""
    told = [piece for piece in pieces if not is_whole(piece, "(") and not _is_lost_bracket(piece)]
    full = [piece for piece in told if not piece.isspace()]
    if len(full) == 1 and is_whole(full[0], '"'):
        inner = unescaped(full[0][1:-1])
        return "".join(inner if piece is full[0] else piece for piece in told)
    text = _PAIR.sub(r"\1", "".join(told))
    if full[:1] == ['""'] and text.rstrip().endswith('"'):
        return text.strip()[1:-1]  # quotes inside quotes that nobody escaped
    return text
