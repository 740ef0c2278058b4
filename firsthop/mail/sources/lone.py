"""A file that is one message behind the separator of an mbox, as many a mail program
saves one: told without asking which other form it may have. What leaves any doubt is
read as any file is (sniff.py, mbox.py), and comes out the same."""

from __future__ import annotations

from firsthop.mail.sources.mbox import Entry, is_mailbox_name, notes_of, stop_before
from firsthop.mail.sources.postfix_queue import is_postcat
from firsthop.mail.sources.raw import RawMail, raw_mail
from firsthop.mail.sources.separator import BYTE_ORDER_MARK, message_start
from firsthop.mail.sources.sniff import HEAD_BYTES, is_tar

_SEPARATOR = b"From "
_DOUBTFUL = (b"\n" + _SEPARATOR, BYTE_ORDER_MARK + _SEPARATOR)  # may part another message
_LENGTH = b"\ncontent-length:"


def lone_message(data: bytes, uri: str) -> RawMail | None:
    """The message of such a file; None where it is not sure to be one."""
    if not data.startswith(_SEPARATOR) or is_mailbox_name(uri):
        return None
    head = data[:HEAD_BYTES]
    if b"\r" in head or is_tar(head) or is_postcat(head) or any(one in data for one in _DOUBTFUL):
        return None
    start = message_start(data, 0, after_empty_line=True, first=True)
    if start is None or data[start - 1 : start + 1] in {b"\n", b"\n\n"}:
        return None  # no separator, or no header at once behind it
    end = data.find(b"\n\n", start)
    if end < 0 or _LENGTH in data[:end].lower():
        return None
    line = data[:start].rstrip(b"\n")
    if line.endswith(BYTE_ORDER_MARK):
        return None
    stop = stop_before(data, len(data), start - 1)
    notes = notes_of(Entry(line, start, stop, ()))
    return raw_mail(data[start:stop], uri, "mbox", start, notes=notes)
