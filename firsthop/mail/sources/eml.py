"""One message in a file of its own (RFC 5322), Apple Mail's .emlx too.

The bytes are the message's own: byte order marks, empty lines and a tool's bytes before
the header and the lines around an .emlx are left out and told in the notes. A message
without any header is still a message: that it has none is evidence."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.mail.buffer import Buffer
from firsthop.mail.limits import Limits
from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.prefix import prefix_bytes
from firsthop.mail.sources.raw import RawMail, Skipped, raw_mail
from firsthop.mail.sources.sniff import BYTE_ORDER_MARK, HEAD_BYTES, header_start
from firsthop.system.kept_expressions import compiled

_BYTE_COUNT = compiled(rb"(\d{1,12})[ \t]*\r?\n")
_FIELD = compiled(rb"[!-9;-~]+[ \t]*:")


def read_eml(
    data: Buffer, uri: str, limits: Limits, container: str = "eml", notes: tuple[str, ...] = ()
) -> Iterator[RawMail | Skipped]:
    """The message that `data` is."""
    if len(data) > limits.max_message_bytes:
        yield Skipped(uri, f"{len(data)} bytes: {limits.refusal('max_message_bytes')}")
        return
    start, told = message_start(data[:HEAD_BYTES])
    if not (told or _FIELD.match(data[:HEAD_BYTES])):
        told = ("message without headers",)
    yield raw_mail(data[start:], uri, container, start, notes=notes + told)


def read_emlx(data: Buffer, uri: str, limits: Limits) -> Iterator[RawMail | Skipped]:
    """The message in an .emlx: a line with its length, the message, a property list of
    Apple Mail's."""
    count = _BYTE_COUNT.match(data[:64])
    start = count.end() if count else 0
    length = int(count[1]) if count else len(data)
    if length > limits.max_message_bytes:
        yield Skipped(uri, f"{length} bytes: {limits.refusal('max_message_bytes')}")
        return
    short = start + length > len(data)
    if short:
        yield Skipped(
            uri, f"cut short: {len(data) - start} of {length} bytes; what there is was kept"
        )
    # Apple Mail keeps the attachments of an .partial.emlx in files of their own.
    cut = short or uri.lower().endswith(".partial.emlx")
    state = BodyBytes.CUT if cut else BodyBytes.STORED
    yield raw_mail(data[start : start + length], uri, "emlx", start, body_bytes=state)


def message_start(head: bytes) -> tuple[int, tuple[str, ...]]:
    """Where the message starts and what stands before it; 0 unless a header field
    follows there."""
    start = header_start(head)
    if not _FIELD.match(head, start):
        start = prefix_bytes(head)
        return start, (f"{start} bytes before the header",) if start else ()
    if start == 0:
        return 0, ()
    if head.startswith(BYTE_ORDER_MARK) and start == len(BYTE_ORDER_MARK):
        return start, ("a UTF-8 byte order mark before the header",)
    return start, (f"{start} bytes of empty lines before the header",)
