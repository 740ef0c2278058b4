"""Split an MMDF mailbox: a line of four control-A before and after each message (the
mailbox of the Multi-channel Memorandum Distribution Facility, SCO and procmail).

A From_ line that stands first in a message is left out and told, as in an mbox."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.mail.buffer import Buffer, release
from firsthop.mail.limits import Limits
from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.raw import RawMail, Skipped, raw_mail
from firsthop.system.kept_expressions import compiled

MARK = b"\x01\x01\x01\x01"
_LINE = compiled(rb"\x01{4}[ \t]*\r?\n?")
_FROM_LINE = compiled(rb"From [^\n]{0,1000}\n")
_RELEASE_BYTES = 1 << 25


def read_mmdf(data: Buffer, uri: str, limits: Limits) -> Iterator[RawMail | Skipped]:
    """The messages of the mailbox, in order."""
    at, released = 0, 0
    while at < len(data):
        line = _LINE.match(data[at : at + 80])
        start = at + line.end() if line else at
        stop = data.find(b"\n" + MARK, max(start - 1, 0))
        at = len(data) if stop < 0 else stop + 1
        if start < at:
            yield from _message(data, start, at, stop < 0, uri, limits)
        if at - released > _RELEASE_BYTES:
            released = at
            release(data, released)
        if stop >= 0 and (end := _LINE.match(data[at : at + 80])) is not None:
            at += end.end()


def _message(
    data: Buffer, start: int, stop: int, cut: bool, uri: str, limits: Limits
) -> Iterator[RawMail | Skipped]:
    if stop - start > limits.max_message_bytes:
        yield Skipped(uri, f"message at offset {start}: {limits.refusal('max_message_bytes')}")
        return
    if not data[start:stop].strip():
        return
    separator = _FROM_LINE.match(data[start : start + 1024])
    notes: tuple[str, ...] = ()
    if separator is not None:
        start += separator.end()
        notes = (f"mbox separator: {separator[0].strip().decode('utf-8', 'backslashreplace')}",)
    state = BodyBytes.CUT if cut else BodyBytes.STORED
    yield raw_mail(data[start:stop], uri, "mmdf", start, notes=notes, body_bytes=state)
    if cut:
        yield Skipped(
            uri,
            f"mailbox cut short: no line of control-A ends its last message (offset {start}), "
            f"which was kept",
        )
