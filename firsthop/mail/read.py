"""From the bytes a source hands on to a Message, by what the bytes are evidence of."""

from __future__ import annotations

from firsthop.mail.excerpts import read_excerpt
from firsthop.mail.header import read_message
from firsthop.mail.message import Evidence, Message
from firsthop.mail.sources.raw import RawMail, Skipped


def read_mail(raw: RawMail) -> Message:
    """The message in `raw`: published text is repaired, mail is taken as it stands.
    Never raises."""
    if raw.source.evidence is Evidence.PUBLICATION:
        return read_excerpt(raw.data, raw.source)
    return read_message(raw.data, raw.source)


def without_header(message: Message) -> Skipped | None:
    """What to tell of a message that has no header field: it is kept, and there is
    nothing in it to trace."""
    if any(field.name for field in message.fields):
        return None
    return headless(message.source.uri)


def headless(uri: str) -> Skipped:
    """What is told of a message without a header field."""
    return Skipped(uri, "no header field: kept as a message without a header")
