"""Where the messages of a campaign came from: the client addresses of their first hops,
with the names that the relay saw and what data say of them.

An address is worth what its line is worth: a first hop that no trusted server wrote is
a claim (`trust_boundary` in the facts). Country and network come from data of a certain
day, which may not be the message's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.places import Gazetteer, Place

SHOWN = 50  # addresses that are listed, those of most messages first; all are counted
_NAMES = 5  # of an address that are listed


class Country(NamedTuple):
    """The origins in one country."""

    country: str | None  # ISO 3166-1 alpha-2; None: the data do not say
    addresses: int
    messages: int


class Origin(NamedTuple):
    """One client address."""

    address: str
    names: tuple[str, ...]  # that the relays saw, by the alphabet
    messages: int
    first_seen: int | None  # seconds since 1970
    last_seen: int | None
    place: Place | None  # None: no data were named


class Origins(NamedTuple):
    """The client addresses of a campaign's first hops."""

    addresses: int
    messages: int  # that name one
    inside: int  # that name an address of an inside network instead
    countries: tuple[Country, ...] | None  # None: no data were named
    shown: tuple[Origin, ...]  # those of most messages


def origins_of(summaries: Iterable[MessageSummary], gazetteer: Gazetteer) -> Origins:
    """The origins of messages."""
    by_address: defaultdict[str, list[MessageSummary]] = defaultdict(list)
    inside = 0
    for one in summaries:
        address = one.first.client_address if one.first else None
        if address and space_of(address) is Space.INSIDE:
            inside += 1  # of a network that is not the Internet: it places nobody
        elif address:
            by_address[address].append(one)
    ordered = sorted(by_address.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return Origins(
        len(ordered),
        sum(len(many) for many in by_address.values()),
        inside,
        _countries(ordered, gazetteer) if gazetteer else None,
        tuple(_origin(address, many, gazetteer) for address, many in ordered[:SHOWN]),
    )


def _countries(
    origins: list[tuple[str, list[MessageSummary]]], gazetteer: Gazetteer
) -> tuple[Country, ...]:
    addresses, messages = Counter[str | None](), Counter[str | None]()
    for address, many in origins:
        country = gazetteer.place(address).country
        addresses[country] += 1
        messages[country] += len(many)
    ordered = sorted(addresses, key=lambda country: (-addresses[country], country is None, country))
    return tuple(Country(country, addresses[country], messages[country]) for country in ordered)


def _origin(address: str, summaries: list[MessageSummary], gazetteer: Gazetteer) -> Origin:
    times = [one.instant for one in summaries if one.instant is not None]
    names = sorted(
        {one.first.client_name for one in summaries if one.first and one.first.client_name}
    )
    return Origin(
        address,
        tuple(names[:_NAMES]),
        len(summaries),
        min(times, default=None),
        max(times, default=None),
        gazetteer.place(address) if gazetteer else None,
    )
