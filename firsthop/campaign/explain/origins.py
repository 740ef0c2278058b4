"""Where the messages of a campaign came from: the client addresses of their first hops,
with the names that the relay saw and what data say of them.

An address is worth what its line is worth: a first hop that no trusted server wrote is
a claim (`trust_boundary` in the facts). Country and network come from data of a certain
day, which may not be the message's."""

from __future__ import annotations

from collections import Counter, defaultdict
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


class OriginCounts:
    """Counts the origins of messages one by one."""

    def __init__(self) -> None:
        self._by_address: defaultdict[str, _Seen] = defaultdict(_Seen)
        self._inside = 0

    def add(self, one: MessageSummary) -> None:
        """One more message."""
        address = one.first.client_address if one.first else None
        if address and space_of(address) is Space.INSIDE:
            self._inside += 1  # of a network that is not the Internet: it places nobody
        elif address:
            self._by_address[address].add(one)

    def origins(self, gazetteer: Gazetteer) -> Origins:
        """The origins of all."""
        ordered = sorted(self._by_address.items(), key=lambda pair: (-pair[1].messages, pair[0]))
        return Origins(
            len(ordered),
            sum(seen.messages for _, seen in ordered),
            self._inside,
            _countries(ordered, gazetteer) if gazetteer else None,
            tuple(_origin(address, seen, gazetteer) for address, seen in ordered[:SHOWN]),
        )


class _Seen:
    """What the messages from one address tell of it."""

    __slots__ = ("first", "last", "messages", "names")

    def __init__(self) -> None:
        self.messages = 0
        self.first: int | None = None  # seconds since 1970
        self.last: int | None = None
        self.names: tuple[str, ...] = ()

    def add(self, one: MessageSummary) -> None:
        """One more message."""
        self.messages += 1
        when, name = one.instant, one.first.client_name if one.first else None
        if when is not None:
            self.first = when if self.first is None else min(self.first, when)
            self.last = when if self.last is None else max(self.last, when)
        if name and name not in self.names:
            self.names = tuple(sorted((*self.names, name))[:_NAMES])


def _countries(origins: list[tuple[str, _Seen]], gazetteer: Gazetteer) -> tuple[Country, ...]:
    addresses, messages = Counter[str | None](), Counter[str | None]()
    for address, seen in origins:
        country = gazetteer.place(address).country
        addresses[country] += 1
        messages[country] += seen.messages
    ordered = sorted(addresses, key=lambda country: (-addresses[country], country is None, country))
    return tuple(Country(country, addresses[country], messages[country]) for country in ordered)


def _origin(address: str, seen: _Seen, gazetteer: Gazetteer) -> Origin:
    return Origin(
        address,
        seen.names,
        seen.messages,
        seen.first,
        seen.last,
        gazetteer.place(address) if gazetteer else None,
    )
