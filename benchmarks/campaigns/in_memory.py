"""The oracle of the engine: the counts of a heap in plain Python, and its clusters by
them. The program itself always counts and compares by an engine
(firsthop/campaign/engine); tests hold it to this, and benchmarks try other settings
with it, without an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from firsthop.campaign.background import Background
from firsthop.campaign.clustering.clustering import Clustering, Known, cluster_messages
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.similarity.counts import Counted, HeapCount, ValueCount
from firsthop.campaign.similarity.parameters import ClusteringParameters
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import Weights

# messages; a larger heap is counted in several passes, so that the carriers of a part
# of the values are in memory at a time
_SLICE = 200_000


def cluster_in_memory(
    mail: Iterable[MessageFeatures],
    background: Background | None = None,
    settings: ClusteringParameters | None = None,
    known: Known | None = None,
) -> Clustering:
    """The clusters of a heap that is counted and compared in memory."""
    store = Store()
    store.extend(mail)
    correlator = MemoryCorrelator(settings or ClusteringParameters())
    return cluster_messages(store, correlator, background, settings, known)


class MemoryCorrelator:
    """Counts here, and leaves the comparing to the assignment."""

    def __init__(self, settings: ClusteringParameters) -> None:
        self._settings = settings

    def count(self, store: Store, labels: Sequence[int] | None) -> Counted:
        """The counts of the heap under an assignment."""
        return MemoryCounts(store, self._settings, labels)

    def links(
        self, weights: Weights, order: Sequence[int], first: int, tau: float, least: int
    ) -> None:
        """None: each message is compared when it is assigned."""

    def end(self) -> None:
        """Nothing was made."""


class MemoryCounts:
    """The counts of a Store under an assignment of its messages to campaigns (None:
    each message is its own)."""

    def __init__(
        self, store: Store, settings: ClusteringParameters, labels: Sequence[int] | None = None
    ) -> None:
        self._store, self._settings = store, settings
        self._clustered = labels is not None
        self._labels: Sequence[int] = range(len(store)) if labels is None else labels
        self._months = [store.month(n) for n in range(len(store))]
        self._in_month = Counter(self._months)

    def heap(self) -> HeapCount:
        """The whole."""
        return HeapCount(
            len(self._store),
            len(set(self._labels)),
            len(set(self._store.domains) - {-1}),
            self._clustered,
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
