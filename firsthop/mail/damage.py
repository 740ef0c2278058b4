"""Reads header text that was published or pasted: repairs the damage, names each
repair, keeps the bytes.

Damage is never a signal and never guessed away: a repair is named (see REPAIRS),
reversible, and the field keeps its raw bytes. What was eaten (the text of `<...>` in a
web page) is not put back; the reader of the field says `value_lost`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from firsthop.mail.character_references import unescaped
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

REPAIRS = {
    "no_break_space": "U+00A0 stood where white space belongs",
    "blank_line_in_fold": "empty lines stood between the folded lines of a field",
    "quoted": "the lines carried a quotation mark ('> ')",
    "indented": "the block was indented as a whole",
    "unindented_fold": "a folded line had lost its leading white space",
    "value_on_next_line": "the value stood on the line after the name",
    "in_columns": "name and value stood in two columns, without a colon",
    "text_before_name": "text of a chat or a list stood before the name, on its line",
    "joined_lines": "several fields stood on one line",
    "line_numbers": "the lines carried numbers",
    "invisible_characters": "characters without width stood in the text",
    "link_added": "an address or a host name carried a link to itself",
    "html_markup": "the text stood in HTML: tags dropped, entities decoded",
    "defanged": "addresses or host names were defanged: [.] [@] hxxp",
    "duplicated_token": (
        "a token was written twice without a gap (repaired where the value is read)"
    ),
}
_QUOTE = compiled(r"(?:[A-Z]{1,3}(?=>)|(?=[>|]))(?:[>|][ \t]?)+")
_SPACE = compiled("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = compiled("[\u00ad\u200b\u2060\ufeff]")  # marks of direction are evidence
_HYPHEN = str.maketrans("\u2010\u2011", "--")
_DEFANG = (
    (compiled(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", re.IGNORECASE), "."),
    (compiled(r"\[@\]|\(@\)|\[at\]|\(at\)", re.IGNORECASE), "@"),
)
_HXXP = compiled(r"\bh(?:xx|XX|\*\*)p(s?)(?=://|\[:\]//)")
_TAG = compiled(
    rb"(?P<comment><!--)|(?P<code><(?:script|style)\b)|</?[A-Za-z!?][^<>@]*+>"
    rb"|<(?:a|abbr|b|div|em|font|img|li|p|span|strong|t[dhr]|u)\s[^<>]*+>",  # an "@" in it
    re.IGNORECASE,
)
_BARE_TAG = compiled(rb"<[A-Za-z!?][^<>@]*+>")
_TAG_STOPS = {
    "comment": compiled(rb"-->"),
    "code": compiled(rb"</(?:script|style)\s*+>", re.IGNORECASE),
}
_LINE = compiled(rb"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")
_LINE_END = compiled(rb"\r\n|\r|\n")
_BREAK = compiled(
    rb"</?(?:br|p|div|li|ul|ol|tr|table|h[1-6]|pre|blockquote|dd|dt|section|article)\b",
    re.IGNORECASE,
)
_NUMBER = compiled(r"[ \t]*(\d{1,5})(?:[:|.)][ \t]?|[ \t]|$)")
_COUNT = 3  # lines whose numbers count up before they are taken for line numbers
_LONG = 200  # bytes; a shorter line is not looked through for the fields of several
_JOINED = compiled(
    rb"[ \t](?=((?:Received|From|To|Cc|Subject|Date|Sender|References|Precedence|Importance"
    rb"|Organization|[A-Za-z][A-Za-z0-9]{0,40}-[\w-]{1,70}):[ \t]))"
)
_HOP = compiled(rb"(?:^|[ \t])Received:[ \t]+(?:from|by)[ \t]")
_CELL = compiled(rb"</t[dh]\b", re.IGNORECASE)
_FIELDS_BEFORE = compiled(
    rb"^[ \t>|]{0,12}(?:Received|Return-Path|Delivered-To|Message-ID|From|To|Subject|Date"
    rb"|MIME-Version|Content-Type)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_IS_HTML = compiled(rb"<(?:!doctype|html|body|div|p|pre|br|table|head)\b", re.IGNORECASE)


class Line(NamedTuple):
    """One line of a published text: what it says once repaired, and where it stands."""

    text: str  # repaired, white space kept in front and in a blank line, dropped at the end
    start: int  # bytes
    stop: int  # bytes, line ending included
    repairs: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Nothing but white space."""
        return not self.text.strip()

    @property
    def indent(self) -> int:
        """How many characters of white space it starts with."""
        return len(self.text) - len(self.text.lstrip(" \t"))


def is_html(data: bytes) -> bool:
    """Whether a text is the source of a web page or an HTML mail: not a header with the
    source of one below it."""
    head = data[:65_536]
    tag = _IS_HTML.search(head)
    return tag is not None and len(_FIELDS_BEFORE.findall(head, 0, tag.start())) < 3


def lines(data: bytes, from_html: bool) -> Iterator[Line]:
    """The lines of a text, repaired one by one."""
    return _without_numbers(
        _repair(text, start, stop, repairs)
        for text, start, stop, repairs in (_html_lines(data) if from_html else _plain_lines(data))
    )


def _without_numbers(text: Iterator[Line]) -> Iterator[Line]:
    """The lines without the numbers that they carry, where three or more count up."""
    held: list[tuple[Line, re.Match[str]]] = []  # the first of a count, perhaps
    counting = False
    following: int | None = None
    for line in text:
        number = _NUMBER.match(line.text)
        counts = number is not None and int(number[1]) == following
        following = int(number[1]) + 1 if number else None
        if not counts:
            yield from (one for one, _ in held)
            held, counting = [], False
        if number is None:
            yield line
        elif counting:
            yield _without_number(line, number)
        else:
            held.append((line, number))
            if len(held) == _COUNT:
                yield from (_without_number(*one) for one in held)
                held, counting = [], True
    yield from (one for one, _ in held)


def _without_number(line: Line, number: re.Match[str]) -> Line:
    return line._replace(text=line.text[number.end() :], repairs=(*line.repairs, "line_numbers"))


def _plain_lines(data: bytes) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    for match in _LINE.finditer(data):
        place, stop = match.span()
        cuts = [*_joints(match.group()), stop - place] if stop - place > _LONG else [stop - place]
        repairs = ("joined_lines",) if len(cuts) > 1 else ()
        start = place
        for cut in cuts:
            text = data[start : place + cut].decode("utf-8", "backslashreplace").rstrip("\r\n")
            yield text, start, place + cut, repairs
            start = place + cut


def _joints(line: bytes) -> list[int]:
    """Where fields start within a line; none unless a Received line and more are there:
    the line ends of a header were lost."""
    found = [match.start(1) for match in _JOINED.finditer(line)]
    return found if len(found) > 2 and _HOP.search(line) else []


def _html_lines(data: bytes) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    """Lines as a browser shows preformatted text: block tags, <br> and line feeds end a
    line, all other tags are dropped."""
    text: list[str] = []
    start = place = 0
    for stop, after in chain(_tags(data), ((len(data), len(data)),)):
        for part in _LINE.finditer(data, place, stop):
            text.append(unescaped(part.group().decode("utf-8", "backslashreplace").rstrip("\r\n")))
            place = part.end()
            if part.group().endswith((b"\n", b"\r")):
                yield "".join(text), start, place, ("html_markup",)
                text, start = [], place
        place = after
        if _CELL.match(data, stop):
            text.append("\t")
        if _BREAK.match(data, stop):
            place = _behind_line_end(data, after)
            yield "".join(text), start, place, ("html_markup",)
            text, start = [], place
    yield "".join(text), start, len(data), ("html_markup",)


def _behind_line_end(data: bytes, place: int) -> int:
    """A place, or the one behind the line end that stands there: behind a tag that ends
    a line it ends none."""
    end = _LINE_END.match(data, place)
    return end.end() if end else place


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
    if "\f" in text:
        text = text.replace("\f", "")  # a page's end
    if quote := _QUOTE.match(text):
        text, repairs = text[quote.end() :], (*repairs, "quoted")
    if not text.isascii():
        text, repairs = _visible(text, repairs)
    return Line(text.rstrip() or text, start, stop, repairs)


def _visible(text: str, repairs: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """`text` with ASCII's white space and hyphens, without what nobody sees."""
    spaced = _SPACE.sub(" ", text)
    if spaced != text:
        repairs = (*repairs, "no_break_space")
    plain = _INVISIBLE.sub("", spaced).translate(_HYPHEN)
    return plain, repairs if plain == spaced else (*repairs, "invisible_characters")


def refang(text: str) -> str:
    """`text` with defanged host names, addresses and schemes made whole."""
    for pattern, whole in _DEFANG:
        text = pattern.sub(whole, text)
    return _HXXP.sub(r"http\1", text)
