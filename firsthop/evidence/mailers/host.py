"""Whose is the host right of the @ in a Message-ID: the author's, his machine's, or
somebody else's?

Mail clients end their ids in the author's domain or in the name of the machine they run
on. A host of another organisation is that of a service or another sender, which made
the id by its own code. The author's side is what the message says of itself: nothing
here is verified."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.address_field import mailboxes
from firsthop.evidence.mailers.id_writer import split_id
from firsthop.evidence.mailers.traces import Traces
from firsthop.evidence.received.hop import Hop
from firsthop.mail.field_names import ALSO_AUTHOR

LOCAL_KINDS = ("local", "list", "filter")
LOCAL_NAMES = (
    "local", "localdomain", "localhost", "lan", "internal", "home", "corp", "intranet", "private",
)  # fmt: skip  # names that are no one's in the world (RFC 6762 appendix G, RFC 8375)


def is_senders_host(traces: Traces) -> bool:
    """Whether the host in the Message-ID is the author's, or that of a machine he sent
    from; also where the message, an excerpt, shows neither."""
    host = split_id(traces.message_id or "")[1]
    if not host:
        return False
    if is_machine_name(host):
        return True
    domain = registrable_domain(host)
    shown = False
    for name in _names(traces):
        shown = True
        if _same(host, domain, name.lower()):
            return True
    return not shown


def is_machine_name(host: str) -> bool:
    """Whether a name is a machine's alone: without a dot, an address, or of a local
    zone."""
    bare = host.strip("[]")
    numbers = ":" in bare or bare.replace(".", "").isdigit()
    return "." not in bare or numbers or bare.rpartition(".")[2] in LOCAL_NAMES


def _same(host: str, domain: str | None, name: str) -> bool:
    return name == host or (domain is not None and registrable_domain(name) == domain)


def _names(traces: Traces) -> Iterator[str]:
    if traces.author_domain:
        yield traces.author_domain
    for key in ALSO_AUTHOR:
        field = traces.field(key)
        yield from (box.domain for box in mailboxes(field.value) if box.domain) if field else ()
    if traces.path and traces.path.steps:
        yield from _first_machine(traces.path.steps[-1].hop)


def _first_machine(hop: Hop) -> Iterator[str]:
    yield from (name for name in (hop.helo, hop.client_name) if name)
    local = hop.kind in LOCAL_KINDS or not (hop.helo or hop.client_name or hop.client_address)
    if hop.by and local:
        yield hop.by
