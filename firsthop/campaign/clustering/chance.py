"""How often this heap would be linked by chance: its views are shuffled between its
mails, and the links that survive are counted.

Whole views move, so that what depends on itself stays together; once over the heap,
once within each month, where fashion and collection keep their share. One mail of each
campaign is shuffled, for the mails of one campaign would only be dealt its own cards.
The rate of chance links of such pairs is then held against the links that the heap has.
Left out are asserted claims, which are the same for all mail of a publication, and what
ties two mails by one view alone (`alone_bits`): no shuffle of views takes it apart, so
it is none that chance made."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from firsthop.campaign.clustering.assign import Assigner
from firsthop.campaign.features.families import VIEWS
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.campaign.similarity.score import Scorer
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import VIEW_OF

SAMPLE = 4_000  # campaigns at most whose mail is shuffled
PER_CAMPAIGN = 5  # mails of a campaign that count among the heap's links


class ChanceRate(NamedTuple):
    """One level under one shuffle."""

    level: str
    shuffle: str  # heap | month
    units: int  # mails shuffled
    false_pairs: int  # chance links among them
    pairs: int  # all pairs of them
    links: int  # links of the heap, with at most PER_CAMPAIGN mails of a campaign
    rate: float  # expected chance links for each link of the heap


class ChanceMeasure:
    """The calibration of an assignment."""

    def __init__(self, assigner: Assigner, seed: int = 1) -> None:
        self._assigner, self._store = assigner, assigner.scorer.store
        self._random = random.Random(seed)  # noqa: S311 - a reproducible shuffle, no secret

    def rates(self) -> tuple[ChanceRate, ...]:
        """The false-link rates of the heap, by level and shuffle."""
        return self.rates_at((0.0,))[0]

    def rates_at(self, raises: Sequence[float]) -> list[tuple[ChanceRate, ...]]:
        """The same with thresholds that are so many bits higher, for each of them; all
        are counted at once."""
        units = self._units(1)
        chosen = sorted(self._random.sample(units, min(SAMPLE, len(units))))
        capped = self._units(PER_CAMPAIGN)
        real = self._count(capped, self._store, raises)
        by_raise: list[list[ChanceRate]] = [[] for _ in raises]
        for name, stratum in (("heap", _whole), ("month", self._store.month)):
            shuffled = self._shuffled(chosen, stratum)
            false = self._count(list(range(len(shuffled))), shuffled, raises)
            for rates, falsely, really in zip(by_raise, false, real, strict=True):
                rates += [
                    self._rate(
                        level, name, (len(chosen), len(capped)), falsely[level], really[level]
                    )
                    for level in range(len(LEVELS))
                ]
        return [tuple(rates) for rates in by_raise]

    def _rate(
        self, level: int, shuffle: str, sizes: tuple[int, int], false: int, real: int
    ) -> ChanceRate:
        pairs, whole = (n * (n - 1) // 2 for n in sizes)
        rate = false / pairs * whole / real if pairs and real else 0.0
        return ChanceRate(LEVELS[level], shuffle, sizes[0], false, pairs, real, rate)

    def _units(self, most: int) -> list[int]:
        """At most so many mails of each campaign, spread over its time, in order of
        time."""
        campaigns = self._assigner.levels[1]
        members: defaultdict[int, list[int]] = defaultdict(list)
        for number in self._store.in_time(range(len(self._store))):
            members[campaigns.find(number)].append(number)
        kept = [
            one
            for many in members.values()
            for one in (many if len(many) <= most else many[:: max(1, len(many) // most)][:most])
        ]
        return self._store.in_time(kept)

    def _shuffled(self, chosen: list[int], stratum: Callable[[int], int]) -> Store:
        """A store of mails whose views were dealt anew."""
        by_stratum: defaultdict[int, list[int]] = defaultdict(list)
        for number in chosen:
            by_stratum[stratum(number)].append(number)
        hands = _Hands(self._store)
        for members in by_stratum.values():
            for view in range(len(VIEWS)):
                others = list(members)
                self._random.shuffle(others)
                for number, other in zip(members, others, strict=True):
                    hands.deal(number, other, view)
        return hands.store(chosen)

    def _count(
        self, numbers: Sequence[int], store: Store, raises: Sequence[float]
    ) -> list[list[int]]:
        """The links of each level among messages, for each raise of the thresholds."""
        dealt = store is not self._store
        trial = Assigner(Scorer(store, self._assigner.scorer.epoch, alone=not dealt))
        taus = [[tau + raised for tau in self._assigner.taus] for raised in raises]
        counts = [[0] * len(LEVELS) for _ in raises]
        for number in numbers:
            for _, score in trial.compare(number):
                if score.views >= 2 and score.observed >= taus[0][0]:
                    for links, levels in zip(counts, taus, strict=True):
                        for level, tau in enumerate(levels):
                            links[level] += score.observed >= tau
        return counts


def _whole(_number: int) -> int:
    return 0


class _Hands:
    """What messages are dealt: the views of others."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_view: dict[int, list[list[int]]] = {}  # by message: its values, view by view
        self._values: defaultdict[int, list[int]] = defaultdict(list)
        self._held: Counter[int] = Counter()

    def deal(self, number: int, other: int, view: int) -> None:
        """One view of another message."""
        self._values[number] += self._of(other)[view]
        self._held[number] |= self._store.held[other] & _FAMILIES_OF[view]

    def store(self, chosen: Sequence[int]) -> Store:
        """A view of the store with other values in its messages."""
        store, dealt = self._store, Store()
        for number in chosen:
            dealt.ids.append(store.ids[number])
            dealt.values.append(sorted(set(self._values[number])))
            dealt.held.append(self._held[number])
        dealt.families, dealt.hashes, dealt.texts = store.families, store.hashes, store.texts
        return dealt

    def _of(self, number: int) -> list[list[int]]:
        views = self._by_view.get(number)
        if views is None:
            views = self._by_view[number] = [[] for _ in VIEWS]
            for value in self._store.values[number]:
                views[VIEW_OF[self._store.families[value]]].append(value)
        return views


# by view: its families, as a set of bits
_FAMILIES_OF = [
    sum(1 << number for number, of in enumerate(VIEW_OF) if of == view)
    for view in range(len(VIEWS))
]
