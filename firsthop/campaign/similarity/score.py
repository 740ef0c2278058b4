"""The link between two messages: what they share, view by view, less what speaks
against it, in bits.

    view   = its best value's credit, and a quarter of the second's
             (evidence within a view depends on itself)
    S(a,b) = sum of the views + the worst disagreement of each view, the worst of these
             first, times 1, 1/2, 1/4 (a new creative changes Subject, tags, name and
             link at once: one cause)

Asserted claims are no observation: they are summed apart and count on the level of an
operation only. Sums are made of whole thousandths of a bit, so that every engine
(`sql/agreement_sum.sql`) comes to the same, in whatever order it adds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from firsthop.campaign.features.families import FAMILIES, VIEWS
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import AGAINST, VIEW_OF, Weights

ASSERTED = VIEWS.index("asserted")  # the last view
PARTS = 4000  # of a bit, in which pairs are summed: thousandths, times 4 for the damping
_DAMP = (4, 1)
_DAMP_AGAINST = (4, 2, 1)
_NAMES = tuple(FAMILIES)
# by family: its bit, if its disagreement counts
_OPPOSING = tuple(1 << number if bits < 0 else 0 for number, bits in enumerate(AGAINST))
_OWN = tuple(family.own for family in FAMILIES.values())
_ALL_OPPOSING = sum(_OPPOSING)
_AGAINST_BY_VIEW = tuple(
    tuple((1 << n, round(1000 * b)) for n, b in enumerate(AGAINST) if b < 0 and VIEW_OF[n] == view)
    for view in range(len(VIEWS))
)


class Score(NamedTuple):
    """How two messages hang together."""

    observed: float  # bits
    # that hold a value of 4 bits or more, asserted claims aside; one that holds a
    # sender's own constant of 11.5 bits or more counts twice
    views: int
    asserted: float  # bits of shared claims
    claims: int  # how many claims are shared

    def linked(self, level: int, tau: float) -> float | None:
        """The bits of a link on a level (0: operation) with that threshold, or None
        where it is none."""
        total = self.observed if level else self.observed + self.asserted
        if total >= tau and self.views >= 2:
            return total
        if not level and self.claims >= 2 and self.observed >= 0:
            # one publication shows both and claims the same of them
            return self.observed + self.asserted
        return None


class Term(NamedTuple):
    """One line of the explanation."""

    view: str
    family: str
    value: str  # empty for a disagreement
    bits: float  # credited after damping; negative for a disagreement


class Scorer:
    """Scores pairs of a store's messages within an epoch; where no view shall bear a
    link `alone`, none counts twice."""

    def __init__(self, store: Store, epoch: Weights, *, alone: bool = True) -> None:
        self.store, self.epoch = store, epoch
        self._alone_weight = 1000 * epoch.settings.alone_bits if alone else inf
        self._strong_weight = 1000 * epoch.settings.view_bits
        self._opposed: dict[int, int] = {}  # by set of disagreeing families: few sets ever occur

    def shared(self, of: frozenset[int], other: int) -> frozenset[int]:
        """The values of message `other` that are in `of`."""
        return of.intersection(self.store.values[other])

    def opposing(self, number: int) -> int:
        """The opposing families of a message, as a set of bits."""
        return self.store.held[number] & _ALL_OPPOSING

    def score(self, shared: Iterable[int], both: int) -> Score:
        """The score of a pair from its shared values and the opposing families that
        both have."""
        weight, families = self.epoch.weight, self.store.families
        # by view: its greatest weight and the next
        best, second = [0] * len(VIEWS), [0] * len(VIEWS)
        agreed = claims = 0
        alone = 0  # the views that a sender's own constant bears, as a set of bits
        for value in shared:
            family, weighs = families[value], weight[value]
            view = VIEW_OF[family]
            if weighs > best[view]:
                second[view], best[view] = best[view], weighs
            elif weighs > second[view]:
                second[view] = weighs
            if weighs >= self._alone_weight and _OWN[family]:
                alone |= 1 << view
            agreed |= _OPPOSING[family]
            claims += view == ASSERTED
        asserted = 4 * best.pop() + second.pop()
        observed = 4 * sum(best) + sum(second) + self._against(both & ~agreed)
        strong = alone.bit_count() + sum(weighs >= self._strong_weight for weighs in best)
        return Score(observed / PARTS, strong, asserted / PARTS, claims)

    def _against(self, families: int) -> int:
        """What disagreeing families weigh."""
        known = self._opposed.get(families)
        if known is None:
            known = self._opposed[families] = self._weighed(families)
        return known

    def _weighed(self, families: int) -> int:
        return sum(parts for parts, _ in self._placed(families))

    def _placed(self, families: int) -> list[tuple[int, int]]:
        """The worst disagreement of each view, the worst first: what it weighs, damped,
        and the number of its family."""
        allowed = self.epoch.settings.views
        worst = []
        for view, entries in enumerate(_AGAINST_BY_VIEW):
            met = [(weight, flag.bit_length() - 1) for flag, weight in entries if flag & families]
            if met and (allowed is None or VIEWS[view] in allowed):
                worst.append(min(met))
        return [
            (weight * damping, number)
            for (weight, number), damping in zip(sorted(worst), _DAMP_AGAINST, strict=False)
        ]

    def pair(self, a: int, b: int) -> Score:
        """The score of two messages."""
        of = frozenset(self.store.values[a])
        both = self.opposing(a) & self.opposing(b)
        return self.score(self.shared(of, b), both)

    def terms(self, a: int, b: int) -> list[Term]:
        """The explanation of a pair, the heaviest first; its bits add up to
        the score."""
        of = frozenset(self.store.values[a])
        shared = self.shared(of, b)
        by_view: defaultdict[int, list[int]] = defaultdict(list)
        for value in shared:
            by_view[VIEW_OF[self.store.families[value]]].append(value)
        terms = []
        for view, values in by_view.items():
            values.sort(key=self.epoch.weight.__getitem__, reverse=True)
            terms += [
                self._term(view, value, _DAMP[k] if k < len(_DAMP) else 0)
                for k, value in enumerate(values)
            ]
        agreed = {_OPPOSING[self.store.families[value]] for value in shared}
        disagreed = self.opposing(a) & self.opposing(b) & ~sum(agreed)
        return sorted(
            terms + self._disagreements(disagreed), key=lambda t: (-abs(t.bits), t.family, t.value)
        )

    def _term(self, view: int, value: int, damping: int) -> Term:
        return Term(
            VIEWS[view],
            _NAMES[self.store.families[value]],
            self.store.texts.get(value, ""),
            self.epoch.weight[value] * damping / PARTS,
        )

    def _disagreements(self, families: int) -> list[Term]:
        return [
            Term(VIEWS[VIEW_OF[number]], _NAMES[number], "", parts / PARTS)
            for parts, number in self._placed(families)
        ]
