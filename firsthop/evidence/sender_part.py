"""Which part of a message its sender made: the fields and hops below the trust
boundary, without what the receiver added or minted.

With own servers set, the boundary is the path's. Without them nothing is trusted; but
for comparing messages the receiver's own lines would only tie together everybody's
mail, so the run of lines at the top that one organisation wrote is set aside as
presumed, and with it the lines of a mailing list that passed the message on, or of a
user who had received it and sent it on to the reader. That is no
verdict on trust, and published excerpts, which rarely reach the reader's own server,
are taken whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from operator import attrgetter, itemgetter

from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import MAX_NAME, registrable_domain
from firsthop.evidence.identity.identities import Claim
from firsthop.evidence.path.path import Path, Step, Trust
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.received.hop import Hop
from firsthop.mail.field_names import FORWARDING, MAILING_LIST, may_be_senders
from firsthop.mail.message import Evidence, Field, Message, beginning
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

# whole local parts first, what they say then: one step a character
_LOCAL_PART = compiled(r"(?<![^@\s<])([^@\s<]++)@")
_LIST_ADDRESS = compiled(
    r"owner-.|sentto-.|.-(?:owner|admin|bounces?|request)(?:$|[+=].)", re.IGNORECASE | re.DOTALL
)
_DOMAIN = compiled(r"[@.<:/]([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_MINTED = compiled(
    r"(?:^|\.)(?:protection\.outlook\.com|eop-(?:(?!\.eop-)[a-z0-9.-])++)$|^mx\.google\.com$"
    r"|^[a-z]{2,3}\d+[a-z]{3}\d+ft\d+|pepf\d",
    re.IGNORECASE,
)
# what Exchange Online writes before such a host, and Google
_MINTED_LOCAL = compiled(
    r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|[0-9a-f]{8}(?:\.[0-9a-f]{1,8}){3}(?:\.smtpin_added_\w++)?+)\Z"
)

_SHORTEST_QUEUE_ID = 6  # characters: a shorter one stands in an id by chance
_TELLING_OF_LISTS = MAILING_LIST | {"sender", "return-path"}
_LONGEST_NAME, _MOST_NAMES = 100, 2_000  # of fields, that are remembered
_start = attrgetter("span.start")
_name = itemgetter(Field._fields.index("name"))


class _Senders(dict[str, bool]):
    """Which names of fields may be the sender's, as far as it was asked."""

    def __missing__(self, name: str) -> bool:
        may_be = bool(name) and may_be_senders(name.lower())
        if len(name) > _LONGEST_NAME:
            return may_be
        if len(self) >= _MOST_NAMES:
            self.clear()
        self[name] = may_be
        return may_be


_may_be_senders = _Senders().__getitem__


class SenderPart(NamedTuple):
    """The sender's part."""

    fields: tuple[Field, ...]  # in order, without Received and what receivers add
    claimed: tuple[Step, ...]  # newest first, below the boundary
    handover: Step | None  # the line whose client is the first outsider
    presumed: bool  # the boundary is presumed, for no own servers are set
    forwarded: bool  # the reader's own forwarding stands in between
    minted: bool  # the receiver made the Message-ID
    # the organisations of the mailing lists that passed it on: their footer, their
    # Reply-To and the links to them are not the sender's
    lists: frozenset[str]


def sender_part(message: Message, path: Path, message_id: Claim) -> SenderPart:
    """The sender's part of a message. Never raises."""
    steps, whole = path.steps, message.source.evidence is not Evidence.PUBLICATION
    known = path.boundary.basis is Basis.SETTINGS
    lists = _list_organisations(message)
    writers = [_organisation(step.hop.by) for step in steps]
    top = -1
    if known:
        top = _handover_index(path)
    elif whole:
        top = _presumed_index(steps, writers, lists)
    forwarded = not FORWARDING.isdisjoint(message.by_key)
    handover = steps[top] if top >= 0 and not forwarded else None
    below = message.fields if top < 0 else _below(message, steps[top].field)
    return SenderPart(
        tuple(compress(below, map(_may_be_senders, map(_name, below)))),
        steps[top + 1 :],
        handover,
        whole and not known and top >= 0,
        forwarded,
        _is_minted(message_id, path, writers, top),
        lists,
    )


def _below(message: Message, line: Field) -> Sequence[Field]:
    """The fields that begin behind a line of the message."""
    fields, start = message.fields, line.span.start
    if message.source.evidence is Evidence.PUBLICATION:
        return [field for field in fields if field.span.start > start]
    return fields[bisect_right(fields, start, key=_start) :]  # they stand in order


def _handover_index(path: Path) -> int:
    return max(
        (i for i, step in enumerate(path.steps) if step.trust is not Trust.CLAIMED), default=-1
    )


def _of_a_list(addresses: str) -> bool:
    """Whether an address is one of those that lists send from."""
    if "-" not in addresses:
        return False  # each of them has one
    return any(_LIST_ADDRESS.search(local) for local in _LOCAL_PART.findall(addresses))


def _list_organisations(message: Message) -> frozenset[str]:
    """The organisations of the mailing lists that passed a message on, by the fields
    that lists write."""
    by_key = message.by_key
    found: set[str] = set()
    for key in _TELLING_OF_LISTS:
        for field in by_key.get(key, ()):
            value = field.value
            if key in MAILING_LIST or _of_a_list(value):
                found |= _organisations(beginning(value, 500))
    return frozenset(found)


@lru_cache(maxsize=1_024)
def _organisations(text: str) -> frozenset[str]:
    """The organisations of the hosts in a text."""
    return frozenset(org for name in _DOMAIN.findall(text) if (org := _organisation(name)))


def _presumed_index(
    steps: tuple[Step, ...], writers: list[str | None], lists: frozenset[str]
) -> int:
    """The last line of the receiver's run at the top, or the last that a mailing list
    wrote, if that is lower."""
    last = _forwarded_index(steps, writers, _receiver_index(steps, writers))
    if not lists:
        return last
    return max([last, *(i for i, writer in enumerate(writers) if writer in lists)])


def _forwarded_index(steps: tuple[Step, ...], writers: list[str | None], last: int) -> int:
    """The line that delivered the message to the user who sent it on, written by the
    organisation that handed it over at line `last`; `last` where there is none."""
    if not 0 <= last < len(steps) - 1:
        return last
    forwarder = _organisation(steps[last].hop.client_name)
    senders: set[str] = set()
    found = last
    for index in range(last, len(steps)):
        hop = steps[index].hop
        if index > last and (forwarder is None or writers[index] != forwarder):
            break
        if _local_part(hop.forward_path) in senders:
            found = index
        if _organisation((hop.reverse_path or "").rpartition("@")[2]) == forwarder:
            senders.add(_local_part(hop.reverse_path))
        senders.discard("")
    return found


def _local_part(address: str | None) -> str:
    return (address or "").rpartition("@")[0].lower()


def _receiver_index(steps: tuple[Step, ...], writers: list[str | None]) -> int:
    """The last line of the run at the top that one organisation wrote; lines of hosts
    without a public name belong to their neighbours."""
    receiver, last = None, -1
    for index, (step, writer) in enumerate(zip(steps, writers, strict=True)):
        if writer is not None and receiver is not None and writer != receiver:
            break
        receiver = receiver or writer
        last = index
        if receiver and _is_outside(step, receiver):
            break
    return last


def _is_outside(step: Step, receiver: str) -> bool:
    """Whether the line names a client that is neither inside the site nor of the
    receiver's organisation."""
    hop = step.hop
    if (
        hop.kind in ("fetch", "local", "filter")
        or not hop.client_address
        or space_of(hop.client_address) is not Space.PUBLIC
    ):
        return False
    return receiver not in (_organisation(hop.client_name), _organisation(hop.helo))


def _organisation(host: str | None) -> str | None:
    return _of_host(host) if host and len(host) <= MAX_NAME else None


@lru_cache(maxsize=4_096)
def _of_host(host: str) -> str | None:
    domain = registrable_domain(host)
    return "outlook.com" if domain == "office365.com" else domain


def _is_minted(message_id: Claim, path: Path, writers: list[str | None], top: int) -> bool:
    """The receiver's host in the id and its form before it, an id made of a receiver's
    queue id, or one that stands above a Received line: a server on the way put it
    there. A host alone says nothing: a sender writes what he likes."""
    local, _, host = (message_id.value or "").lower().rpartition("@")
    if (not local or _MINTED_LOCAL.match(local)) and _is_of_a_receiver(host):
        return True
    field, steps = message_id.field, path.steps
    maker = _organisation(host)
    own = []
    if maker and maker in writers[: top + 1]:
        own = [steps[i].hop for i in range(top + 1) if writers[i] == maker]
    if any(_of_queue_id(message_id.value or "", hop) for hop in own):
        return True
    below = field is not None and max(path.starts, default=0) > field.span.start
    return below or (len(steps) > top + 1 and bool(own) and _is_server(host, own))


def _is_of_a_receiver(host: str) -> bool:
    known = _is_minting if len(host) <= MAX_NAME else _is_minting.__wrapped__
    return known(host)


@lru_cache(maxsize=4_096)
def _is_minting(host: str) -> bool:
    """Whether a host in a Message-ID is one that receivers put there."""
    return _MINTED.search(host) is not None


def _is_server(host: str, own: list[Hop]) -> bool:
    """Whether one of the receiver's servers has that name, or its organisation. The
    client of its first line is a stranger, who names himself."""
    clients = (name for hop in own[:-1] for name in (hop.client_name, hop.helo))
    names = {name.lower() for name in (*clients, *(hop.by for hop in own)) if name}
    return host == _organisation(host) or host in names


def _of_queue_id(message_id: str, hop: Hop) -> bool:
    """Whether a server made an id at its own host out of its own name for the message:
    what Postfix (DATE.QUEUEID@host) and sendmail do where the message brings none."""
    if not hop.queue_id or len(hop.queue_id) < _SHORTEST_QUEUE_ID:
        return False
    return message_id.rpartition("@")[0].endswith(hop.queue_id)
