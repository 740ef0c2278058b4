"""The distinctive elements of a campaign, and what finds its mail by them: their
weights with a threshold, or one of a few pairs; beside these the shortest readable
conjunction.

Learned on the earlier part of the campaign and tested on the later one, against mail
that is not of the same operation; both figures are kept. A bound that the background is
too small to support is not claimed: `enough` says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from firsthop.campaign.background import Background
from firsthop.campaign.signature.atoms import (
    TOLD,
    Atom,
    Elements,
    Elsewhere,
    distinctive,
    elements,
)
from firsthop.campaign.signature.bitsets import Key, Sample, Values
from firsthop.campaign.signature.conjunction import Candidate, shortest
from firsthop.campaign.signature.forms import FORMS
from firsthop.campaign.signature.pairs import Pair, pairs_among
from firsthop.campaign.signature.proportion import is_bound_by, upper_bound
from firsthop.campaign.signature.weighing import Scores, Weights, added, scores

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
    campaign: str, own: Sample, elsewhere: Elsewhere, background: Background
) -> Iterator[Signature]:
    """The signatures of a campaign whose `own` mail comes in order of time, in each
    form in which something is distinctive but what many senders' mail has."""
    n = own.everything.bit_count()
    early = (1 << (max(2, round(n * TRAIN)) if n >= FEWEST else n)) - 1
    distinct = distinctive(own, early, elsewhere, background)
    for form in FORMS:
        chosen = elements(distinct, form)
        if chosen.telling:
            yield _signature(campaign, form, chosen, own, early, elsewhere)


def _signature(
    campaign: str, form: str, chosen: Elements, own: Sample, early: int, elsewhere: Elsewhere
) -> Signature:
    """The signature of the elements of a form, learned on the early mail."""
    atoms, told, telling = chosen
    weights, late = _weights(atoms), own.everything ^ early
    candidates = [
        Candidate(
            key,
            own.carriers(key) & early,
            elsewhere.sample.carriers(key) & elsewhere.learned_on,
            key in telling,
        )
        for key in weights
    ]
    ours = scores(weights, own, own.everything)
    others = scores(weights, elsewhere.sample, elsewhere.learned_on | elsewhere.held)
    threshold = _threshold(ours, early, others, elsewhere.learned_on)
    pairs, words = pairs_among(candidates, early), shortest(candidates[:told])
    found = _reaching(threshold, ours) | _with_one_of(pairs, own)
    mistaken = _reaching(threshold, others) | _with_one_of(pairs, elsewhere.sample)
    found_by_words = _with_one_of([words], own)
    mistaken_by_words = _with_one_of([words], elsewhere.sample)
    return Signature(
        campaign=campaign,
        form=form,
        atoms=atoms,
        threshold=threshold,
        conjunction=words,
        learned=_of(found, early),
        tested=_of(found, late),
        conjunction_tested=_of(found_by_words, late),
        false_positives=_rate(mistaken, elsewhere.held),
        conjunction_false_positives=_rate(mistaken_by_words, elsewhere.held),
        enough=upper_bound(0, elsewhere.held.bit_count()) <= CEILING,
        pairs=pairs,
        told=told,
    )


def _reaching(threshold: float, scored: Scores) -> int:
    """The messages that reach a threshold."""
    found = 0
    for bits, alike in scored:
        if bits >= threshold:
            found |= alike
    return found


def _with_one_of(many: Iterable[Sequence[Key]], sample: Sample) -> int:
    """The messages that carry one of the pairs or conjunctions; none carries an empty
    one."""
    found = 0
    for keys in many:
        found |= sample.carriers_of_all(keys, sample.everything) if keys else 0
    return found


def _of(found: int, among: int) -> tuple[int, int]:
    """How many of a set are found, of how many."""
    return (found & among).bit_count(), among.bit_count()


def _weights(atoms: Sequence[Atom]) -> Weights:
    return {atom.key: atom.bits for atom in atoms}


def _threshold(ours: Scores, early: int, others: Scores, learned_on: int) -> float:
    """Half-way between the highest score of other mail whose bound of false positives
    is under the ceiling, or under what so small a background can support, and the
    lowest scores of the campaign; where these lie lower, a margin over the other
    mail's. More than one view can give, where most of the campaign has more."""
    here, there = _highest_first(ours, early), _highest_first(others, learned_on)
    highest = (there[_false_finds_allowed(len(there))] if there else 0.0) + 1e-6
    low = here[min(len(here) - 1, int((1 - _LOW) * len(here)))]
    median = here[len(here) // 2]
    between = min((highest + low) / 2, _OF_MEDIAN * median)
    margin = min(_MARGIN, max(0.0, median - highest) / 2)
    return max(highest + margin, between, min(_FLOOR, median))


def _highest_first(scored: Scores, among: int) -> list[float]:
    """The bits of each message of a set."""
    bits = [bits for bits, alike in scored for _ in range((alike & among).bit_count())]
    return sorted(bits, reverse=True) + [0.0] * (among.bit_count() - len(bits))


@lru_cache(maxsize=1_024)
def _false_finds_allowed(n: int) -> int:
    """How many of n other messages may be found under the ceiling."""
    allowed = 0
    while allowed + 1 < n and is_bound_by(CEILING, allowed + 1, n):
        allowed += 1
    return allowed


def _rate(found: int, among: int) -> Rate:
    k, n = _of(found, among)
    return Rate(k, n, upper_bound(k, n))


def values_of(features: Iterable[tuple[str, str]]) -> Values:
    """The values of a message from pairs of family and value."""
    return frozenset(features)
