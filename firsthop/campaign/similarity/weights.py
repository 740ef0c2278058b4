"""What sharing a value is worth, in bits, frozen for an epoch so that a replay gives
the same result.

    p(v)   = max(authenticated-domain share, background share, share within the heap,
           share within a platform's mail, 0.5/N, floors)
    credit = min(16, -log2 p) * reliability of v's family, in whole thousandths of a bit

Share within the heap: in the first epoch min(share of messages, share outside v's three
busiest months), so that no campaign hides itself by its size; from the second on the
share of the other campaigns that carry v, beside one that does, each counted once, of
FEWEST at least (few campaigns measure no share). Authenticated domains: a value that
stands in the mail of many domains whose owners signed for it is a platform, not a
campaign. Within a platform: within_platforms.py; `labels` are the campaigns of the
messages, as far as they are known, that each is counted once. Floors: a host is at most
16 times rarer than its organisation (servers of a pool are drawn at random), and a
value that no background knows, and that is no sender's own constant, is at most 30
times rarer than two random mails agree on its family.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from math import inf, log2

from firsthop.campaign.background import Background
from firsthop.campaign.features.families import FAMILIES, VIEWS
from firsthop.campaign.similarity.counts import Counted, HeapCount, ValueCount
from firsthop.campaign.similarity.everybodys import share_of_everybody
from firsthop.campaign.similarity.parameters import ClusteringParameters
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.within_platforms import shares_within_platforms

_ROWS = tuple(FAMILIES.values())
VIEW_OF = tuple(VIEWS.index(family.view) for family in _ROWS)
AGAINST = tuple(family.against for family in _ROWS)
_ASSERTED = VIEWS.index("asserted")
FEWEST = 200  # campaigns
_PLATFORM_DOMAINS = 3  # authenticated domains from which on their share counts
_PLATFORM_SHARE = 0.25  # of the carriers that must be authenticated for it


class Weights:
    """What sharing each value of a store is worth, by value number; at first
    nothing."""

    def __init__(self, store: Store, settings: ClusteringParameters) -> None:
        self.store, self.settings = store, settings
        self.share = array("d", [1.0]) * len(store.hashes)  # how common it is
        self.weight = array("i", [0]) * len(store.hashes)  # thousandths of a bit
        self._calling = bytearray()  # as far as it was asked for
        self._least_claim = inf

    def calling(self) -> bytearray:
        """By value, whether it calls up candidates: it is rare and telling enough, or a
        claim that weighs something."""
        self._look()
        return self._calling

    def least_claim(self) -> float:
        """The least weight of a claim that weighs something."""
        self._look()
        return self._least_claim

    def _look(self) -> None:
        """Looks at the values that came since."""
        rarest, least = self.settings.linkable_share, 1000 * self.settings.linkable_bits
        for value in range(len(self._calling), len(self.weight)):
            weight = self.weight[value]
            claims = weight > 0 and VIEW_OF[self.store.families[value]] == _ASSERTED
            if claims:
                self._least_claim = min(self._least_claim, weight)
            self._calling.append(claims or (weight >= least and self.share[value] <= rarest))

    def rows(self) -> Iterator[tuple[int, float, float]]:
        """hash, share and bits of the values that two messages or more carry."""
        for value, carriers in enumerate(self.store.counts):
            if carriers > 1:
                yield self.store.hashes[value], self.share[value], self.weight[value] / 1000

    def extend(self) -> None:
        """Weighs the values that came since as worth nothing."""
        self.share.extend([1.0] * (len(self.store.hashes) - len(self.share)))
        self.weight.extend([0] * (len(self.store.hashes) - len(self.weight)))


def recorded(
    store: Store, rows: Iterable[tuple[int, float, float]], settings: ClusteringParameters
) -> Weights:
    """The weights that an earlier clustering froze, for a store of some of its
    messages; a value that has none is worth nothing."""
    number = {hashed: value for value, hashed in enumerate(store.hashes)}
    weights = Weights(store, settings)
    for hashed, share, bits in rows:
        if (value := number.get(hashed)) is not None:
            weights.share[value], weights.weight[value] = share, round(1000 * bits)
    return weights


class Epoch(Weights):
    """The weights of a store's values, counted; values that came later are weighed as
    rare, until the next epoch."""

    def __init__(
        self,
        store: Store,
        counted: Counted,
        background: Background,
        settings: ClusteringParameters,
        labels: Sequence[int] | None = None,
        former: Epoch | None = None,
    ) -> None:
        """`former`: the epoch before, of the same messages and background, in which the
        values are as rare as they can be in this one."""
        super().__init__(store, settings)
        self._background = background
        self._total = counted.heap()
        self._floors = self._rarest_of_families(self._total.messages + background.messages)
        self._most = list(map(self._weight_of, range(len(_ROWS)), self._floors))
        # by value: the share it has before the heap is counted
        self._least: array[float] = (
            former._least if former else array("d", map(self._rarest, range(len(self.share))))
        )
        self._fill(counted)
        for value, share in shares_within_platforms(store, labels, background).items():
            self.share[value] = max(self.share[value], share)
        self.weight = array("i", map(self._weight, range(len(self.share)), self.share))

    def extend(self) -> None:
        """Weighs the values that came since the epoch began, as values of one
        message."""
        for value in range(len(self.share), len(self.store.hashes)):
            self.share.append(self._rarest(value))
            self.weight.append(self._weight(value, self.share[value]))

    def _fill(self, counted: Counted) -> None:
        self.share[:] = self._least
        for count in counted.values():
            family = _ROWS[self.store.families[count.value]]
            if family.view != VIEWS[_ASSERTED]:
                here = _platform(count, self._total) if family.own else _in_heap(count, self._total)
                self.share[count.value] = max(self.share[count.value], here)
        for value, parent in enumerate(self.store.parents):
            if parent >= 0:
                self.share[value] = max(self.share[value], self.share[parent] / self.settings.pool)

    def _rarest(self, value: int) -> float:
        """How rare a value can be before the heap is counted."""
        number = self.store.families[value]
        floor = self._floors[number]
        if VIEW_OF[number] == _ASSERTED:
            return floor
        known = self._background.share(self.store.hashes[value], _ROWS[number].name)
        text = self.store.texts.get(value)  # of a value that several messages carry
        if text:
            known = max(known, share_of_everybody(_ROWS[number].name, text))
        return max(known, floor)

    def _rarest_of_families(self, reference: int) -> list[float]:
        """How rare a value of each family can be that nobody else has; `reference`:
        the messages that are known. One source says the same of all its messages:
        there is nothing to count."""
        unseen = self.settings.unseen
        return [
            family.chance
            if family.view == VIEWS[_ASSERTED]
            else max(0.5 / reference, 0.0 if family.own else family.chance / unseen)
            for family in _ROWS
        ]

    def _weight(self, value: int, share: float) -> int:
        number = self.store.families[value]  # most values are as rare as can be
        return (
            self._most[number] if share == self._floors[number] else self._weight_of(number, share)
        )

    def _weight_of(self, number: int, share: float) -> int:
        family = _ROWS[number]
        if self.settings.views is not None and family.view not in self.settings.views:
            return 0
        return round(1000 * min(self.settings.cap, -log2(min(1.0, share))) * family.reliability)


def _in_heap(count: ValueCount, total: HeapCount) -> float:
    """The greater of the platform share and the guarded share within the heap."""
    platform = _platform(count, total)
    if total.clustered:
        others = max(total.campaigns - 1, FEWEST)
        return max(platform, (count.campaigns - 1) / others)
    return max(platform, min(count.campaigns / total.campaigns, count.outside))


def _platform(count: ValueCount, total: HeapCount) -> float:
    """The share of authenticated domains, of a value that enough of them have."""
    if (
        count.domains >= _PLATFORM_DOMAINS
        and count.authenticated >= _PLATFORM_SHARE * count.messages
    ):
        return count.domains / total.domains
    return 0.0
