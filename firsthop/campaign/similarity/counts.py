"""How the values of a heap are spread: over messages, campaigns, months and
authenticated domains. The counts that weighing needs, and their in-memory source.

Another engine gives the same rows from tables: `Counted` is the protocol between them,
plain Python data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from firsthop.campaign.similarity.parameters import ClusteringParameters
from firsthop.campaign.similarity.store import Store

# messages; a larger heap is counted in several passes, so that the carriers of a part
# of the values are in memory at a time
_SLICE = 200_000


class ValueCount(NamedTuple):
    """One value of the heap."""

    value: int  # its number (in memory) or hash (in tables)
    messages: int  # that carry it
    campaigns: int  # distinct campaigns among them; in the first epoch each message is its own
    outside: float  # its share of the messages outside its three busiest months
    authenticated: int  # carriers whose author domain the receiver found authenticated
    domains: int  # distinct such domains


class HeapCount(NamedTuple):
    """The whole heap."""

    messages: int
    campaigns: int
    domains: int  # distinct authenticated author domains
    gathered: bool  # campaigns were told apart before this count


class Counted(Protocol):
    """A heap that can be counted, whatever holds it."""

    def heap(self) -> HeapCount:
        """The whole."""

    def values(self) -> Iterator[ValueCount]:
        """The values that at least two messages carry; the rest are as rare as
        can be."""


class MemoryCounts:
    """The counts of a Store under an assignment of its messages to campaigns (None:
    each message is its own)."""

    def __init__(
        self, store: Store, settings: ClusteringParameters, labels: Sequence[int] | None = None
    ) -> None:
        self._store, self._settings = store, settings
        self._gathered = labels is not None
        self._labels: Sequence[int] = range(len(store)) if labels is None else labels
        self._months = [store.month(n) for n in range(len(store))]
        self._in_month = Counter(self._months)

    def heap(self) -> HeapCount:
        """The whole."""
        return HeapCount(
            len(self._store),
            len(set(self._labels)),
            len(set(self._store.domains) - {-1}),
            self._gathered,
        )

    def values(self) -> Iterator[ValueCount]:
        """The values that at least two messages carry."""
        passes = 1 + len(self._store) // _SLICE
        for part in range(passes):
            for value, carriers in self._carriers(part, passes).items():
                yield self._count(value, carriers)

    def _carriers(self, part: int, passes: int) -> dict[int, list[int]]:
        counts, found = self._store.counts, dict[int, list[int]]()
        for message, values in enumerate(self._store.values):
            for value in values:
                if counts[value] > 1 and value % passes == part:
                    found.setdefault(value, []).append(message)
        return found

    def _count(self, value: int, carriers: list[int]) -> ValueCount:
        domains = [d for d in map(self._store.domains.__getitem__, carriers) if d >= 0]
        campaigns = len(set(map(self._labels.__getitem__, carriers)))
        return ValueCount(
            value,
            len(carriers),
            campaigns,
            self._outside(carriers),
            len(domains),
            len(set(domains)),
        )

    def _outside(self, carriers: list[int]) -> float:
        """The value's share outside its busiest months; 0 where it has no other."""
        months = Counter(map(self._months.__getitem__, carriers))
        top = sorted(months.items(), key=lambda pair: (-pair[1], pair[0]))[
            : self._settings.busiest_months
        ]
        rest = len(self._store) - sum(self._in_month[month] for month, _ in top)
        return (len(carriers) - sum(n for _, n in top)) / rest if rest else 0.0
