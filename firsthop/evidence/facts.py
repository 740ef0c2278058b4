"""The facts of one message: its path, its identities, what vouches for it, its content.
Each is established here and nowhere else, and once a message. No opinion.

What every question needs is read at once; what is costly and not always asked for
(authentication, content, the traces of the mail client) is read when it is first asked
for. Nobody can tell the two apart: a fact is never missing for not having been looked
at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from firsthop.evidence.authentication.check import Authentication, authenticate
from firsthop.evidence.content import Content, read_content
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.identity.author import Author, read_author
from firsthop.evidence.identity.identities import (
    Claim,
    FieldState,
    Mailbox,
    claim,
    mailboxes,
    message_id,
    subject,
)
from firsthop.evidence.judged_at import judged_at
from firsthop.evidence.mailers.traces import Traces, traces
from firsthop.evidence.path.indirect import Sign, signs
from firsthop.evidence.path.path import Path, trace_path
from firsthop.evidence.path.trace_fields import TraceField, trace_fields
from firsthop.evidence.providers.provider import Provider, provider_of
from firsthop.evidence.roles import Identity, identities
from firsthop.evidence.sender_part import SenderPart, sender_part
from firsthop.evidence.services.account import ServiceAccount, service_accounts
from firsthop.evidence.timestamp import Stamp, find_stamp
from firsthop.mail.message import Message
from firsthop.settings import OwnServers
from firsthop.system.cached_property import cached_property

EMPTY = DnsStore()  # no recorded answers: what needs one says `not_checkable`


@dataclass(frozen=True)
class MessageFacts:
    """What a message shows, each value with the field it stands in.

    Read at once:
        message       the bytes and fields it was read from
        path          the hops, newest first, and how far they are believed
        message_id    Claim; the value without its angle brackets
        authorship    every author, how the From fields break their form, what is shown
        subject       Claim; the value decoded (RFC 2047)
        date_field    Claim; the value as written
        date          the last time written in the Date field; None: none can be read
        mailer        Claim; X-Mailer, or User-Agent where there is none
        dns           the recorded answers that authentication is checked by
        quick_content  reads the content as `read_content`, in less time, or gives None

    Read when first asked for, and kept:
        author          the mailbox the verdict is about; None: no From field names one
        from_field      Claim; the first From field as written
        reply_to        the mailboxes of the first Reply-To field
        instant         seconds since 1970: the time the message is judged at, that of
                        the hand-over's stamp, else of the newest Received line's,
                        else of the Date; None: no time can be read
        provider        the provider of the author's domain; None: no table knows it
        value_lost      the names of the fields that are there and whose text was eaten
        trace_fields    what other fields tell about the path, in header order
        identities      every identity that is claimed, by its role
        service_accounts  the accounts at sending services that fields and lines name:
                        claims, as all that a sender can write
        authentication  SPF, DKIM, ARC and DMARC, checked here by `dns` and never by the
                        net, and what receivers wrote
        indirect_signs  the signs of lists, forwarders and the like, each with whether
                        its host is on the path
        sender_part     the fields and hops below the boundary, without what receivers
                        add
        content         text, tags, links and attachments, within limits; without the
                        footer of a mailing list
        mailer_traces   what the mail client left in the header
    """

    message: Message
    path: Path
    message_id: Claim
    authorship: Author
    subject: Claim
    date_field: Claim
    date: Stamp | None
    mailer: Claim
    dns: DnsStore = field(default=EMPTY, repr=False, compare=False)
    quick_content: Callable[..., Content | None] | None = field(
        default=None, repr=False, compare=False
    )

    @property
    def author(self) -> Mailbox | None:
        """The mailbox the verdict is about."""
        return self.authorship.judged

    @cached_property
    def from_field(self) -> Claim:
        """The first From field as written."""
        return claim(self.message, "from")

    @cached_property
    def reply_to(self) -> tuple[Mailbox, ...]:
        """The mailboxes that answers go to (RFC 5322 section 3.6.2)."""
        first = self.message.first("reply-to")
        return mailboxes(first.value) if first else ()

    @cached_property
    def instant(self) -> int | None:
        """The time the message is judged at, seconds since 1970."""
        return judged_at(self.path, self.date)

    @cached_property
    def provider(self) -> Provider | None:
        """The provider of the author's domain."""
        return provider_of(self.author.domain) if self.author and self.author.domain else None

    @cached_property
    def value_lost(self) -> tuple[str, ...]:
        """The names of the fields that are there and whose text was eaten."""
        named = (
            ("message_id", self.message_id),
            ("from", self.from_field),
            ("subject", self.subject),
            ("date", self.date_field),
            ("mailer", self.mailer),
        )
        return tuple(name for name, told in named if told.state is FieldState.VALUE_LOST)

    @cached_property
    def trace_fields(self) -> tuple[TraceField, ...]:
        """What other fields tell about the path."""
        return trace_fields(self.message, self.path)

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """Every identity that is claimed, by its role."""
        return identities(self.message, self.path)

    @cached_property
    def service_accounts(self) -> tuple[ServiceAccount, ...]:
        """The accounts at sending services that fields and lines name."""
        return service_accounts(self.message, self.path)

    @cached_property
    def authentication(self) -> Authentication:
        """What vouches for the message, by the recorded answers in `dns`."""
        return authenticate(self.message, self.path, self.authorship, self.dns.at(self.instant))

    @cached_property
    def indirect_signs(self) -> tuple[Sign, ...]:
        """The signs of an indirect way (RFC 7960 section 3)."""
        return signs(self.message, self.path, self.authentication.spf_passes)

    @cached_property
    def sender_part(self) -> SenderPart:
        """What of the message its sender made."""
        return sender_part(self.message, self.path, self.message_id)

    @cached_property
    def content(self) -> Content:
        """What the body holds, as data."""
        listed = bool(self.sender_part.lists)
        quick = self.quick_content(self.message, listed=listed) if self.quick_content else None
        return read_content(self.message, listed=listed) if quick is None else quick

    @cached_property
    def mailer_traces(self) -> Traces:
        """What the mail client left in the header, measured by the program it names."""
        return traces(
            self.message, self.path, self.author, self.message_id, self.date, self.mailer.value
        )


def establish(
    message: Message,
    own: OwnServers,
    store: DnsStore = EMPTY,
    path: Path | None = None,
    quick_content: Callable[..., Content | None] | None = None,
) -> MessageFacts:
    """The facts of `message`; `own` decides how far its path is believed, `store` holds
    the DNS answers that its authentication is checked by. A `path` that was read
    already is not read again; `quick_content` reads the content. Never raises."""
    date = claim(message, "date")
    stamp = find_stamp(date.value) if date.value else None
    mailer = claim(message, "x-mailer")
    return MessageFacts(
        message,
        path or trace_path(message, own),
        message_id(message),
        read_author(message),
        subject(message),
        date,
        stamp[0] if stamp else None,
        mailer if mailer.field else claim(message, "user-agent"),
        store,
        quick_content,
    )
