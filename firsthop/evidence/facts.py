"""The facts of one message, gathered: its path, its identities, the mail client it
claims. No opinion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firsthop.evidence.identity.author import Author, read_author
from firsthop.evidence.identity.identities import Claim, Mailbox, claim, message_id, subject
from firsthop.evidence.judged_at import judged_at
from firsthop.evidence.path.path import Path, trace_path
from firsthop.evidence.path.trace_fields import TraceField, trace_fields
from firsthop.evidence.timestamp import Stamp, find_stamp
from firsthop.mail.message import Message
from firsthop.settings import OwnServers

if TYPE_CHECKING:
    from firsthop.evidence.authentication.check import Authentication


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What a message shows, each value with the field it stands in."""

    message: Message
    path: Path
    message_id: Claim
    author: Mailbox | None  # the one the verdict is about
    subject: Claim
    date: Stamp | None
    mailer: Claim  # X-Mailer, or User-Agent where there is none
    authorship: Author  # every author, how the From fields are broken, what mail clients show
    trace_fields: tuple[TraceField, ...] = ()  # what other fields tell about the path
    # None: not looked at (authentication/check.py adds it)
    authentication: Authentication | None = None

    @property
    def instant(self) -> int | None:
        """The time the message is judged at: the hand-over's stamp, else the newest
        Received one's, else the Date; seconds since 1970."""
        return judged_at(self.path, self.date)


def establish(message: Message, own: OwnServers, path: Path | None = None) -> MessageFacts:
    """The facts of `message`; `own` decides how far its path is believed. A `path` that
    was read already is not read again. Never raises."""
    date = claim(message, "date")
    found = find_stamp(date.value) if date.value else None
    mailer = claim(message, "x-mailer")
    path, authorship = path or trace_path(message, own), read_author(message)
    return MessageFacts(
        message,
        path,
        message_id(message),
        authorship.judged,
        subject(message),
        found[0] if found else None,
        mailer if mailer.field else claim(message, "user-agent"),
        authorship,
        trace_fields(message, path),
    )
