"""Split an mbox into its messages (RFC 4155; the mboxo, mboxrd, mboxcl and mboxcl2
variants; damaged separators).

The bytes of a message are exactly those in the file, between its From_ line and the
empty line before the next one: nothing is unquoted, so that anyone can find and hash
them again. The file is never read as a whole: one search for the separator walks over
it.

Which line separates is told in `separator`. Where the text allows two readings, the
file's separators go before what the sender of a message could write: a wrong cut shows
one message too many, a missed one hides a message.

Content-Length (mboxcl2) is believed only where it lands on a separator or on the end of
the file, and not over a separator with a whole header behind it, unless the mailbox is
one whose every message bears a length, but the one within.
A multipart message whose last delimiter has not come yet goes on behind a separator
when that delimiter stands before the next one: an mbox attached as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firsthop.mail.buffer import Buffer, release
from firsthop.mail.limits import Limits
from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.header_ends import HEADER_BYTES, HeaderEnds
from firsthop.mail.sources.raw import RawMail, Skipped, raw_mail
from firsthop.mail.sources.separator import (
    BYTE_ORDER_MARK,
    follows_whole_header,
    message_start,
)
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_BEFORE = (b"\n", b"\n" + BYTE_ORDER_MARK)  # a separator
_BEFORE_BYTES = 1 + len(BYTE_ORDER_MARK)
_EMPTY_LINE = (b"\n\n", b"\n\r\n")  # with the end of the line before it
_HEADER_END = compiled(rb"\n\r?\n")
# with the separator before it, as far as the next one
_FIRST_HEADER = compiled(rb"(?:From [^\n]*+\n)?+(?:(?!\r?\n|From )[^\n]++\n)*+")
_LENGTH = compiled(rb"\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r?(?:\n|\Z)", re.IGNORECASE)
_MULTIPART = compiled(
    rb"\ncontent-type:[ \t]*multipart/([^\n]*+(?:\n[ \t][^\n]*+)*+)", re.IGNORECASE
)
# long enough to stand nowhere but in its own message; its first bytes are enough
_BOUNDARY = compiled(rb"[;\s]boundary=\"?([^\s\";]{8,50})", re.IGNORECASE)
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
        and message_start(head, start, after_empty_line=True, first=True) is not None
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
        yield raw_mail(content, uri, "mbox", entry.start, notes=notes_of(entry), body_bytes=state)
    if last is not None and _is_mailbox(uri, count) and (cut := _cut(data, last)):
        yield Skipped(
            uri,
            f"mbox cut short: {cut}; what there is of its last message (offset {last.start}) "
            f"was kept",
        )


def _is_mailbox(uri: str, count: int) -> bool:
    """Whether this is a mailbox: a lone message in a file may end as it likes."""
    return count > 1 or is_mailbox_name(uri)


def is_mailbox_name(uri: str) -> bool:
    """Whether a file is called as a mailbox is."""
    return uri.lower().endswith((".mbox", ".mbx"))


def _state(data: Buffer, entry: Entry, uri: str, count: int) -> BodyBytes:
    """Whether the message is the last of a mailbox that ends too early."""
    cut = entry.stop == len(data) and _is_mailbox(uri, count) and _cut(data, entry) is not None
    return BodyBytes.CUT if cut else BodyBytes.STORED


def split_mbox(data: Buffer, start: int = 0) -> Iterator[Entry]:
    """The places of the messages in `data`."""
    at, message = start, message_start(data, start, after_empty_line=True, first=True)
    lengths = _Lengths(data)
    if message is None:
        at, message = _next_separator(data, start)
        stop = len(data) if message is None else stop_before(data, at, start)
        if data[start:stop].strip():
            yield Entry(b"", start, stop, ("mbox begins without a separator",))
    while message is not None:
        notes: tuple[str, ...] = ()
        if at != start and not _after_empty_line(data, at):
            notes = ("mbox separator without an empty line before it",)
        stop, next_at, next_message, told = _message_stop(data, message, lengths)
        written = data[at:message]
        line = written.removesuffix(BYTE_ORDER_MARK)
        if line != written:
            notes += ("a UTF-8 byte order mark before the header",)
        yield Entry(line.rstrip(b"\r\n"), message, stop, notes + told)
        at, message = next_at, next_message


def _message_stop(
    data: Buffer, start: int, lengths: _Lengths
) -> tuple[int, int, int | None, tuple[str, ...]]:
    """The end of the message at `start`, the place of the separator after it, the start
    of the message after that, and what to tell of it."""
    end = lengths.ends.after(start)
    header = _own_header(data, start, end)
    stop, notes = lengths.stop(data, start, end, header)
    if stop is not None:
        at = stop + len(_line_ends(data[stop : stop + 4]))
        return stop, at, message_start(data, at, after_empty_line=True), notes
    at, following = _next_separator(data, start - 1)
    if following is not None and end is not None and _goes_on(data, end[1], at, following, header):
        at, following = _next_separator(data, following - 1)
        notes = (*notes, "mbox separator within a part of it")
    return (
        (len(data) if at < 0 else at) if following is None else stop_before(data, at, start),
        at,
        following,
        notes,
    )


def _own_header(data: Buffer, start: int, end: tuple[int, int] | None) -> bytes:
    """The header of the message at `start`, as far as a separator in it; empty where it
    has no end."""
    if end is None:
        return b""
    separator = data.find(b"\nFrom ", start, end[0])
    return b"\n" + data[start : end[0] if separator < 0 else separator]


def _goes_on(data: Buffer, body: int, at: int, following: int, header: bytes) -> bool:
    """Whether a multipart message has its last delimiter neither before the separator
    `at` nor behind the next one, but between them. Nothing more is believed: with a
    delimiter in a second mail a sender could hide those between."""
    multipart = _MULTIPART.search(header)
    match = _BOUNDARY.search(multipart[1]) if multipart else None
    if match is None or data.find(b"--" + match[1] + b"--", body, at) >= 0:
        return False
    stop, _ = _next_separator(data, following - 1)
    delimiter = data.find(match[1], following, stop)
    return delimiter >= 0 and data[max(delimiter - 3, 0) : delimiter] == b"\n--"


def _next_separator(data: Buffer, start: int) -> tuple[int, int | None]:
    """The place of the next separator and the start of its message; the end of the
    message and None when there is none."""
    first = max(start, 0)
    at = data.find(b"From ", first + 1)
    while at >= 0:
        if data[max(at - _BEFORE_BYTES, first) : at].endswith(_BEFORE):
            message = message_start(data, at, _after_empty_line(data, at))
            if message is not None:
                return at, message
        at = data.find(b"From ", at + 1)
    return stop_before(data, len(data), start), None


def _content_length_stop(data: Buffer, end: tuple[int, int], header: bytes) -> int | None:
    """The end of the message by its Content-Length, when that is a separator's place or
    the end of the file."""
    match = _LENGTH.search(header)
    stop = end[1] + int(match[1]) if match else len(data) + 1
    if stop > len(data):
        return None
    at = stop + len(_line_ends(data[stop : stop + 4]))
    if at == len(data):
        return stop
    lands = (
        data[at - 1 : at] == b"\n" and message_start(data, at, after_empty_line=True) is not None
    )
    return stop if lands else None


class _Lengths:
    """Which Content-Length fields are believed, message after message."""

    def __init__(self, data: Buffer) -> None:
        self.ends = HeaderEnds(data)
        self._every_message = True  # so far has one, and it is right
        self._any_message = False
        self._next_whole: tuple[int, int] = (-1, -1)  # the last that was found

    def stop(
        self, data: Buffer, start: int, end: tuple[int, int] | None, header: bytes
    ) -> tuple[int | None, tuple[str, ...]]:
        """The end of the message by its Content-Length where that is believed, and what
        to tell where it is not."""
        stop = None if end is None else _content_length_stop(data, end, header)
        believed = stop is not None and self._is_believed(data, start, stop)
        self._every_message &= stop is not None
        self._any_message |= stop is not None
        if believed or stop is None:
            return stop, ()
        return None, ("its Content-Length goes over a separator: not believed",)

    def _is_believed(self, data: Buffer, start: int, stop: int) -> bool:
        at, message = self._next_whole_message(data, start)
        if not 0 <= at < stop:
            return True
        following = stop + len(_line_ends(data[stop : stop + 4]))
        peer = self._any_message if following >= len(data) else _has_length(data, following)
        return self._every_message and peer and not _has_length(data, message)

    def _next_whole_message(self, data: Buffer, start: int) -> tuple[int, int]:
        """The next separator with a whole header behind it, and where that starts; no
        stretch of the file is searched for it twice."""
        at, _ = self._next_whole
        if at < start and at < len(data):
            self._next_whole = _next_whole_message(data, start)
        return self._next_whole


def _next_whole_message(data: Buffer, start: int) -> tuple[int, int]:
    at, message = _next_separator(data, start - 1)
    while message is not None:
        if follows_whole_header(data, message):
            return at, message
        at, message = _next_separator(data, message - 1)
    return len(data), len(data)


def _has_length(data: Buffer, start: int) -> bool:
    header = _FIRST_HEADER.match(data[start : start + HEADER_BYTES])
    return header is not None and _LENGTH.search(b"\n" + header[0]) is not None


def _line_ends(tail: bytes) -> bytes:
    """The line ends that stand between a message and the next separator: two
    at most."""
    match = re.match(rb"(?:\r?\n){0,2}", tail)
    return match[0] if match else b""


def _after_empty_line(data: Buffer, at: int) -> bool:
    return data[max(at - 6, 0) : at].removesuffix(BYTE_ORDER_MARK).endswith(_EMPTY_LINE)


def stop_before(data: Buffer, at: int, start: int) -> int:
    """The end of the message before `at`: the empty line that belongs to the mbox is no
    part of it."""
    before = data[max(at - 6, 0) : at]
    if before.endswith(BYTE_ORDER_MARK):
        before = before.removesuffix(BYTE_ORDER_MARK)
        at = max(at - len(BYTE_ORDER_MARK), start, 0)
    if not before.endswith(_EMPTY_LINE):
        return at
    return max(at - (2 if before.endswith(b"\r\n") else 1), start, 0)


def notes_of(entry: Entry) -> tuple[str, ...]:
    """What the source of a message says of its separator."""
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
