"""Cuts the value of a results field into words, quoted strings, comments and marks (RFC
5322 section 3.2, RFC 8601 section 2.2), broken or not.

Works on the raw bytes read as Latin-1, so that every token knows its place in the
message. A value is read whole: cut short, it could name another domain than was
written, or show the words of a comment that is not closed. Never raises; time grows
with the length only."""

from __future__ import annotations

import re

from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_PIECE = compiled(r'\s*+(?:([;=])|([^\s;="()]+)|"((?:[^"\\]|\\.)*)"|(.))', re.DOTALL)
# of a value in which no comment nests and nothing is escaped; at every place it matches
_USUAL = compiled(r'\s*+(?:([;=])|([^\s;="()]++)|"([^"()]*+)"|\(([^()]*+)\)|(\Z)|(.))', re.DOTALL)
# once a quote stays open, all of them are letters
_PLAIN = compiled(r'\s*+(?:([;=])|([^\s;="()]+)|(?!)()|(.))', re.DOTALL)
# the groups of all; the fourth is a comment in the usual form, any other letter else
MARK, WORD, QUOTED, COMMENT = 1, 2, 3, 4
_END, _ANOTHER = 5, 6
_BRACKET = compiled(r"\\.|[()]", re.DOTALL)
_PAIR = compiled(r"\\(.)", re.DOTALL)
_new = tuple.__new__  # most tokens are plain words: without a call of Python's own


class Token(NamedTuple):
    """One piece of a value."""

    kind: str  # word | comment | ; | =
    text: str
    start: int
    stop: int


def tokens(value: str) -> tuple[list[Token], list[str]]:
    """The tokens of a value, without the space between them, and the defects of its
    form. A bracket or quote that nobody closes is read as a letter."""
    if (usual := _usual(value)) is not None:
        return usual, []
    ends = _comment_ends(value) if "(" in value else {}
    words: list[Token] = []
    defects: set[str] = set()
    piece, at = _PIECE.match, 0
    while match := piece(value, at):
        group = match.lastindex
        if group == WORD:
            start, at = match.span(WORD)
            words.append(_new(Token, ("word", match[WORD], start, at)))
            continue
        token = _token(group or 0, match, ends)
        at = token.stop
        if token.kind == "word" and token.text in ("(", '"'):
            defects.add("unclosed_comment" if token.text == "(" else "unclosed_quote")
            piece = _PLAIN.match if "unclosed_quote" in defects else piece
        words.append(token)
    return words, sorted(defects)


def _usual(value: str) -> list[Token] | None:
    """The tokens of a value in which nothing nests, is escaped or stays open, as nearly
    all are; None for any other."""
    if "\\" in value:
        return None
    pieces: list[Token] = []
    for match in _USUAL.finditer(value):
        group = match.lastindex or 0
        if group == WORD:
            pieces.append(_new(Token, ("word", match[WORD], *match.span(WORD))))
            continue
        if group == _END:
            break
        if group == _ANOTHER:
            return None
        start, stop = match.span(group)
        text = match[group]
        if group != MARK:  # what encloses it belongs to the token
            start, stop = start - 1, stop + 1
        kind = text if group == MARK else "comment" if group == COMMENT else "word"
        pieces.append(_new(Token, (kind, text, start, stop)))
    return pieces


def _token(group: int, match: re.Match[str], ends: dict[int, int]) -> Token:
    """What the pattern found in a group other than that of the plain words."""
    text, (start, stop) = match[group], match.span(group)
    if group == MARK:
        return Token(text, text, start, stop)
    if group == QUOTED:
        return Token("word", _PAIR.sub(r"\1", text), start - 1, stop + 1)
    if start in ends:
        return Token("comment", match.string[start + 1 : ends[start] - 1], start, ends[start])
    return Token("word", text, start, stop)


def _comment_ends(value: str) -> dict[int, int]:
    """Where each comment that is closed ends, by where it opens. Comments nest and
    escape (RFC 5322 section 3.2.2)."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACKET.finditer(value):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == ")" and opened:
            ends[opened.pop()] = match.end()
    return ends
