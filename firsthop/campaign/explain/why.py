"""Why two messages hang together: the terms of their link in bits, with the fields that
each value comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.record import Feature, MessageFeatures
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.campaign.similarity.score import Scorer, Term


class Because(NamedTuple):
    """One term with its places: for each of the two messages, the fields it
    stands in."""

    term: Term
    fields: tuple[Feature, ...]

    @property
    def explanation(self) -> str:
        """What the term's family is, in words."""
        return FAMILIES[self.term.family].explanation


class Why(NamedTuple):
    """The explanation of a pair."""

    bits: float  # observed; asserted claims are not in it
    linked: tuple[str, ...]  # the levels on which the two alone would be linked
    together: tuple[str, ...]  # the levels on which they lie in one cluster
    claims_bits: float  # of what a publication asserts of both
    terms: tuple[Because, ...]
    thresholds: tuple[float, ...]  # bits, by level
    within: tuple[str, ...] = ()  # the ids of the clusters of `together`


def why(
    pair: tuple[MessageFeatures, MessageFeatures],
    scorer: Scorer,
    taus: Sequence[float],
    homes: Sequence[Sequence[str]],
) -> Why:
    """The explanation of two messages that the scorer's store holds; `homes` are the
    ids of the clusters that each of them is in, level by level."""
    a, b = (scorer.store.number[one.id] for one in pair)
    score = scorer.pair(a, b)
    linked = tuple(
        level for index, level in enumerate(LEVELS) if score.linked(index, taus[index]) is not None
    )
    both = [(level, one) for level, one, other in zip(LEVELS, *homes, strict=True) if one == other]
    together, within = tuple(level for level, _ in both), tuple(one for _, one in both)
    terms = tuple(Because(term, _fields(term, pair)) for term in scorer.terms(a, b))
    return Why(score.observed, linked, together, score.asserted, terms, tuple(taus), within)


def _fields(term: Term, pair: Sequence[MessageFeatures]) -> tuple[Feature, ...]:
    """Where both messages have the value; of a disagreement, where each has its own."""
    return tuple(
        f
        for one in pair
        for f in one.features
        if f.family == term.family and (not term.value or f.value == term.value)
    )
