"""Finds and reads header excerpts in published text: several messages in one text, prose between them, upper hops missing.

An excerpt is a run of header fields. Empty lines do not end it, since published folds carry them; a line of prose does. Where one excerpt follows
another without prose between, they part at a field that must come first again, or at a Received line that cannot stand below the one above it.
The text proves what was published, not what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from firsthop.mail.damage import Line, is_html, lines, refang
from firsthop.mail.message import Defect, Field, Message, Source, Span

FIELD = re.compile(r"([A-Za-z0-9][\w-]{0,75})[ \t]?:(?=\s|$|[^/])(.*)")
# Names that begin a field in running text; other names count only inside an excerpt.
KNOWN = frozenset(
    "received x-received return-path delivered-to envelope-to x-original-to authentication-results arc-authentication-results arc-seal "
    "arc-message-signature dkim-signature domainkey-signature received-spf message-id in-reply-to references from sender reply-to to cc bcc subject date "
    "mime-version content-type content-transfer-encoding x-mailer x-mimeole user-agent x-priority x-msmail-priority importance x-originating-ip "
    "list-id list-unsubscribe list-post precedence resent-from resent-date resent-message-id".split()
)
ORIGINATOR = frozenset("message-id from to subject date".split())  # never written above a Received line by the servers that add those
TRACE = frozenset(("received", "return-path"))
TAGGED = frozenset(  # fields made of tags: a line of theirs that lost its indent has a tag or no space in it
    "dkim-signature domainkey-signature x-google-dkim-signature arc-seal arc-message-signature authentication-results arc-authentication-results content-type".split()
)
FOLD = re.compile(r"(?:by|with|id|for|via)\s|[(;]|(?:mon|tue|wed|thu|fri|sat|sun),", re.IGNORECASE)
DATED = re.compile(r";\s*\S.*\d\d?:\d\d", re.DOTALL)
FROM_HTML = "taken out of HTML source"  # a note on the source: its bytes alone no longer show it
MAX_BLANKS = 3  # empty lines within a field; more end it
MAX_EXCERPTS = 10_000  # in one text
SKEW = 600  # seconds a lower hop may be later than an upper one
MAX_TRANSIT = 5 * 86_400  # seconds; RFC 5321 section 4.5.4.1: servers give up after 4-5 days


class _Open(NamedTuple):
    """A field of the text while it is being read."""

    name: str
    parts: list[str]
    lines: list[Line]
    mends: set[str]
    after_blank: bool  # an empty line stands before it


def find_excerpts(data: bytes) -> Iterator[tuple[int, int]]:
    """Byte ranges of the header excerpts in a text, in its order; at most MAX_EXCERPTS."""
    found = 0
    for run in _runs(lines(data, is_html(data))):
        for excerpt in _part(run):
            if _worth(excerpt):
                yield excerpt[0].lines[0].start, excerpt[-1].lines[-1].stop
                found += 1
                if found == MAX_EXCERPTS:
                    return


def read_excerpt(data: bytes, source: Source) -> Message:
    """The message that an excerpt shows; each field keeps its raw bytes, its mended value and the names of its mends."""
    opened = [field for run in _runs(lines(data, FROM_HTML in source.notes)) for field in run]
    starts = [field.lines[0].start for field in opened] + [len(data)]
    if starts[0]:
        starts[0] = 0
    fields = tuple(_close(field, data, start, stop) for field, start, stop in zip(opened, starts, starts[1:], strict=False))
    if not fields:
        fields = (Field("", data, Span(0, len(data))),) if data else ()
    defect = Defect("excerpt", "header text as published: it proves the publication, not the message", Span(0, len(data)))
    return Message(source, fields, b"", b"", (defect,))


def _close(field: _Open, data: bytes, start: int, stop: int) -> Field:
    text = " ".join(" ".join(field.parts).split())
    whole = refang(text)
    mends = field.mends | ({"defanged"} if whole != text else set())
    return Field(field.name, data[start:stop], Span(start, stop), whole, tuple(sorted(mends)))


def _runs(text: list[Line]) -> Iterator[list[_Open]]:
    """Runs of fields without prose between."""
    run: list[_Open] = []
    blanks: list[Line] = []
    for line in text:
        if line.blank:
            blanks.append(line)
        elif run and _continues(run[-1], line, len(blanks)):
            _fold(run[-1], line, blanks)
            blanks = []
        elif start := _starts_field(line, bool(run)):
            run.append(_Open(start[1], [start[2]], [line], set(line.mends) | ({"indented"} if line.indented else set()), bool(blanks)))
            blanks = []
        else:
            if run:
                yield run
            run, blanks = [], []
    if run:
        yield run


def _starts_field(line: Line, inside: bool) -> re.Match[str] | None:
    match = FIELD.fullmatch(line.text.strip())
    if match and (match[1].lower() in KNOWN or (inside and (match[1][:2].lower() == "x-" or "-" in match[1]))):
        return match
    return None


def _continues(field: _Open, line: Line, blanks: int) -> bool:
    if blanks > MAX_BLANKS or (field.name.lower() in KNOWN and _starts_field(line, inside=True)):
        return False
    written = " ".join(field.parts)
    unfinished = field.name.lower() in ("received", "x-received") and not DATED.search(written)
    if line.indented and not (field.lines[0].indented and not unfinished and blanks):
        return not blanks or unfinished
    text = line.text.strip()
    if field.name.lower() in TAGGED and not blanks:
        return "=" in text or " " not in text
    return unfinished and bool(FOLD.match(text))


def _fold(field: _Open, line: Line, blanks: list[Line]) -> None:
    field.parts.append(line.text)
    field.lines.extend([*blanks, line])
    field.mends.update(line.mends)
    if blanks:
        field.mends.add("blank_line_in_fold")
    if not line.indented:
        field.mends.add("unindented_fold")


def _part(run: list[_Open]) -> Iterator[list[_Open]]:
    """Cuts a run where a new message must begin."""
    current: list[_Open] = []
    for field in run:
        if current and field.after_blank and _begins_message(field, current):
            yield current
            current = []
        current.append(field)
    yield current


def _begins_message(field: _Open, before: list[_Open]) -> bool:
    key = field.name.lower()
    seen = {f.name.lower() for f in before}
    if key in TRACE:
        received = [f for f in before if f.name.lower() == "received"]
        return bool(seen & ORIGINATOR) or (key == "received" and bool(received) and not _may_stand_below(field, received[-1]))
    return key in ORIGINATOR and key in seen


def _may_stand_below(lower: _Open, upper: _Open) -> bool:
    """Whether a Received line can be the hop before the one above it: host continuity, or a time that fits."""
    upper_text, lower_text = " ".join(upper.parts), " ".join(lower.parts)
    by = re.search(r"\bby\s+(\S+)", lower_text)
    if by and re.search(rf"(?<![\w.-]){re.escape(by[1])}(?![\w-])", upper_text.partition(" by ")[0]):
        return True
    above, below = _instant(upper_text), _instant(lower_text)
    if above is None or below is None:
        return True
    return -SKEW <= (above - below).total_seconds() <= MAX_TRANSIT


def _instant(text: str) -> datetime | None:
    try:
        stamp = parsedate_to_datetime(text.rpartition(";")[2].strip())
    except (ValueError, TypeError, IndexError):
        return None
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def _worth(excerpt: list[_Open]) -> bool:
    """An excerpt tells a path, or at least three known fields with one of the author's."""
    names = [f.name.lower() for f in excerpt]
    told = any(f.name.lower() in ("received", "x-received") and re.search(r"\b(?:from|by)\b", " ".join(f.parts), re.IGNORECASE) for f in excerpt)
    return told or (len([n for n in names if n in KNOWN]) >= 3 and bool(ORIGINATOR & set(names)))
