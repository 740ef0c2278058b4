"""Finds and reads header excerpts in published text: several messages in one text,
prose between them, upper hops missing.

An excerpt is a run of header fields. Empty lines do not end it, since published folds
carry them; a line of prose does, unless the field above still lacks something. A
summary of a message beside its header is not a message of its own (summary.py). Where
one excerpt follows another without prose between, they part at a field that must come
first again, or at a Received line that cannot stand below the one above it. The text
proves what was published, not what was
sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from firsthop.mail.damage import Line, is_html, lines, refang
from firsthop.mail.field_names import HOP_LINES, IN_TEXT, ORIGINATOR, TRACE
from firsthop.mail.header import MAX_FIELDS
from firsthop.mail.layout import Layout
from firsthop.mail.links import without_links
from firsthop.mail.message import MAX_FIELD_BYTES, Defect, Field, Message, Source, Span
from firsthop.mail.open_field import OpenField
from firsthop.mail.starts import Start
from firsthop.mail.summary import is_summary
from firsthop.system.kept_expressions import compiled

BY = compiled(r"\bby\s+(\S+)")
NAMES_A_HOST = compiled(r"\b(?:from|by)\b", re.IGNORECASE)
PAGE = compiled(
    r"(?:(?:page|pagina|seite|p\u00e1gina)\s)\d{1,4}(?:\s?(?:/|of|di|von|de|sur)\s?\d{1,4})?"
    r"|\d{1,4}\s?(?:/|of|di|von|de|sur)\s?\d{1,4}",
    re.IGNORECASE,
)
FROM_HTML = "taken out of HTML source"  # a note on the source: its bytes alone no longer show it
MAX_BLANKS = 3  # empty lines within a field; more end it
MAX_EXCERPTS = 10_000  # in one text
MAX_DATE = 100  # characters of a time of day with its date
SKEW = 600  # seconds a lower hop may be later than an upper one
MAX_TRANSIT = 5 * 86_400  # seconds; RFC 5321 section 4.5.4.1: servers give up after 4-5 days


def find_excerpts(data: bytes) -> Iterator[tuple[int, int]]:
    """Byte ranges of the header excerpts in a text, in its order; at most
    MAX_EXCERPTS."""
    found = (excerpt for run in _runs(lines(data, is_html(data))) for excerpt in _part(run))
    worth = _without_summaries(excerpt for excerpt in found if _worth(excerpt))
    for excerpt in islice(worth, MAX_EXCERPTS):
        yield excerpt[0].start, excerpt[-1].stop


def _without_summaries(found: Iterable[list[OpenField]]) -> Iterator[list[OpenField]]:
    """The excerpts but for the summaries that stand beside their own message."""
    held: list[OpenField] | None = None
    for excerpt in found:
        if held is not None and is_summary(excerpt, held):
            continue
        if held is not None and not is_summary(held, excerpt):
            yield held
        held = excerpt
    if held is not None:
        yield held


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


def _close(field: OpenField, data: bytes, start: int, stop: int) -> Field:
    text = field.text
    plain = without_links(text, field.key)
    whole = refang(plain)
    repairs = field.repairs | ({"link_added"} if plain != text else set())
    repairs |= {"defanged"} if whole != plain else set()
    return Field(field.name, data[start:stop], Span(start, stop), whole, tuple(sorted(repairs)))


def _runs(text: Iterable[Line]) -> Iterator[list[OpenField]]:
    """Runs of fields without prose between; one of MAX_FIELDS ends."""
    run: list[OpenField] = []
    layout = Layout()
    blanks = 0
    soft = True  # white space stood in those
    for line in text:
        if line.blank or (run and not run[-1].empty and PAGE.fullmatch(line.text.strip())):
            blanks += line.blank
            soft = soft and (not run or line.indent > run[-1].indent)
            continue
        if run and layout.goes_on(run[-1], line, blanks, soft):
            layout.saw(line, blanks)
            blanks, soft = 0, True
            continue
        start = layout.start(line, bool(run))
        if run and _ends(run, start, layout.follows(blanks)):
            yield run
            run = []
            start = layout.start(line, inside=False)
        if start:
            late = start.name.lower() == "return-path" and layout.follows(blanks)
            apart = bool(run) and blanks > 0 and not late
            layout = layout if run else Layout()
            layout.saw(line, blanks if run else 0, start)
            run.append(OpenField(start.name, start.value, line, apart, start.repairs))
        blanks, soft = 0, True
    if run:
        run[-1].without_guesses(field_follows=False)
        yield run


def _ends(run: list[OpenField], start: Start | None, follows: bool) -> bool:
    """Whether a run ends before a line: at prose, taken as a field's perhaps, or at the
    limit."""
    guessed = run[-1].without_guesses(field_follows=start is not None and follows)
    return guessed or start is None or len(run) == MAX_FIELDS


def _part(run: list[OpenField]) -> Iterator[list[OpenField]]:
    """Cuts a run where a new message must begin."""
    current: list[OpenField] = []
    seen: set[str] = set()
    hop: OpenField | None = None  # the last Received line
    for field in run:
        if current and field.after_blank and _begins_message(field, seen, hop):
            yield current
            current, seen, hop = [], set(), None
        current.append(field)
        seen.add(field.key)
        hop = field if field.key == "received" else hop
    yield current


def _begins_message(field: OpenField, seen: set[str], hop: OpenField | None) -> bool:
    if field.key in TRACE:
        return not seen.isdisjoint(ORIGINATOR) or (
            field.key == "received" and hop is not None and not _may_stand_below(field, hop)
        )
    return field.key in ORIGINATOR and field.key in seen


def _may_stand_below(lower: OpenField, upper: OpenField) -> bool:
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
    from email.utils import parsedate_to_datetime

    try:
        stamp = parsedate_to_datetime(text.rpartition(";")[2].strip()[:MAX_DATE])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def _worth(excerpt: list[OpenField]) -> bool:
    """An excerpt tells a path, or at least three known fields with one of the
    author's."""
    names = [f.key for f in excerpt]
    told = any(f.key in HOP_LINES and NAMES_A_HOST.search(f.text) for f in excerpt)
    return told or (len([n for n in names if n in IN_TEXT]) >= 3 and bool(ORIGINATOR & set(names)))
