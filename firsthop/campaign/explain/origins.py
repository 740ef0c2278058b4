"""Where the messages of a campaign came from: the client addresses of their first hops,
with the names that the relay saw and what data say of them.

An address is worth what its line is worth: a first hop that no trusted server wrote is
a claim (`trust_boundary` in the facts). Country and network come from data of a certain
day, which may not be the message's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.places import Gazetteer
from firsthop.evidence.timestamp import utc_text

SHOWN = 50  # addresses that are told, those of most messages first; all are counted


def origins_json(summaries: Iterable[MessageSummary], gazetteer: Gazetteer) -> dict[str, Any]:
    """The origins of messages. `countries` is None where no data were named; `inside`
    messages name an address of an inside network instead."""
    by_address: defaultdict[str, list[MessageSummary]] = defaultdict(list)
    inside = 0
    for one in summaries:
        address = one.first.client_address if one.first else None
        if address and space_of(address) is Space.INSIDE:
            inside += 1  # of a network that is not the Internet: it places nobody
        elif address:
            by_address[address].append(one)
    ordered = sorted(by_address.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {
        "addresses": len(ordered),
        "messages": sum(len(many) for many in by_address.values()),
        "inside": inside,
        "countries": _countries(ordered, gazetteer) if gazetteer else None,
        "shown": [_origin(address, many, gazetteer) for address, many in ordered[:SHOWN]],
    }


def _countries(
    origins: list[tuple[str, list[MessageSummary]]], gazetteer: Gazetteer
) -> list[dict[str, Any]]:
    addresses, messages = Counter[str | None](), Counter[str | None]()
    for address, many in origins:
        country = gazetteer.place(address).country
        addresses[country] += 1
        messages[country] += len(many)
    ordered = sorted(addresses, key=lambda country: (-addresses[country], country is None, country))
    return [
        {"country": country, "addresses": addresses[country], "messages": messages[country]}
        for country in ordered
    ]


def _origin(address: str, summaries: list[MessageSummary], gazetteer: Gazetteer) -> dict[str, Any]:
    times = [one.instant for one in summaries if one.instant is not None]
    names = sorted(
        {one.first.client_name for one in summaries if one.first and one.first.client_name}
    )
    return {
        "address": address,
        "names": names[:5],
        "messages": len(summaries),
        "first_seen": utc_text(min(times)) if times else None,
        "last_seen": utc_text(max(times)) if times else None,
        "place": gazetteer.place(address)._asdict() if gazetteer else None,
    }
