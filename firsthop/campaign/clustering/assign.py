"""Puts messages into clusters, one after another, on three levels at once: each
campaign lies in one operation, each wave in one campaign.

A message is compared with the latest carriers of the values it shares with others, here
or by an engine (`links`), and joins the cluster with the best sum of its three best
links. Nothing expires: two waves of one campaign may lie months apart. Nothing is split
while messages come; once all are there, what a single message or report holds together
is taken apart (carried.py), on the levels of campaigns and waves."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from firsthop.campaign.clustering.clusters import Clusters
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.campaign.similarity.score import Score, Scorer
from firsthop.campaign.similarity.scored_pairs import ScoredPairs
from firsthop.system.progress import SILENT, Progress

_BEST = 3  # links of a message to a cluster that are summed
# thousandths of a bit that values too common to call up candidates may add to a pair
_COMMON = 8_000
_NONE = -1


class Link(NamedTuple):
    """Row of table `link`, by message numbers."""

    a: int
    b: int
    bits: float


class Assigner:
    """The state of the assignment: clusters of each level, and the latest carriers of
    each linkable value."""

    def __init__(self, scorer: Scorer, messages: int | None = None, *, raised: float = 0.0) -> None:
        self.scorer = scorer
        settings = scorer.epoch.settings
        taus = settings.taus(messages or len(scorer.store))
        self.taus = tuple(tau + raised for tau in taus)
        self.least = self._weight_of_a_candidate(taus[0])  # thousandths of a bit
        self.levels = tuple(Clusters(level, settings, scorer.store.ids) for level in LEVELS)
        self.compared = ScoredPairs()  # the pairs that were scored here
        self._links = (array("i"), array("i"), array("f"))
        # by value: its latest carrier; most values have one only, and no list
        self._last = array("i")
        # by value of two carriers or more: the latest ones
        self._recent: dict[int, array[int]] = {}
        self._unindexed = array("i")  # messages that an engine compared: no candidates here yet
        self._arrival: dict[int, int] = {}  # by candidate: its place in the order of assignment

    @property
    def links(self) -> Iterator[Link]:
        """The three best links of each message that was compared here to earlier ones,
        where it has any."""
        return map(Link, *self._links)

    def add_all(
        self,
        numbers: Sequence[int],
        known: Mapping[int, tuple[str, str, str]] | None = None,
        links: ScoredPairs | None = None,
        progress: Progress = SILENT,
    ) -> None:
        """Assigns messages in the given order; those with `known` ids come first and
        keep them. Where `links` are given, nothing is compared here."""
        known = known or {}
        if links is not None:
            self._unindexed.extend(numbers)
        homes: dict[tuple[int, str], int] = {}
        for number in numbers:
            if number in known:
                self._restore(number, known[number], homes)
                if links is None:
                    self._index(number)
                progress.step()
        for number in numbers:
            if number not in known:
                self.add(number, self._compared(number) if links is None else links.of(number))
                progress.step()

    def add(self, number: int, links: list[tuple[int, Score]]) -> None:
        """Assigns one message by its scored pairs with earlier ones, the best first."""
        above: Clusters | None = None
        for index, clusters in enumerate(self.levels):
            near = self._linked(links, index)
            if above is not None and near:
                home = above.find(number)
                near = [(other, bits) for other, bits in near if above.find(other) == home]
            self._place(clusters, number, near)
            above = clusters

    def compare(self, number: int) -> list[tuple[int, Score]]:
        """The scored candidates of a message, best first; from now on it is
        one itself."""
        scorer = self.scorer
        for earlier in self._unindexed:
            self._index(earlier)
        del self._unindexed[:]
        of = frozenset(scorer.store.values[number])
        opposing = scorer.opposing(number)
        scored = [
            (other, scorer.score(scorer.shared(of, other), opposing & scorer.opposing(other)))
            for other in self._candidates(number)
        ]
        scored.sort(key=lambda pair: (-pair[1].observed, pair[0]))
        self._index(number)
        return scored

    def _weight_of_a_candidate(self, tau: float) -> float:
        """The shared linkable weight below which no pair can reach the threshold;
        asserted claims link by themselves."""
        return min(1000 * tau - _COMMON, 2 * self.scorer.epoch.least_claim())

    def _linked(self, links: list[tuple[int, Score]], level: int) -> list[tuple[int, float]]:
        tau = self.taus[level]
        return [
            (other, bits)
            for other, score in links
            if (bits := score.linked(level, tau)) is not None
        ]

    def _place(self, clusters: Clusters, number: int, near: list[tuple[int, float]]) -> None:
        by_root: dict[int, list[float]] = {}
        for other, bits in near:
            by_root.setdefault(clusters.find(other), []).append(bits)
        if not by_root:
            clusters.open(number)
            return
        if len(by_root) == 1:
            clusters.join(number, next(iter(by_root)))
            return
        best = max(
            by_root, key=lambda root: (sum(sorted(by_root[root], reverse=True)[:_BEST]), -root)
        )
        clusters.join(number, best)
        for root in by_root:
            if root != best:
                clusters.bridge(root, number)

    def _candidates(self, number: int) -> list[int]:
        """The recent carriers of the message's values, those with the most
        shared bits; of equal ones the earlier, as `sql/candidate.sql` has it."""
        weights, calling = self.scorer.epoch.weight, self.scorer.epoch.calling()
        sums: dict[int, int] = {}
        for value in self.scorer.store.values[number]:
            if calling[value]:
                weight = weights[value]
                for other in self._carriers(value):
                    sums[other] = sums.get(other, 0) + weight
        least = self.least
        near = [other for other, weight in sums.items() if weight >= least]
        limit = self.scorer.epoch.settings.candidates
        if len(near) <= limit:
            return near
        return sorted(near, key=lambda other: (-sums[other], self._arrival[other]))[:limit]

    def _carriers(self, value: int) -> Sequence[int]:
        """The latest carriers of a value."""
        several = self._recent.get(value)
        if several is not None:
            return several
        last = self._last[value] if value < len(self._last) else _NONE
        return () if last == _NONE else (last,)

    def _index(self, number: int) -> None:
        calling, window = self.scorer.epoch.calling(), self.scorer.epoch.settings.window
        self._arrival[number] = len(self._arrival)
        for value in self.scorer.store.values[number]:
            if calling[value]:
                self._carry(value, number, window)

    def _carry(self, value: int, number: int, window: int) -> None:
        """Notes the latest carrier of a value."""
        if value >= len(self._last):
            self._last.extend([_NONE] * (len(self.scorer.store.hashes) - len(self._last)))
        carriers = self._recent.get(value)
        if carriers is not None:
            if len(carriers) == window:
                del carriers[0]
            carriers.append(number)
        elif self._last[value] == _NONE:
            self._last[value] = number
        else:
            self._recent[value] = array("i", (self._last[value], number))

    def _compared(self, number: int) -> list[tuple[int, Score]]:
        """The scored candidates of a message, which are kept, as are its best links."""
        pairs = self.compare(number)
        if pairs:
            others, scores = zip(*pairs, strict=True)
            self.compared.add_all([number] * len(pairs), others, zip(*scores, strict=True))
        later, earlier, weights = self._links
        for other, bits in self._linked(pairs, 0)[:_BEST]:
            later.append(number)
            earlier.append(other)
            weights.append(bits)
        return pairs

    def _restore(
        self, number: int, ids: tuple[str, str, str], homes: dict[tuple[int, str], int]
    ) -> None:
        """Puts a message back where it was."""
        for index, (clusters, known) in enumerate(zip(self.levels, ids, strict=True)):
            home = homes.setdefault((index, known), number)
            if home == number:
                clusters.open(number, known=known)
            else:
                clusters.join(number, clusters.find(home))
