"""The distinctive elements of a campaign, and what finds its mail by them: their
weights with a threshold, or one of a few pairs; beside these the shortest readable
conjunction.

Learned on the earlier part of the campaign and tested on the later one, against mail
that is not of the same operation; both figures are kept. A bound that the background is
too small to support is not claimed: `enough` says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from firsthop.campaign.background import Background
from firsthop.campaign.signature.atoms import TOLD, Atom, Elsewhere, distinctive
from firsthop.campaign.signature.bitsets import Sample, Values, set_of
from firsthop.campaign.signature.conjunction import Candidate, shortest
from firsthop.campaign.signature.pairs import Pair, pairs_among
from firsthop.campaign.signature.proportion import is_bound_by, upper_bound
from firsthop.campaign.signature.weighing import Weights, added, scores

TRAIN = 0.6  # of a campaign, the earlier part
FEWEST = 5  # messages from which on the later part is held back for the test
CEILING = 1e-3  # false positives that a threshold allows, as an upper 95 % bound
_LOW = 0.1  # share of the campaign whose score a threshold may leave out
_OF_MEDIAN = 0.35  # of the campaign's median score: no threshold need lie higher
_MARGIN = 3.0  # bits by which a threshold lies over the score of other mail
# bits that a threshold has at least, unless most of the campaign has fewer: more than
# one view can give
_FLOOR = 15.0


class Rate(NamedTuple):
    """k of n with the 95 % bound."""

    k: int
    n: int
    upper: float


@dataclass(frozen=True, slots=True)
class Signature:
    """One form of a campaign's signature."""

    campaign: str
    form: str  # one of FORMS
    atoms: tuple[Atom, ...]
    threshold: float  # bits that a message must reach, unless it has one of the pairs
    # the fewest elements that tell the campaign apart by themselves
    conjunction: tuple[tuple[str, str], ...]
    learned: tuple[int, int]  # k of n of the earlier part that match
    tested: tuple[int, int]  # ... of the later part; (0, 0): too small a campaign to hold one back
    conjunction_tested: tuple[int, int]
    false_positives: Rate  # on mail that had no part in the learning
    conjunction_false_positives: Rate
    enough: bool  # the background can support the ceiling at all
    pairs: tuple[Pair, ...] = ()  # of elements, each of which finds a message by itself
    told: int = TOLD  # of the elements, the first ones, that readers are told

    @property
    def telling(self) -> tuple[Atom, ...]:
        """The elements that readers are told."""
        return self.atoms[: self.told]

    def score(self, values: Values) -> float:
        """The bits that a message reaches."""
        weights = _weights(self.atoms)
        return added(weights, (key for key in weights if key in values))

    def pair(self, values: Values) -> Pair | None:
        """The first pair that a message has both elements of."""
        return next((pair for pair in self.pairs if values.issuperset(pair)), None)

    def matches(self, values: Values) -> bool:
        """Whether a message reaches the threshold, or has one of the pairs."""
        if not self.atoms:
            return False
        return self.score(values) >= self.threshold or self.pair(values) is not None


def learn(
    campaign: str,
    members: Sequence[Values],
    elsewhere: Elsewhere,
    background: Background,
    form: str = "any",
) -> Signature | None:
    """The signature of a campaign whose `members` come in order of time. None where
    nothing is distinctive but forms that many senders' mail has."""
    cut = max(2, round(len(members) * TRAIN)) if len(members) >= FEWEST else len(members)
    own = Sample(members)
    early = (1 << cut) - 1
    late = own.everything ^ early
    atoms, told, telling = distinctive(own, early, elsewhere, background, form)
    if not telling:
        return None
    candidates = [
        Candidate(
            key,
            own.carriers(key) & early,
            elsewhere.sample.carriers(key) & elsewhere.learned_on,
            key in telling,
        )
        for key in _weights(atoms)
    ]
    rule = _Rule(
        _weights(atoms),
        _threshold(_weights(atoms), own, early, elsewhere),
        pairs_among(candidates, early),
    )
    words = shortest(candidates[:told])

    def by_words(sample: Sample, among: int) -> int:
        return sample.carriers_of_all(words, among).bit_count() if words else 0

    held = elsewhere.held.bit_count()
    return Signature(
        campaign=campaign,
        form=form,
        atoms=atoms,
        threshold=rule.threshold,
        conjunction=words,
        learned=(rule.found(own, early), cut),
        tested=(rule.found(own, late), len(members) - cut),
        conjunction_tested=(by_words(own, late), len(members) - cut),
        false_positives=_rate(rule.found(elsewhere.sample, elsewhere.held), held),
        conjunction_false_positives=_rate(by_words(elsewhere.sample, elsewhere.held), held),
        enough=upper_bound(0, held) <= CEILING,
        pairs=rule.pairs,
        told=told,
    )


class _Rule(NamedTuple):
    """What a message of the campaign is found by."""

    weights: Weights
    threshold: float
    pairs: tuple[Pair, ...]

    def found(self, sample: Sample, among: int) -> int:
        """How many messages of a set are found."""
        reached = scores(self.weights, sample, among)
        hit = set_of(sorted(place for place, bits in reached.items() if bits >= self.threshold))
        for pair in self.pairs:
            hit |= sample.carriers_of_all(pair, among)
        return hit.bit_count()


def _weights(atoms: Sequence[Atom]) -> Weights:
    return {(atom.family, atom.value): atom.bits for atom in atoms}


def _threshold(weights: Weights, own: Sample, early: int, elsewhere: Elsewhere) -> float:
    """Half-way between the highest score of other mail whose bound of false positives
    is under the ceiling, or under what so small a background can support, and the
    lowest scores of the campaign; where these lie lower, a margin over the other
    mail's. More than one view can give, where most of the campaign has more."""
    there = sorted(scores(weights, elsewhere.sample, elsewhere.learned_on).values(), reverse=True)
    here = sorted(scores(weights, own, early).values(), reverse=True)
    here += [0.0] * (early.bit_count() - len(here))
    allowed = _false_finds_allowed(elsewhere.learned_on.bit_count())
    others = (there[allowed] if allowed < len(there) else 0.0) + 1e-6
    low = here[min(len(here) - 1, int((1 - _LOW) * len(here)))]
    median = here[len(here) // 2]
    between = min((others + low) / 2, _OF_MEDIAN * median)
    margin = min(_MARGIN, max(0.0, median - others) / 2)
    return max(others + margin, between, min(_FLOOR, median))


@lru_cache(maxsize=1_024)
def _false_finds_allowed(n: int) -> int:
    """How many of n other messages may be found under the ceiling."""
    allowed = 0
    while allowed + 1 < n and is_bound_by(CEILING, allowed + 1, n):
        allowed += 1
    return allowed


def _rate(k: int, n: int) -> Rate:
    return Rate(k, n, upper_bound(k, n))


def values_of(features: Iterable[tuple[str, str]]) -> Values:
    """The values of a message from pairs of family and value."""
    return frozenset(features)
