"""From the features of messages to clusters on three levels (operations, campaigns,
waves), each link of which can be asked why.

First every message is counted as its own campaign and clustered once; the second epoch
counts each campaign once and is final: its bits stay frozen. If this heap's own chance
rate is over the ceiling, the thresholds are raised until it is not, and that is
reported."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from firsthop.campaign.background import Background, shipped
from firsthop.campaign.clustering.assign import Assigner
from firsthop.campaign.clustering.chance import ChanceMeasure, ChanceRate
from firsthop.campaign.clustering.clusters import Alias
from firsthop.campaign.clustering.correlator import Correlator
from firsthop.campaign.clustering.settling import settle
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.similarity.parameters import LEVELS, ClusteringParameters
from firsthop.campaign.similarity.score import Scorer
from firsthop.campaign.similarity.scored_pairs import ScoredPairs
from firsthop.campaign.similarity.store import NEVER, Store
from firsthop.campaign.similarity.weights import Epoch
from firsthop.system.progress import SILENT, Progress

EPOCHS = 2
CEILING = 0.01  # chance links for each link of the heap, on the level of a campaign
_STEP = 2.0  # bits by which the thresholds are raised at a time
_MOST_STEPS = 4
Known = Mapping[str, tuple[str, str, str]]  # message id -> ids of its operation, campaign and wave


class Cluster(NamedTuple):
    """One cluster of two messages or more."""

    id: str
    level: str  # operation | campaign | wave
    parent: str | None  # id of the cluster of the level above that holds it
    members: tuple[int, ...]  # message numbers, in order of time
    first_seen: int | None  # seconds since 1970
    last_seen: int | None
    aliases: tuple[Alias, ...]

    @property
    def size(self) -> int:
        """How many messages."""
        return len(self.members)


class Clustering:
    """The clusters of a heap of messages, with what they were made by."""

    def __init__(
        self,
        store: Store,
        assigner: Assigner,
        background: Background,
        rates: tuple[ChanceRate, ...],
        raised: float,
    ) -> None:
        self.store, self.assigner, self.background = store, assigner, background
        self.rates = rates  # what chance does in this heap
        self.raised = raised  # bits by which the thresholds had to be raised
        self._clusters: tuple[Cluster, ...] | None = None  # once they were asked for

    @property
    def scorer(self) -> Scorer:
        """The frozen weights."""
        return self.assigner.scorer

    def add(self, stream: Iterable[MessageFeatures]) -> list[int]:
        """Assigns mail that came later, with the frozen bits; ids stay and merges are
        recorded. Gives the new messages' numbers."""
        self._clusters = None
        new = self.store.extend(stream)
        self.scorer.epoch.extend()
        self.assigner.add_all(self.store.in_time(new))
        return new

    def clusters(self, level: str | None = None) -> tuple[Cluster, ...]:
        """The clusters of two messages or more: operations first, the largest first."""
        if self._clusters is None:
            order = array("i", self.store.in_time(range(len(self.store))))
            self._clusters = tuple(
                c for index in range(len(LEVELS)) for c in self._clusters_of(index, order)
            )
        return tuple(c for c in self._clusters if level in (None, c.level))

    def home(self, message: int, level: str) -> str:
        """The id of the cluster that holds a message."""
        return self.assigner.levels[LEVELS.index(level)].id_of(message)

    def aliases(self) -> tuple[Alias, ...]:
        """All merges, in the order in which they were made."""
        return tuple(alias for clusters in self.assigner.levels for alias in clusters.aliases)

    def _clusters_of(self, index: int, order: Iterable[int]) -> list[Cluster]:
        clusters = self.assigner.levels[index]
        members: defaultdict[int, list[int]] = defaultdict(list)
        for number in order:
            root = clusters.find(number)
            if clusters.size(root) > 1:
                members[root].append(number)
        aliases = _alias_index(clusters.aliases)
        clusters_of_several = [self._cluster(index, many, aliases) for many in members.values()]
        return sorted(
            clusters_of_several, key=lambda c: (-c.size, c.first_seen is None, c.first_seen, c.id)
        )

    def _cluster(
        self, index: int, members: list[int], aliases: Mapping[str, list[Alias]]
    ) -> Cluster:
        times = [self.store.instants[n] for n in members if self.store.instants[n] != NEVER]
        own = self.assigner.levels[index].id_of(members[0])
        parent = self.assigner.levels[index - 1].id_of(members[0]) if index else None
        return Cluster(
            own,
            LEVELS[index],
            parent,
            tuple(members),
            min(times, default=None),
            max(times, default=None),
            tuple(aliases.get(own, ())),
        )


class _Compared(NamedTuple):
    """A heap whose pairs are scored, ready for its assignment."""

    scorer: Scorer
    order: Sequence[int]
    kept: Mapping[int, tuple[str, str, str]]  # the ids of messages that were clustered before
    links: ScoredPairs | None
    progress: Progress

    def assigned(self, phase: str, raised: float = 0.0) -> Assigner:
        """The clusters, with thresholds that are so many bits higher."""
        self.progress.begin(f"gathering{phase}", len(self.order))
        assigner = Assigner(self.scorer, raised=raised)
        assigner.add_all(self.order, self.kept, self.links, self.progress)
        return assigner

    def labels(self, phase: str) -> Sequence[int]:
        """By message: its campaign."""
        campaigns = self.assigned(phase).levels[1]
        return array("i", map(campaigns.find, range(len(self.order))))


def cluster_messages(
    store: Store,
    correlator: Correlator,
    background: Background | None = None,
    settings: ClusteringParameters | None = None,
    known: Known | None = None,
    progress: Progress = SILENT,
) -> Clustering:
    """The clusters of the store's messages, which the correlator counts and compares;
    it ends as soon as it has. `known` are those that messages are in already. Without a
    background the shipped one counts."""
    background = shipped() if background is None else background
    settings = settings or ClusteringParameters()
    kept = {store.number[one]: ids for one, ids in (known or {}).items() if one in store.number}
    order = array("i", sorted(store.in_time(range(len(store))), key=lambda one: one not in kept))
    labels: Sequence[int] | None = None
    weights: Epoch | None = None
    for epoch in range(1, EPOCHS + 1):
        phase = f" {epoch}/{EPOCHS}"
        progress.begin(f"weighing{phase}")
        counted = correlator.count(store, labels)
        weights = Epoch(store, counted, background, settings, labels, weights)
        progress.begin(f"comparing{phase}")
        scorer = Scorer(store, weights)
        empty = Assigner(scorer)
        first = len(kept) + 1
        links = correlator.links(weights, order, first, empty.taus[0], ceil(empty.least))
        compared = _Compared(scorer, order, kept, links, progress)
        if epoch < EPOCHS:
            labels = compared.labels(phase)
            del compared, links  # they go before there are new ones
    correlator.end()
    return _calibrated(compared, phase, background)


def _calibrated(compared: _Compared, phase: str, background: Background) -> Clustering:
    """The clusters with thresholds high enough for the heap's own chance rate, taken
    apart where one witness holds them together."""
    assigner = compared.assigned(phase)
    compared.progress.begin("measuring chance")
    steps = [_STEP * step for step in range(_MOST_STEPS + 1)]
    measured = ChanceMeasure(assigner).rates_at(steps)
    raised, rates = next(
        (pair for pair in zip(steps, measured, strict=True) if _is_low(pair[1])),
        (steps[-1], measured[-1]),
    )
    if raised:
        del assigner  # it goes before there is another
        assigner = compared.assigned(f", thresholds raised by {raised:g} bits", raised)
        compared.progress.begin("measuring chance")
        rates = ChanceMeasure(assigner).rates()
    pairs = assigner.compared if compared.links is None else compared.links
    settle(assigner, pairs, compared.kept)
    return Clustering(assigner.scorer.store, assigner, background, rates, raised)


def _is_low(rates: Iterable[ChanceRate]) -> bool:
    return all(rate.rate <= CEILING for rate in rates if rate.level != "operation")


def _alias_index(aliases: Iterable[Alias]) -> dict[str, list[Alias]]:
    """By surviving id, all the ids that led to it, chains followed."""
    survivor: dict[str, str] = {}
    kept = list(aliases)
    for alias in kept:
        survivor[alias.old] = alias.new
    by_survivor: dict[str, list[Alias]] = {}
    for alias in kept:
        last = alias.new
        while last in survivor:
            last = survivor[last]
        by_survivor.setdefault(last, []).append(alias)
    return by_survivor
