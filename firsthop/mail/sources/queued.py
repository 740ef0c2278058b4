"""The messages in a file out of a mail server's queue, by its form: Exim, sendmail,
Postfix. A body whose header file is elsewhere is named, not read."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.mail.limits import Limits
from firsthop.mail.sources.postfix_queue import read_postcat, read_queue_file
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.mail.sources.sniff import Form
from firsthop.mail.sources.spool_file import read_spool_file


def read_queued(data: bytes, form: Form, uri: str, limits: Limits) -> Iterator[RawMail | Skipped]:
    """The messages of a file of a server's queue."""
    if form is Form.SPOOL_HEADER:
        return read_spool_file(data, uri, limits)
    if form is Form.POSTCAT:
        return read_postcat(data, uri)
    if form is Form.POSTFIX_QUEUE:
        return read_queue_file(data, uri)
    reason = "a body out of Exim's queue: its header file (-H) is not beside it"
    return iter((Skipped(uri, reason),))
