"""The distinctive elements of a campaign: ranked atoms, a weighted form of them, and
the shortest readable conjunction.

Learned on the earlier part of the campaign and tested on the later one, against mail
that is not of the same operation; both figures are kept. A bound that the background is
too small to support is not claimed: `enough` says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from firsthop.campaign.background import Background
from firsthop.campaign.signature.atoms import Atom, Elsewhere, distinctive
from firsthop.campaign.signature.bitsets import Key, Sample, Values
from firsthop.campaign.signature.conjunction import Candidate, shortest
from firsthop.campaign.signature.proportion import upper_bound

TRAIN = 0.6  # of a campaign, the earlier part
FEWEST = 5  # messages from which on the later part is held back for the test
CEILING = 1e-3  # false positives that a threshold allows, as an upper 95 % bound
_LOW = 0.1  # share of the campaign whose score a threshold may leave out
_OF_MEDIAN = 0.35  # of the campaign's median score: no threshold need lie higher


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
    threshold: float  # bits that a message must reach
    # the fewest elements that tell the campaign apart by themselves
    conjunction: tuple[tuple[str, str], ...]
    learned: tuple[int, int]  # k of n of the earlier part that match
    tested: tuple[int, int]  # ... of the later part; (0, 0): too small a campaign to hold one back
    conjunction_tested: tuple[int, int]
    false_positives: Rate  # on mail that had no part in the learning
    conjunction_false_positives: Rate
    enough: bool  # the background can support the ceiling at all

    def score(self, values: Values) -> float:
        """The bits that a message reaches."""
        return sum(atom.bits for atom in self.atoms if (atom.family, atom.value) in values)

    def matches(self, values: Values) -> bool:
        """Whether a message reaches the threshold."""
        return bool(self.atoms) and self.score(values) >= self.threshold


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
    atoms, telling = distinctive(own, early, elsewhere, background, form)
    if not telling:
        return None
    weights = {(a.family, a.value): a.bits for a in atoms}
    keys = list(weights)
    threshold = _threshold(weights, own, early, elsewhere)
    words = shortest(
        [
            Candidate(
                key,
                own.carriers(key) & early,
                elsewhere.sample.carriers(key) & elsewhere.learned_on,
                key in telling,
            )
            for key in keys
        ]
    )

    def hits(sample: Sample, among: int) -> int:
        return sum(score >= threshold for score in sample.scores(weights, among).values())

    def by_words(sample: Sample, among: int) -> int:
        return sample.carriers_of_all(words, among).bit_count() if words else 0

    held = elsewhere.held.bit_count()
    return Signature(
        campaign=campaign,
        form=form,
        atoms=atoms,
        threshold=threshold,
        conjunction=words,
        learned=(hits(own, early), cut),
        tested=(hits(own, late), len(members) - cut),
        conjunction_tested=(by_words(own, late), len(members) - cut),
        false_positives=_rate(hits(elsewhere.sample, elsewhere.held), held),
        conjunction_false_positives=_rate(by_words(elsewhere.sample, elsewhere.held), held),
        enough=upper_bound(0, held) <= CEILING,
    )


def _threshold(weights: dict[Key, float], own: Sample, early: int, elsewhere: Elsewhere) -> float:
    """Half-way between the highest score of other mail whose bound of false positives
    is under the ceiling, or under what so small a background can support, and the
    lowest scores of the campaign; under the other mail's where these lie lower."""
    there = sorted(elsewhere.sample.scores(weights, elsewhere.learned_on).values(), reverse=True)
    here = sorted(own.scores(weights, early).values(), reverse=True)
    here += [0.0] * (early.bit_count() - len(here))
    allowed = _false_finds_allowed(elsewhere.learned_on.bit_count())
    others = (there[allowed] if allowed < len(there) else 0.0) + 1e-6
    low = here[min(len(here) - 1, int((1 - _LOW) * len(here)))]
    between = min((others + low) / 2, _OF_MEDIAN * here[len(here) // 2])
    return max(others, between)


def _false_finds_allowed(n: int) -> int:
    """How many of n other messages may be found under the ceiling."""
    allowed = 0
    while allowed + 1 < n and upper_bound(allowed + 1, n) <= CEILING:
        allowed += 1
    return allowed


def _rate(k: int, n: int) -> Rate:
    return Rate(k, n, upper_bound(k, n))


def values_of(features: Iterable[tuple[str, str]]) -> Values:
    """The values of a message from pairs of family and value."""
    return frozenset(features)
