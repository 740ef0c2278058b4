"""One hop of a message's path as one Received line tells it (RFC 5321 section 4.4, RFC
3848, RFC 5598).

Who vouches for what: `helo` is claimed by the client; `client_name` and
`client_address` are observed by the server that wrote the line; the whole line is worth
as much as its writer."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from firsthop.evidence.received.queue_id import DECODED, QueueId, decode_queue_id
from firsthop.evidence.timestamp import EPOCH, Stamp
from firsthop.system.named_tuple import NamedTuple

KINDS = ("smtp", "lmtp", "http", "local", "fetch", "list", "filter", "unreadable")


class Hop(NamedTuple):
    """What one Received line says. None: the line has no such part; a name in
    `value_lost`: the part is there and its text was eaten."""

    raw: str  # the line's value, unfolded
    dialect: str | None = None  # key of the table that recognised the line
    kind: str = "smtp"  # one of KINDS
    helo: str | None = None  # claimed by the client (RFC 5321 section 4.1.1.1)
    # what the writer's reverse look-up gave; Postfix writes "unknown" where its check
    # failed
    client_name: str | None = None
    # whether the writer says it checked the name against the address; None: it does not
    # say
    client_name_verified: bool | None = None
    client_address: str | None = None  # bare; IPv4-mapped IPv6 as IPv4
    client_port: int | None = None
    by: str | None = None
    by_address: str | None = None
    mta: str | None = None  # the software: as its table calls it, else as the line names it
    mta_version: str | None = None
    protocol: str | None = None  # as written: ESMTPSA, esmtpa, Microsoft SMTP Server, HTTP, ...
    authenticated: bool = False  # the line says somebody logged in; False: it does not say so
    auth_mechanism: str | None = None
    auth_identity: str | None = None
    tls: bool = False  # the line says the transfer was encrypted
    tls_version: str | None = None
    tls_cipher: str | None = None
    queue_id: str | None = None
    reverse_path: str | None = None  # bare; "" is the null reverse-path
    forward_path: str | None = None  # bare
    ident: str | None = None  # RFC 1413 user or what stands in its place
    stamp: Stamp | None = None
    repairs: tuple[str, ...] = ()
    value_lost: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()  # what the line has beyond all that
    notes: tuple[str, ...] = ()  # form defects, e.g. "repeated_clause:by"
    via: str | None = None  # RFC 5321 section 4.4 "Via": the link or transport as written
    # the recipient as first given (RFC 3461 section 4.2), where the writer repeats it
    orcpt: str | None = None

    @property
    def queue_id_decoded(self) -> QueueId | None:
        """What the queue id decodes to; None where no source supports a decode
        (queue_id.py)."""
        if not self.queue_id or self.mta not in DECODED:
            return None
        instant = self.stamp.instant if self.stamp and self.mta == "Sendmail" else None
        return decode_queue_id(
            self.queue_id, self.mta, _year(instant // 86_400) if instant is not None else None
        )


@lru_cache(maxsize=4096)
def _year(day: int) -> int:
    """The year of a day that is counted from 1970."""
    return (EPOCH + timedelta(days=day)).year
