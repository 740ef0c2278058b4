"""To whom something is reported, with what of theirs was seen: the operator of each
server that the mail went through, and of each network that its clients were in.

Never:      reports the receiver's own servers, or an address that is nobody's on the
            public Internet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.publication.exports.forms import is_host, is_plain_address
from firsthop.publication.exports.never import OWN, why_never
from firsthop.publication.exports.observed import moment
from firsthop.publication.exports.source import ExportSource

RELAY, NETWORK = "relay", "network"


class Reported(NamedTuple):
    """One recipient's matter."""

    kind: str
    name: str  # of the server, or the network
    places: tuple[int, ...]  # of the messages in the source's summaries, in order of time


def reported(source: ExportSource) -> tuple[Reported, ...]:
    """All of them, those of most messages first."""
    told: dict[tuple[str, str], list[int]] = {}
    relays = {value for values in source.members for family, value in values if family == "relay"}
    for place, one in enumerate(source.summaries):
        for key in _of_message(source, one, relays):
            told.setdefault(key, []).append(place)
    made = [
        Reported(*key, tuple(sorted(places, key=lambda n: _order(source.summaries[n]))))
        for key, places in told.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.kind, -len(one.places), one.name)))


def _order(one: MessageSummary) -> tuple[bool, int, str, int]:
    when = moment(one)
    return when is None, when or 0, one.uri, one.offset


def _of_message(
    source: ExportSource, one: MessageSummary, relays: Iterable[str]
) -> Iterator[tuple[str, str]]:
    relay = (one.relay or "").rstrip(".")
    if relay in relays and is_host(relay) and why_never(source, "relay", relay) != OWN:
        yield RELAY, relay
    address = one.first.client_address if one.first else None
    network = network_of(address) if address else None
    if network is not None and not source.own.has_address(address):
        yield NETWORK, network


def network_of(address: str) -> str | None:
    """The /24 or /48 of an address of the public Internet."""
    if not is_plain_address(address) or space_of(address) is not Space.PUBLIC:
        return None
    length = 24 if ip_address(address).version == 4 else 48
    return str(ip_network(f"{address}/{length}", strict=False))
