"""Finds and reads header excerpts in published text: several messages in one text,
prose between them, upper hops missing.

An excerpt is a run of header fields. Empty lines do not end it, since published folds
carry them; a line of prose does. Where one excerpt follows another without prose
between, they part at a field that must come first again, or at a Received line that
cannot stand below the one above it. The text proves what was published, not what was
sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from firsthop.mail.damage import Line, is_html, lines, refang
from firsthop.mail.field_names import IN_TEXT, ORIGINATOR, TAGGED, TRACE
from firsthop.mail.header import MAX_FIELDS
from firsthop.mail.message import MAX_FIELD_BYTES, Defect, Field, Message, Source, Span

FIELD = re.compile(r"([A-Za-z0-9][\w-]{0,75})[ \t]?:(?=\s|$|[^/])(.*)")
# never written above a Received line by the servers that add those: ORIGINATOR; a line
# of a TAGGED field that lost its indent has a tag or no space in it
FOLD = re.compile(r"(?:by|with|id|for|via)\s|[(;]|(?:mon|tue|wed|thu|fri|sat|sun),", re.IGNORECASE)
CLOCK = re.compile(r"\d:\d\d")
BY = re.compile(r"\bby\s+(\S+)")
NAMES_A_HOST = re.compile(r"\b(?:from|by)\b", re.IGNORECASE)
FROM_HTML = "taken out of HTML source"  # a note on the source: its bytes alone no longer show it
MAX_BLANKS = 3  # empty lines within a field; more end it
MAX_EXCERPTS = 10_000  # in one text
MAX_DATE = 100  # characters of a time of day with its date
SKEW = 600  # seconds a lower hop may be later than an upper one
MAX_TRANSIT = 5 * 86_400  # seconds; RFC 5321 section 4.5.4.1: servers give up after 4-5 days


class _Open:
    """A field of the text while it is being read."""

    __slots__ = (
        "after_blank",
        "behind",
        "dated",
        "indented",
        "key",
        "name",
        "parts",
        "repairs",
        "semicolon",
        "size",
        "start",
        "stop",
    )

    def __init__(self, name: str, value: str, line: Line, after_blank: bool) -> None:
        self.name, self.key = name, name.lower()
        self.parts = [value[:MAX_FIELD_BYTES]]
        self.size = len(value)
        self.start, self.stop, self.indented = line.start, line.stop, line.indented
        self.repairs = {*line.repairs, "indented"} if line.indented else set(line.repairs)
        self.after_blank = after_blank  # an empty line stands before it
        self.semicolon = False  # there is one
        self.behind = False  # and text behind it
        self.dated = False  # and a time of day in that
        self._look_for_date(value)

    def fold(self, line: Line, blanks: int) -> None:
        """Takes one more line, with `blanks` empty ones before it."""
        self.stop = line.stop
        if (room := MAX_FIELD_BYTES - self.size) > 0:
            self.parts.append(line.text[:room])
            self._look_for_date(line.text[:room])
        self.size += len(line.text)
        self.repairs.update(line.repairs)
        if blanks:
            self.repairs.add("blank_line_in_fold")
        if not line.indented:
            self.repairs.add("unindented_fold")

    @property
    def text(self) -> str:
        """What it says."""
        return " ".join(" ".join(self.parts).split())

    @property
    def unfinished(self) -> bool:
        """A Received line without its time: more of it must follow."""
        return not self.dated and self.key in ("received", "x-received")

    def _look_for_date(self, part: str) -> None:
        if self.dated:
            return
        if not self.semicolon:
            _, mark, part = part.partition(";")
            self.semicolon = bool(mark)
        if self.semicolon and not self.behind:
            part = part.lstrip()
            self.behind = bool(part)
            part = part[1:]
        self.dated = self.behind and CLOCK.search(part) is not None


def find_excerpts(data: bytes) -> Iterator[tuple[int, int]]:
    """Byte ranges of the header excerpts in a text, in its order; at most
    MAX_EXCERPTS."""
    count = 0
    for run in _runs(lines(data, is_html(data))):
        for excerpt in _part(run):
            if _worth(excerpt):
                yield excerpt[0].start, excerpt[-1].stop
                count += 1
                if count == MAX_EXCERPTS:
                    return


def read_excerpt(data: bytes, source: Source) -> Message:
    """The message that an excerpt shows; each field keeps its raw bytes, its repaired
    value and the names of its repairs."""
    opened = [field for run in _runs(lines(data, FROM_HTML in source.notes)) for field in run]
    starts = [field.start for field in opened] + [len(data)]
    starts[0] = 0
    fields = tuple(
        _close(field, data, start, stop)
        for field, start, stop in zip(opened, starts, starts[1:], strict=False)
    )
    if not fields:
        fields = (Field("", data, Span(0, len(data))),) if data else ()
    defects = [
        Defect(
            "excerpt",
            "header text as published: it proves the publication, not the message",
            Span(0, len(data)),
        )
    ]
    if len(opened) >= MAX_FIELDS:
        defects.append(
            Defect(
                "too_many_fields",
                f"{MAX_FIELDS} fields or more: an excerpt is cut there",
                fields[-1].span,
            )
        )
    defects += [
        _too_long(field)
        for opening, field in zip(opened, fields, strict=False)
        if opening.size > MAX_FIELD_BYTES
    ]
    return Message(source, fields, b"", b"", tuple(defects))


def _too_long(field: Field) -> Defect:
    return Defect(
        "field_too_long",
        f"a field over {MAX_FIELD_BYTES} bytes: only its start is read",
        field.span,
    )


def _close(field: _Open, data: bytes, start: int, stop: int) -> Field:
    text = field.text
    whole = refang(text)
    repairs = field.repairs | ({"defanged"} if whole != text else set())
    return Field(field.name, data[start:stop], Span(start, stop), whole, tuple(sorted(repairs)))


def _runs(text: Iterable[Line]) -> Iterator[list[_Open]]:
    """Runs of fields without prose between; one of MAX_FIELDS ends."""
    run: list[_Open] = []
    blanks = 0
    for line in text:
        if line.blank:
            blanks += 1
            continue
        if run and _continues(run[-1], line, blanks):
            run[-1].fold(line, blanks)
        elif start := _starts_field(line, bool(run)):
            if len(run) == MAX_FIELDS:
                yield run
                run = []
            run.append(_Open(start[1], start[2], line, blanks > 0))
        elif run:
            yield run
            run = []
        blanks = 0
    if run:
        yield run


def _starts_field(line: Line, inside: bool) -> re.Match[str] | None:
    match = FIELD.fullmatch(line.text.strip())
    if match and (
        match[1].lower() in IN_TEXT
        or (inside and (match[1][:2].lower() == "x-" or "-" in match[1]))
    ):
        return match
    return None


def _continues(field: _Open, line: Line, blanks: int) -> bool:
    if blanks > MAX_BLANKS or (field.key in IN_TEXT and _starts_field(line, inside=True)):
        return False
    unfinished = field.unfinished
    if line.indented and not (field.indented and not unfinished and blanks):
        return not blanks or unfinished
    text = line.text.strip()
    if field.key in TAGGED and not blanks:
        return "=" in text or " " not in text
    return unfinished and bool(FOLD.match(text))


def _part(run: list[_Open]) -> Iterator[list[_Open]]:
    """Cuts a run where a new message must begin."""
    current: list[_Open] = []
    seen: set[str] = set()
    hop: _Open | None = None  # the last Received line
    for field in run:
        if current and field.after_blank and _begins_message(field, seen, hop):
            yield current
            current, seen, hop = [], set(), None
        current.append(field)
        seen.add(field.key)
        hop = field if field.key == "received" else hop
    yield current


def _begins_message(field: _Open, seen: set[str], hop: _Open | None) -> bool:
    if field.key in TRACE:
        return not seen.isdisjoint(ORIGINATOR) or (
            field.key == "received" and hop is not None and not _may_stand_below(field, hop)
        )
    return field.key in ORIGINATOR and field.key in seen


def _may_stand_below(lower: _Open, upper: _Open) -> bool:
    """Whether a Received line can be the hop before the one above it: host continuity,
    or a time that fits."""
    upper_text, lower_text = upper.text, lower.text
    by = BY.search(lower_text)
    if by and re.search(
        rf"(?<![\w.-]){re.escape(by[1])}(?![\w-])", upper_text.partition(" by ")[0]
    ):
        return True
    above, below = _instant(upper_text), _instant(lower_text)
    if above is None or below is None:
        return True
    return -SKEW <= (above - below).total_seconds() <= MAX_TRANSIT


def _instant(text: str) -> datetime | None:
    try:
        stamp = parsedate_to_datetime(text.rpartition(";")[2].strip()[:MAX_DATE])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def _worth(excerpt: list[_Open]) -> bool:
    """An excerpt tells a path, or at least three known fields with one of the
    author's."""
    names = [f.key for f in excerpt]
    told = any(f.key in ("received", "x-received") and NAMES_A_HOST.search(f.text) for f in excerpt)
    return told or (len([n for n in names if n in IN_TEXT]) >= 3 and bool(ORIGINATOR & set(names)))
