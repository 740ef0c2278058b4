"""Mail whose text was recoded by what stored it: UTF-16 and UTF-32 (Notepad,
PowerShell), line ends of a carriage return alone (Outlook for Mac) or of two and a line
feed.

The text is put into UTF-8 with line feeds and read as any file is. A message keeps the
place and the digest of its bytes as they lie in the file, a note says what was done,
and its body counts as rebuilt: what a signature was made of is not at hand. Spans count
in the bytes that were read. Nothing is recoded in place."""

from __future__ import annotations

import codecs
import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from firsthop.mail.buffer import CHUNK_BYTES, Buffer, spool
from firsthop.mail.limits import Allowance, Limits
from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.prefix import prefix_bytes
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

UTF_16_LE, UTF_16_BE = "utf-16-le", "utf-16-be"
CR, DOUBLE_CR, MARKS_INSIDE = "cr", "double-cr", "marks-inside"
_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, UTF_16_LE),
    (codecs.BOM_UTF16_BE, UTF_16_BE),
)
_UNMARKED = (
    (compiled(rb"(?:[\t\r\n -~]\0){8}"), UTF_16_LE),
    (compiled(rb"(?:\0[\t\r\n -~]){8}"), UTF_16_BE),
    (compiled(rb"(?:[\t\r\n -~]\0\0\0){8}"), "utf-32-le"),
    (compiled(rb"(?:\0\0\0[\t\r\n -~]){8}"), "utf-32-be"),
)
_FIELD = rb"(?:[!-9;-~]{1,76}[ \t]*:|From )"
_OLD_MAC = compiled(rb"\A" + _FIELD + rb"[^\r\n]*+\r(?![\r\n])(?=[ \t]|" + _FIELD + rb")")
_DOUBLED = compiled(rb"\A" + _FIELD + rb"[^\r\n]*+\r\r\n(?:[^\r\n]*+\r\r\n|\Z)")
_BARE_CR = compiled(rb"\r(?!\n)")
_DOUBLE_END = compiled(rb"\r\r\n")
_MARK_INSIDE = compiled(rb"\n\xef\xbb\xbf(?=[!-9;-~]{1,76}[ \t]*:)")
_INNER = compiled(
    rb"\r(received|return-path|from|to|subject|date|message-id|mime-version|content-type):",
    re.IGNORECASE,
)
SAID_OF_LINES = {
    CR: "lines that end in a carriage return alone: read as line feeds",
    MARKS_INSIDE: "byte order marks before fields of the header: taken out",
    DOUBLE_CR: "lines that end in two carriage returns: one was taken out",
}
HEADER_BYTES = 1 << 16  # in which marks are looked for
_ENOUGH = 2  # different fields behind a carriage return: line ends, no value that holds one

Reader = Callable[[Buffer, str, Limits], Iterator[RawMail | Skipped]]


class _Recoded(NamedTuple):
    """The text, and the place in the file of each place in it."""

    data: Buffer
    problem: str | None
    place: Callable[[int], int]


def recoding(head: bytes) -> str | None:
    """How the text that begins with `head` was recoded; None for one that was not."""
    mark = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if mark is not None:
        return mark
    if b"\0" in head[:2]:
        unmarked = next((name for form, name in _UNMARKED if form.match(head)), None)
        if unmarked is not None:
            return unmarked
    header = _header_of(head)
    if b"\n\xef\xbb\xbf" in header and _has_marks_inside(header):
        return MARKS_INSIDE
    first = head.find(b"\r")
    if first < 0:
        return None
    if head[first + 1 : first + 2] != b"\n" or head[:1] in {b"\r", b"\n"}:
        start = prefix_bytes(head) or len(head) - len(head.lstrip())
        if _OLD_MAC.match(head[start:]):
            return CR
        if _DOUBLED.match(head[start:]):
            return DOUBLE_CR
    return CR if _has_inner_line_ends(header) else None


def _has_marks_inside(header: bytes) -> bool:
    """Whether byte order marks stand before fields of the header, not of an mbox's."""
    return not header.startswith(b"From ") and _MARK_INSIDE.search(header) is not None


def _has_inner_line_ends(header: bytes) -> bool:
    """Whether some lines of the header, not the first, end in a carriage return."""
    if header.count(b"\r") == header.count(b"\r\n"):
        return False
    return len({name.lower() for name in _INNER.findall(header)}) >= _ENOUGH


def _header_of(head: bytes) -> bytes:
    """The header, with the lines that stand before it."""
    start = len(head) - len(head.lstrip()) if head[:1] in {b"\r", b"\n", b" "} else 0
    line = head.find(b"\n", start)
    # in the form of the first line: the other would be looked for through the body
    likely, other = (b"\n\r\n", b"\n\n") if head[line - 1 : line] == b"\r" else (b"\n\n", b"\n\r\n")
    end = head.find(likely, start)
    stop = head.find(other, start, end + len(other) - 1 if end >= 0 else len(head))
    if stop < 0 and end < 0:
        old = head.find(b"\r\r", start)
        return head if old < 0 else head[: old + 1]
    return head[: (end if stop < 0 else stop) + 1]


def read_recoded(
    data: Buffer, uri: str, limits: Limits, head: bytes, read: Reader
) -> Iterator[RawMail | Skipped]:
    """The messages of a recoded text, by `read`."""
    how = recoding(head)
    if how is None:
        return
    text = _undone(data, how, limits)
    if text.problem is not None:
        yield Skipped(uri, text.problem)
    note = SAID_OF_LINES.get(how) or f"{how[:6].upper()} text: read as UTF-8"
    for one in read(text.data, uri, limits):
        yield one if isinstance(one, Skipped) else _as_it_lies(one, data, text, note)


def _as_it_lies(mail: RawMail, data: Buffer, text: _Recoded, note: str) -> RawMail:
    """The message with its place and digest in the file."""
    source = mail.source
    start = text.place(source.offset)
    stop = text.place(source.offset + len(mail.data))
    state = BodyBytes.REBUILT if source.body_bytes is BodyBytes.STORED else source.body_bytes
    return mail._replace(
        source=source._replace(
            offset=start,
            sha256=hashlib.sha256(data[start:stop]).hexdigest(),
            notes=(note, *source.notes),
            body_bytes=state,
        )
    )


def _undone(data: Buffer, how: str, limits: Limits) -> _Recoded:
    allowance = Allowance(limits)
    if how == CR:
        return _Recoded(*spool(_with_line_feeds(data), None, allowance), lambda at: at)
    if how == DOUBLE_CR:
        text, problem = spool(_without_doubles(data), None, allowance)
        return _Recoded(text, problem, _DoubledPlaces(data).place)
    if how == MARKS_INSIDE:
        taken: list[int] = []
        text, problem = spool(_without_marks(data, taken), None, allowance)
        return _Recoded(text, problem, lambda at: at + 3 * bisect_right(taken, at))
    text, problem = spool(_decoded(data, how), None, allowance)
    return _Recoded(text, problem, _Places(text, how, len(_mark(data[:4], how))).place)


def _chunks(data: Buffer) -> Iterator[bytes]:
    for at in range(0, len(data), CHUNK_BYTES):
        yield data[at : at + CHUNK_BYTES]


def _with_line_feeds(data: Buffer) -> Iterator[bytes]:
    """The text with a line feed for each carriage return that has none."""
    held = b""
    for chunk in _chunks(data):
        whole = held + chunk
        held = b"\r" if whole.endswith(b"\r") else b""
        yield _BARE_CR.sub(b"\n", whole[: len(whole) - len(held)])
    yield held.replace(b"\r", b"\n")


def _without_doubles(data: Buffer) -> Iterator[bytes]:
    """The text without the first of two carriage returns before a line feed."""
    held = b""
    for chunk in (*_chunks(data), b""):
        whole = held + chunk
        held = whole[-2:] if chunk and whole.endswith(b"\r") else b""
        yield whole[: len(whole) - len(held)].replace(b"\r\r\n", b"\r\n")


def _without_marks(data: Buffer, taken: list[int]) -> Iterator[bytes]:
    """The text without the marks before the fields of its first header."""
    header = _header_of(data[:HEADER_BYTES])
    lines = _MARK_INSIDE.split(header)
    done = 0
    for line in lines[:-1]:
        done += len(line) + 1
        taken.append(done)
    yield b"\n".join(lines)
    for at in range(len(header), len(data), CHUNK_BYTES):
        yield data[at : at + CHUNK_BYTES]


def _mark(head: bytes, how: str) -> bytes:
    return next((mark for mark, name in _MARKS if name == how and head.startswith(mark)), b"")


def _decoded(data: Buffer, how: str) -> Iterator[bytes]:
    """The text in UTF-8, without its mark."""
    decoder = codecs.getincrementaldecoder(how)("replace")
    drop = len(_mark(data[:4], how))
    for chunk in _chunks(data):
        yield decoder.decode(chunk[drop:]).encode("utf-8", "replace")
        drop = 0
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


class _DoubledPlaces:
    """The places in a file with doubled line ends of those in its text; quick when they
    are asked for in their order, and for the starts of lines."""

    def __init__(self, data: Buffer) -> None:
        self._data = data
        self._at = self._place = 0

    def place(self, at: int) -> int:
        if at < self._at:
            self._at = self._place = 0
        needed, taken = at - self._at, 0
        window = self._data[self._place : self._place + 3 * needed // 2 + 4]
        for match in _DOUBLE_END.finditer(window):
            if match.end() - (taken + 1) > needed:
                break
            taken += 1
        self._at, self._place = at, self._place + needed + taken
        return self._place


class _Places:
    """The places in a file of UTF-16 or UTF-32 of those in its text; quick when they
    are asked for in their order."""

    def __init__(self, text: Buffer, how: str, mark: int) -> None:
        self._text, self._how, self._mark = text, how, mark
        self._at, self._place = 0, mark

    def place(self, at: int) -> int:
        if at < self._at:
            self._at, self._place = 0, self._mark
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while self._at < at:
            stop = min(at, self._at + CHUNK_BYTES)
            text = decoder.decode(self._text[self._at : stop], final=stop == at)
            self._place += len(text.encode(self._how, "replace"))
            self._at = stop
        return self._place
