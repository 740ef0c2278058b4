"""Reads header text that was published or pasted: repairs the damage, names each
repair, keeps the bytes.

Damage is never a signal and never guessed away: a repair is named (see REPAIRS),
reversible, and the field keeps its raw bytes. What was eaten (the text of `<...>` in a
web page) is not put back; the reader of the field says `value_lost`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

REPAIRS = {
    "no_break_space": "U+00A0 stood where white space belongs",
    "blank_line_in_fold": "empty lines stood between the folded lines of a field",
    "quoted": "the lines carried a quotation mark ('> ')",
    "indented": "the block was indented as a whole",
    "unindented_fold": "a folded line had lost its leading white space",
    "html_markup": "the text stood in HTML: tags dropped, entities decoded",
    "defanged": "addresses or host names were defanged: [.] [@] hxxp",
    "duplicated_token": (
        "a token was written twice without a gap (repaired where the value is read)"
    ),
}
_QUOTE = re.compile(r"(?:[>|][ \t]?)+")
_SPACE = re.compile("[\u00a0\u2007\u202f\u3000]")
_DEFANG = (
    (re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", re.IGNORECASE), "."),
    (re.compile(r"\[@\]|\(@\)|\[at\]|\(at\)", re.IGNORECASE), "@"),
)
_HXXP = re.compile(r"\bh(?:xx|XX|\*\*)p(s?)(?=://|\[:\]//)")
_TAG = re.compile(
    rb"(?P<comment><!--)|(?P<code><(?:script|style)\b)|</?[A-Za-z!?][^<>@]*+>", re.IGNORECASE
)
_BARE_TAG = re.compile(rb"<[A-Za-z!?][^<>@]*+>")
_TAG_STOPS = {
    "comment": re.compile(rb"-->"),
    "code": re.compile(rb"</(?:script|style)\s*+>", re.IGNORECASE),
}
_LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")
_BREAK = re.compile(
    rb"</?(?:br|p|div|li|ul|ol|tr|table|h[1-6]|pre|blockquote|dd|dt|section|article)\b",
    re.IGNORECASE,
)
_IS_HTML = re.compile(rb"<(?:!doctype|html|body|div|p|pre|br|table|head)\b", re.IGNORECASE)


class Line(NamedTuple):
    """One line of a published text: what it says once repaired, and where it stands."""

    text: str  # repaired, trailing white space dropped, leading kept as single characters
    start: int  # bytes
    stop: int  # bytes, line ending included
    repairs: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Nothing but white space."""
        return not self.text.strip()

    @property
    def indented(self) -> bool:
        """Starts with white space."""
        return self.text[:1] in (" ", "\t")


def is_html(data: bytes) -> bool:
    """Whether a text is the source of a web page or an HTML mail."""
    return _IS_HTML.search(data[:65_536]) is not None


def lines(data: bytes, from_html: bool) -> Iterator[Line]:
    """The lines of a text, repaired one by one."""
    for text, start, stop, repairs in _html_lines(data) if from_html else _plain_lines(data):
        yield _repair(text, start, stop, repairs)


def _plain_lines(data: bytes) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    for match in _LINE.finditer(data):
        yield match.group().decode("utf-8", "backslashreplace").rstrip("\r\n"), *match.span(), ()


def _html_lines(data: bytes) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    """Lines as a browser shows preformatted text: block tags, <br> and line feeds end a
    line, all other tags are dropped."""
    text: list[str] = []
    start = place = 0
    for stop, after in chain(_tags(data), ((len(data), len(data)),)):
        for part in _LINE.finditer(data, place, stop):
            text.append(
                html.unescape(part.group().decode("utf-8", "backslashreplace").rstrip("\r\n"))
            )
            place = part.end()
            if part.group().endswith((b"\n", b"\r")):
                yield "".join(text), start, place, ("html_markup",)
                text, start = [], place
        place = after
        if _BREAK.match(data, stop):
            yield "".join(text), start, place, ("html_markup",)
            text, start = [], place
    yield "".join(text), start, len(data), ("html_markup",)


def _tags(data: bytes) -> Iterator[tuple[int, int]]:
    """Where tags, comments and scripts start and stop. A kind whose end is missing once
    is not looked for again: the search stays linear."""
    endless: set[str] = set()
    at = 0
    while match := _TAG.search(data, at):
        kind, tag = match.lastgroup, match
        if kind:
            end = None if kind in endless else _TAG_STOPS[kind].search(data, match.end())
            if end is None:
                endless.add(kind)
                end = _BARE_TAG.match(data, match.start())
            if end is None:
                at = match.end()
                continue
            tag = end
        at = tag.end()
        yield match.start(), at


def _repair(text: str, start: int, stop: int, repairs: tuple[str, ...]) -> Line:
    if quote := _QUOTE.match(text):
        text, repairs = text[quote.end() :], (*repairs, "quoted")
    spaced = _SPACE.sub(" ", text)
    if spaced != text:
        text, repairs = spaced, (*repairs, "no_break_space")
    return Line(text.rstrip(), start, stop, repairs)


def refang(text: str) -> str:
    """`text` with defanged host names, addresses and schemes made whole."""
    for pattern, whole in _DEFANG:
        text = pattern.sub(whole, text)
    return _HXXP.sub(r"http\1", text)
