"""A campaign in time and its infrastructure: when it was seen and by whose clock, in
which bursts, from which zones, through which hosts.

Times are UTC, each with the hop it comes from. Networks are /24 and /48; countries come
from data that the operator names (origins.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from heapq import nsmallest
from itertools import pairwise
from typing import NamedTuple

from firsthop.campaign.features.families import NUMBER
from firsthop.campaign.first_hops.bursts import Burst, bursts_of
from firsthop.campaign.similarity.store import NEVER, Store

_TABLE = (
    "relay",
    "helo",
    "first_helo",
    "client_address",
    "first_address",
    "client_network",
    "envelope_domain",
    "id_domain",
    "dkim_key",
    "url_domain",
)
_PLACE = {NUMBER[family]: place for place, family in enumerate(_TABLE)}
_ROWS = 20  # of the table, for each family
_UNTOLD = 0x7FFF


class Moment(NamedTuple):
    """A time and whose it is."""

    instant: int  # seconds since 1970
    source: str  # the hop, in words


class Timeline(NamedTuple):
    """A campaign in time."""

    first_seen: Moment | None
    last_seen: Moment | None
    bursts: tuple[Burst, ...]
    gaps: tuple[tuple[int, int], ...]  # start and stop of each quiet time
    # minutes east of UTC of the origin's clock, messages; the commonest first
    zones: tuple[tuple[int, int], ...]
    undated: int  # messages without a time


class Host(NamedTuple):
    """A row of the infrastructure table."""

    family: str
    value: str
    messages: int
    first_seen: int | None
    last_seen: int | None


def timeline(store: Store, members: Iterable[int]) -> Timeline:
    """The timeline of messages."""
    numbers = list(members)
    dated = [n for n in store.in_time(numbers) if store.instants[n] != NEVER]
    bursts = bursts_of(store.instants[number] for number in dated)
    gaps = tuple((a.last, b.first) for a, b in pairwise(bursts))
    zones = Counter(store.zones[n] for n in numbers if store.zones[n] != _UNTOLD).most_common()
    ends = [Moment(store.instants[n], store.source(n) or "") for n in (dated[:1] + dated[-1:])]
    return Timeline(
        ends[0] if ends else None,
        ends[-1] if ends else None,
        bursts,
        gaps,
        tuple(zones),
        len(numbers) - len(dated),
    )


def infrastructure_table(store: Store, members: Iterable[int]) -> tuple[Host, ...]:
    """The hosts and networks of messages, the commonest first within each family;
    values of a single message of the heap are summed up by none."""
    families, texts = store.families, store.texts
    seen: dict[int, list[int]] = {}
    for number in members:
        for value in store.values[number]:
            if (carriers := seen.get(value)) is not None:
                carriers.append(number)
            elif families[value] in _PLACE and value in texts:
                seen[value] = [number]
    rows: dict[int, list[tuple[int, str, list[int]]]] = {}
    for value, carriers in seen.items():
        row = (-len(carriers), texts[value], carriers)
        rows.setdefault(_PLACE[families[value]], []).append(row)
    return tuple(
        _host(store, _TABLE[place], text, carriers)
        for place in sorted(rows)
        for _, text, carriers in nsmallest(_ROWS, rows[place])
    )


def _host(store: Store, family: str, text: str, carriers: list[int]) -> Host:
    times = [store.instants[n] for n in carriers if store.instants[n] != NEVER]
    return Host(family, text, len(carriers), min(times, default=None), max(times, default=None))
