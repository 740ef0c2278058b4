"""Split an mbox into its messages (RFC 4155; the mboxo, mboxrd, mboxcl and mboxcl2
variants; damaged separators).

The bytes of a message are exactly those in the file, between its From_ line and the
empty line before the next one: nothing is unquoted, so that anyone can find and hash
them again. The file is never read as a whole: one search for the separator walks over
the mapped file.

A line that begins with "From " separates when
- an empty line (or nothing) comes before it, it carries a date, and a header field
  follows (mboxo, mboxrd; also mboxcl2 with a wrong length); after a date in the form of
  RFC 4155 an empty line may follow, of a message without headers; or
- an empty line comes before it, it carries no date ("From -" of Netscape), and a whole
  header follows; or
- no empty line comes before it (damage), but it carries a date and a whole header
  follows.
Content-Length (mboxcl2) is believed only where it lands on a separator or on the end of
the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from firsthop.mail.buffer import Buffer, release
from firsthop.mail.field_names import OPENING, TRACE
from firsthop.mail.limits import Limits
from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.raw import RawMail, Skipped, raw_mail

_CANDIDATE = re.compile(rb"\nFrom ")
_DATED = re.compile(
    rb"From [^\n]*?(?:\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov"
    rb"|Dec)[a-z]*\b[^\n]{0,20}?\b\d{1,2}:\d{1,2}|\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d)"
)
# RFC 4155 appendix A
_ASCTIME = re.compile(
    rb" [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d(?::\d\d)? (?:\S+ )?\d{4}\s*\Z"
)
_FIELD = re.compile(rb">?From |([!-9;-~]{1,76})[ \t]*:")
_FAMILIAR = frozenset(
    name.encode() for name in TRACE | OPENING | {"delivered-to", "x-mozilla-status"}
)
_HEADER_END = re.compile(rb"\n\r?\n")
_SEPARATOR_BYTES = 1000  # a line of a message has at most 998 characters (RFC 5322 section 2.1.1)
_PEEK_BYTES, _PEEK_LINES = 4096, 64
_HEADER_BYTES = 1 << 16  # in which a Content-Length is looked for
_RELEASE_BYTES = 1 << 25  # so much of a mapped mbox is kept in memory behind the message at hand


class Entry(NamedTuple):
    """One message's place in the mbox."""

    separator: bytes  # the From_ line; b"" where there is none
    start: int
    stop: int
    notes: tuple[str, ...]


def starts_mbox(head: bytes, start: int = 0) -> bool:
    """Whether a separator stands at `start`."""
    return (
        head.startswith(b"From ", start)
        and _message_start(head, start, after_empty_line=True) is not None
    )


def read_mbox(
    data: Buffer, uri: str, limits: Limits, start: int = 0
) -> Iterator[RawMail | Skipped]:
    """The messages of the mbox, in order; a cut end is told, and what there is of its
    message kept."""
    last: Entry | None = None
    count = released = 0
    for entry in split_mbox(data, start):
        count, last = count + 1, entry
        if entry.start - released > _RELEASE_BYTES:
            released = entry.start
            release(data, released)
        if entry.stop - entry.start > limits.max_message_bytes:
            yield Skipped(
                uri, f"message at offset {entry.start}: {limits.refusal('max_message_bytes')}"
            )
            continue
        content, state = data[entry.start : entry.stop], _state(data, entry, uri, count)
        yield raw_mail(content, uri, "mbox", entry.start, notes=_notes(entry), body_bytes=state)
    if last is not None and _is_mailbox(uri, count) and (cut := _cut(data, last)):
        yield Skipped(
            uri,
            f"mbox cut short: {cut}; what there is of its last message (offset {last.start}) "
            f"was kept",
        )


def _is_mailbox(uri: str, count: int) -> bool:
    """Whether this is a mailbox: a lone message in a file may end as it likes."""
    return count > 1 or uri.lower().endswith((".mbox", ".mbx"))


def _state(data: Buffer, entry: Entry, uri: str, count: int) -> BodyBytes:
    """Whether the message is the last of a mailbox that ends too early."""
    cut = entry.stop == len(data) and _is_mailbox(uri, count) and _cut(data, entry) is not None
    return BodyBytes.CUT if cut else BodyBytes.STORED


def split_mbox(data: Buffer, start: int = 0) -> Iterator[Entry]:
    """The places of the messages in `data`."""
    at, message_start = start, _message_start(data, start, after_empty_line=True)
    ends = _HeaderEnds(data)
    if message_start is None:
        at, message_start = _next_separator(data, start)
        stop = len(data) if message_start is None else _stop_before(data, at, start)
        if data[start:stop].strip():
            yield Entry(b"", start, stop, ("mbox begins without a separator",))
    while message_start is not None:
        stop, following, message = _message_stop(data, message_start, ends)
        notes = (
            ()
            if at == start or _after_empty_line(data, at)
            else ("mbox separator without an empty line before it",)
        )
        yield Entry(data[at:message_start].rstrip(b"\r\n"), message_start, stop, notes)
        at, message_start = following, message


def _message_stop(data: Buffer, start: int, ends: _HeaderEnds) -> tuple[int, int, int | None]:
    """The end of the message at `start`, the place of the separator after it and the
    start of the message after that."""
    if (stop := _content_length_stop(data, start, ends.after(start))) is not None:
        at = stop + len(_line_ends(data[stop : stop + 4]))
        return stop, at, _message_start(data, at, after_empty_line=True)
    at, following = _next_separator(data, start - 1)
    return (
        (len(data) if at < 0 else at) if following is None else _stop_before(data, at, start),
        at,
        following,
    )


def _next_separator(data: Buffer, start: int) -> tuple[int, int | None]:
    """The place of the next separator and the start of its message; the end of the
    message and None when there is none."""
    for match in _CANDIDATE.finditer(data, max(start, 0)):
        at = match.start() + 1
        if (message_start := _message_start(data, at, _after_empty_line(data, at))) is not None:
            return at, message_start
    return _stop_before(data, len(data), start), None


def _message_start(data: Buffer, at: int, after_empty_line: bool) -> int | None:
    """Where the message of the separator at `at` starts; None when this is no
    separator."""
    if data[at : at + 5] != b"From ":
        return None
    line, end, _ = data[at : at + _SEPARATOR_BYTES].partition(b"\n")
    dated = _DATED.match(line) is not None
    start = at + len(line) + len(end)
    if start >= len(data):
        return start if dated and after_empty_line else None
    if not end:
        return None
    following = data[start : start + _PEEK_BYTES]
    if dated and after_empty_line:
        headless = following[:1] in {b"\n", b"\r"} and _ASCTIME.search(line) is not None
        return start if headless or _FIELD.match(following) else None
    needed = 1 if dated or line.rstrip() == b"From -" else 2
    return start if (dated or after_empty_line) and _familiar_fields(following) >= needed else None


def _familiar_fields(following: bytes) -> int:
    """How many familiar fields the header has that begins here; 0 when it is
    no header."""
    names: set[bytes] = set()
    for line in following.split(b"\n", _PEEK_LINES)[:-1] or [following]:
        if not line.strip():
            break
        match = _FIELD.match(line)
        if match is None and (not names or line[:1] not in {b" ", b"\t"}):
            return 0
        if match is not None and match[1] is not None:
            names.add(match[1].lower())
    return len(names & _FAMILIAR)


class _HeaderEnds:
    """Where the empty line behind a message's start is; asked in the order of the file,
    it searches no stretch of it twice."""

    def __init__(self, data: Buffer) -> None:
        self._data = data
        self._found: tuple[int, int] | None = None  # the last empty line that was found
        self._none_before = 0

    def after(self, start: int) -> tuple[int, int] | None:
        """The empty line at the end of the header of the message at `start`; None when
        it is further off than a header is long."""
        begin, limit = max(start - 1, 0), start + _HEADER_BYTES
        if self._found is None or self._found[0] < begin:
            match = _HEADER_END.search(self._data, max(begin, self._none_before), limit)
            self._found = match.span() if match else None
            self._none_before = self._found[0] if self._found else max(limit - 2, 0)
        return self._found if self._found and self._found[1] <= limit else None


def _content_length_stop(data: Buffer, start: int, end: tuple[int, int] | None) -> int | None:
    """The end of the message by its Content-Length, when that is a separator's place or
    the end of the file."""
    if end is None:
        return None
    separator = data.find(b"\nFrom ", start, end[0])
    header = b"\n" + data[start : end[0] if separator < 0 else separator]
    match = re.search(rb"\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r?(?:\n|\Z)", header.lower())
    if match is None:
        return None
    stop = end[1] + int(match[1])
    if stop > len(data):
        return None
    at = stop + len(_line_ends(data[stop : stop + 4]))
    if at == len(data):
        return stop
    lands = (
        data[at - 1 : at] == b"\n" and _message_start(data, at, after_empty_line=True) is not None
    )
    return stop if lands else None


def _line_ends(tail: bytes) -> bytes:
    """The line ends that stand between a message and the next separator: two
    at most."""
    match = re.match(rb"(?:\r?\n){0,2}", tail)
    return match[0] if match else b""


def _after_empty_line(data: Buffer, at: int) -> bool:
    return data[max(at - 3, 0) : at].endswith((b"\n\n", b"\n\r\n"))


def _stop_before(data: Buffer, at: int, start: int) -> int:
    """The end of the message before `at`: the empty line that belongs to the mbox is no
    part of it."""
    if not _after_empty_line(data, at):
        return at
    return max(at - (2 if data[at - 2 : at] == b"\r\n" else 1), start, 0)


def _notes(entry: Entry) -> tuple[str, ...]:
    if not entry.separator:
        return entry.notes
    return (f"mbox separator: {entry.separator.decode('utf-8', 'backslashreplace')}", *entry.notes)


def _cut(data: Buffer, last: Entry) -> str | None:
    """How one sees that the file ends too early; None when one does not."""
    if data[len(data) - 1 :] != b"\n":
        return "it ends inside a line"
    if not _HEADER_END.search(
        b"\n" + data[last.start : min(len(data), last.start + (1 << 20))]
    ) and len(data) - last.start < (1 << 20):
        return "it ends inside a header"
    return None
