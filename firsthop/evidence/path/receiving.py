"""Who received a message: the reader's own servers as settings name them, or assumed,
aloud.

Whoever holds a delivered message holds it as its mailbox's system wrote it, so with
nothing named the writer of the topmost line is taken for the receiver: all of it where
a table knows it (receivers/*.toml), else that one host. Never for text that was
published. What a line is worth is decided here; which lines of a message that makes
believed, path.py says.

The rule (RFC 5321 section 4.4, RFC 6409): the line below one of ours is believed only
where ours says that its client was ours too, by an address or a checked name that was
named. A client that cannot be read, that logged in, that is the machine itself, or that
has a private address nobody named is none of ours: our line is then the hand-over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.path.receiver import RECEIVERS, Receiver, receiver_of, receivers_named
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.hostile import AMBIGUOUS
from firsthop.settings import OwnServers, own_servers
from firsthop.system.cached_property import cached_property
from firsthop.system.kept_expressions import compiled

_WITHIN = frozenset(("lmtp", "filter", "list"))  # RFC 2033: LMTP is for one's own servers
_FROM = compiled(r"\s*+(?:\(\s*+)?from\b", re.IGNORECASE)
_WITH_LETTER = compiled(r"[a-z0-9][0-9._-]*+[a-z][a-z0-9._-]*+")
_LOCALHOST = frozenset(("localhost", "127.0.0.1"))


class Basis(StrEnum):
    """What the boundary rests on."""

    SETTINGS = "settings"
    ASSUMED = "assumed"  # nothing was named: the topmost line's writer
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Receiving:
    """The reader's own side of one message."""

    basis: Basis
    own: OwnServers  # as named, or as assumed
    receivers: tuple[Receiver, ...] = ()

    @cached_property
    def name(self) -> str | None:
        """What to call the receiver: a table's name, else the hosts that are named."""
        if self.receivers:
            return " and ".join(one.name for one in self.receivers)
        return ", ".join(sorted(self.own.names)) or None

    def wrote(self, hop: Hop) -> bool:
        """Whether one of these servers wrote a line."""
        if self.own.has_name(hop.by) or self.own.has_address(hop.by_address):
            return True
        return any(one.wrote(hop, _instant(hop)) for one in self.receivers)

    def leads_on(self, hop: Hop) -> bool:
        """Whether a line of ours says that its client was ours too."""
        if hop.notes and AMBIGUOUS in hop.notes:
            return False
        if any(
            (one.is_inner_client(hop, _instant(hop)) or one.passes_on(hop))
            and one.wrote(hop, _instant(hop))
            for one in self.receivers
        ):
            return True
        if hop.kind == "fetch":
            return True  # our own program took the message out of a mailbox of ours
        if hop.authenticated or hop.kind == "http":
            return False
        return self._own_client(hop)

    def _own_client(self, hop: Hop) -> bool:
        if hop.client_address is not None:
            named = self.own.has_address(hop.client_address) and not _is_only_helo(hop)
            return named or self._own_checked_name(hop)
        word = (hop.client_name or hop.helo or "").lower()
        if hop.kind in _WITHIN:
            return not word or word in _LOCALHOST or self.own.has_name(word)
        return hop.kind == "local" and self._trusts_itself() and not _FROM.match(hop.raw)

    def _own_checked_name(self, hop: Hop) -> bool:
        """A name that our server checked and that is ours. A private address under the
        writer's own name is what a server behind address translation shows of every
        client."""
        if hop.client_name_verified is not True or not self.own.has_name(hop.client_name):
            return False
        inside = hop.client_address and space_of(hop.client_address) is Space.INSIDE
        same = hop.client_name and hop.by and hop.client_name.lower() == hop.by.lower()
        return not (inside and same) and not (hop.client_name or "").lower().startswith("localhost")

    def _trusts_itself(self) -> bool:
        """Whether the operator named the machine itself: what is handed in there is his
        filter."""
        if self.basis is not Basis.SETTINGS:
            return False
        return self.own.has_name("localhost") or self.own.has_address("127.0.0.1")

    def owns_authserv_id(self, authserv_id: str) -> bool:
        """Whether an authserv-id (RFC 8601 section 2.2) is one of ours; a job id behind
        a slash, as OpenDKIM and OpenDMARC add it, is no part of the name."""
        bare = authserv_id.partition("/")[0]
        if {bare, authserv_id} & self.own.authserv_ids or self.own.has_name(bare):
            return True
        return any(one.owns_authserv_id(bare) for one in self.receivers)

    def neighbours_authserv_id(self, authserv_id: str) -> bool:
        """Whether an authserv-id is of the same organization as an assumed host: enough
        where only our side can have written, and no name that another could not bear
        rightly."""
        bare = authserv_id.partition("/")[0]
        return self.basis is Basis.ASSUMED and registrable_domain(bare) in self._domains - {None}

    @cached_property
    def _domains(self) -> frozenset[str | None]:
        return frozenset(registrable_domain(name) for name in self.own.names)


def receiving_of(hops: Sequence[Hop], own: OwnServers, published: bool) -> Receiving:
    """Who received a message with these hops (newest first)."""
    if own:
        return _named(own)
    top = _mailbox_line(hops)
    if published or not own.assume or top is None:
        return Receiving(Basis.UNKNOWN, own)
    if receiver := receiver_of(top):
        return Receiving(Basis.ASSUMED, own, (receiver,))
    host = top.by or top.by_address
    assumed = _assumed(host, own.authserv_ids) if host and not any(map(str.isspace, host)) else None
    if assumed is None:
        return Receiving(Basis.UNKNOWN, own)
    return Receiving(Basis.ASSUMED, assumed._replace(names=assumed.names | _delivering(top)))


def _delivering(top: Hop) -> frozenset[str]:
    """The name of the server that delivered to the mailbox by LMTP, which is the
    receiver's own (RFC 2033 section 5); none where the line names anything else."""
    word = (top.client_name or top.helo or "").lower()
    if top.kind != "lmtp" or top.client_address or not _is_host(word):
        return frozenset()
    return frozenset((word,))


def _is_only_helo(hop: Hop) -> bool:
    """Whether the address of a line may be the client's own word: a literal as HELO,
    and no second one beside it. Exim writes what it saw in that place (host.c,
    sender_rcvhost)."""
    literal = (hop.helo or "").strip("[]").lower().removeprefix("ipv6:")
    alone = literal == hop.client_address and not hop.client_name
    return alone and hop.dialect != "exim" and hop.raw.count(hop.client_address or "?") == 1


def _mailbox_line(hops: Iterable[Hop]) -> Hop | None:
    """The line of the mailbox's own system: the topmost one with a writer, but for the
    lines of a program that fetched the mail from it."""
    return next((hop for hop in hops if not is_note(hop) and hop.kind != "fetch"), None)


def is_note(hop: Hop) -> bool:
    """A line such as qmail's "(qmail 2756 invoked from network)": no writer and no
    client."""
    return (
        hop.by is None
        and hop.by_address is None
        and hop.client_address is None
        and hop.helo is None
        and hop.client_name is None
    )


@lru_cache(maxsize=64)
def _named(own: OwnServers) -> Receiving:
    """What is named, with all of the receivers that a name belongs to."""
    keys = [*own.receivers]
    for word in own.names:
        keys += [one.key for one in receivers_named(word)]
    return Receiving(Basis.SETTINGS, own, tuple(RECEIVERS[key] for key in dict.fromkeys(keys)))


def belonging(own: OwnServers) -> tuple[Receiver, ...]:
    """The receivers of the table that only a name or suffix of theirs brought in."""
    return tuple(one for one in _named(own).receivers if one.key not in own.receivers)


@lru_cache(maxsize=4096)
def _assumed(host: str, authserv_ids: frozenset[str]) -> OwnServers | None:
    """One host as the reader's own; None for a writer that is no name to go by."""
    name = host.lower().rstrip(".")
    if not name.strip("*.") or len(name) > 255 or name.startswith((".", "*")):
        return None
    own = own_servers((name,)) if _is_host(name) else OwnServers(frozenset((name,)))
    return OwnServers(own.names, own.networks, authserv_ids, (), True)


def _is_host(name: str) -> bool:
    return bool(_WITH_LETTER.fullmatch(name))


def _instant(hop: Hop) -> int | None:
    return hop.stamp.instant if hop.stamp else None
