"""The distinctive elements of a campaign: ranked atoms, a weighted form of them, and
the shortest readable conjunction.

Learned on the earlier part of the campaign and tested on the later one, against mail
that is not of the same operation; both figures are kept. A bound that the background is
too small to support is not claimed: `enough` says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

from firsthop.campaign.background import Background
from firsthop.campaign.features.families import FAMILIES, Family
from firsthop.campaign.features.record import feature_hash
from firsthop.campaign.signature.bitsets import Key, Sample, Values
from firsthop.campaign.signature.conjunction import shortest
from firsthop.campaign.signature.proportion import upper_bound
from firsthop.campaign.similarity.everybodys import share_of_everybody

TRAIN = 0.6  # of a campaign, the earlier part
FEWEST = 5  # messages from which on the later part is held back for the test
CEILING = 1e-3  # false positives that a threshold allows, as an upper 95 % bound
_COVERAGE = 0.25  # share of the campaign an atom must have
_COMMON = 0.05  # share of the background it may have
_LIFT = 4.0
_PER_FAMILY = 2
_MOST = 14
_CAP = 10.0  # bits of one atom
_OF_MEDIAN = 0.35  # of the campaign's median score: no threshold lies lower


class Atom(NamedTuple):
    """One distinctive element."""

    family: str
    value: str
    covered: tuple[int, int]  # k of n in the part it was learned on
    background: tuple[int, int]  # k of n elsewhere
    upper: float  # 95 % bound of its share elsewhere
    lift: float
    bits: float  # its weight


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


class Elsewhere(NamedTuple):
    """Mail that is not of the campaign's operation: one part to learn against, one held
    back to test on."""

    sample: Sample
    learned_on: int  # sets of the sample's messages
    held: int


def learn(
    campaign: str,
    members: Sequence[Values],
    elsewhere: Elsewhere,
    background: Background,
    form: str = "any",
) -> Signature | None:
    """The signature of a campaign whose `members` come in order of time. None where
    nothing is distinctive."""
    cut = max(2, round(len(members) * TRAIN)) if len(members) >= FEWEST else len(members)
    own = Sample(members)
    early = (1 << cut) - 1
    late = own.everything ^ early
    atoms = _atoms(own, early, elsewhere, background, _allowed(form))
    if not atoms:
        return None
    weights = {(a.family, a.value): a.bits for a in atoms}
    keys = list(weights)
    threshold = _threshold(weights, own, early, elsewhere)
    words = shortest(
        keys,
        [own.carriers(key) & early for key in keys],
        [elsewhere.sample.carriers(key) & elsewhere.learned_on for key in keys],
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


def _allowed(form: str) -> frozenset[str]:
    keep: Callable[[Family], bool] = (
        (lambda f: f.structural) if form == "structural" else (lambda _: True)
    )
    return frozenset(
        name for name, family in FAMILIES.items() if family.view != "asserted" and keep(family)
    )


def _atoms(
    own: Sample, early: int, elsewhere: Elsewhere, background: Background, allowed: frozenset[str]
) -> tuple[Atom, ...]:
    """The distinctive values, best first, at most two of a family."""
    n, m = early.bit_count(), elsewhere.learned_on.bit_count()
    distinctive = []
    for key, k in own.counts(early):
        if key[0] in allowed and k >= max(2, _COVERAGE * n):
            there = (elsewhere.sample.carriers(key) & elsewhere.learned_on).bit_count()
            if (atom := _atom(key, (k, n), there, m, background)) is not None:
                distinctive.append(atom)
    distinctive.sort(key=lambda a: (-_telling(a), a.family, a.value))
    per_family: Counter[str] = Counter()
    kept: list[Atom] = []
    for atom in distinctive:
        per_family[atom.family] += 1
        if per_family[atom.family] <= _PER_FAMILY and len(kept) < _MOST:
            kept.append(atom)
    return tuple(kept)


def _telling(atom: Atom) -> float:
    """What an element is worth to a reader: its bits, as far as its family can be
    relied on, for the share of the campaign that has it."""
    reliability = FAMILIES[atom.family].reliability
    return atom.covered[0] / atom.covered[1] * atom.bits * reliability


def _atom(
    key: Key, covered: tuple[int, int], k: int, n: int, background: Background
) -> Atom | None:
    """The atom, or None where the value is not distinctive."""
    hashed = feature_hash(*key)
    k, n = k + background.count(hashed), n + background.messages
    here, there = (
        (covered[0] + 0.5) / (covered[1] + 1),
        max((k + 0.5) / (n + 1), background.share(hashed), share_of_everybody(*key)),
    )
    if there > _COMMON or here / there < _LIFT:
        return None
    return Atom(
        *key, covered, (k, n), upper_bound(k, n), here / there, min(_CAP, log2(here / there))
    )


def _threshold(weights: dict[Key, float], own: Sample, early: int, elsewhere: Elsewhere) -> float:
    """The lowest score whose bound of false positives is under the ceiling, or under
    what so small a background can support."""
    ours = elsewhere.learned_on.bit_count()
    there = sorted(elsewhere.sample.scores(weights, elsewhere.learned_on).values(), reverse=True)
    here = sorted(own.scores(weights, early).values(), reverse=True)
    here += [0.0] * (early.bit_count() - len(here))
    allowed = 0
    while allowed + 1 < ours and upper_bound(allowed + 1, ours) <= CEILING:
        allowed += 1
    lowest = (there[allowed] if allowed < len(there) else 0.0) + 1e-6
    return max(lowest, _OF_MEDIAN * here[len(here) // 2])


def _rate(k: int, n: int) -> Rate:
    return Rate(k, n, upper_bound(k, n))


def values_of(features: Iterable[tuple[str, str]]) -> Values:
    """The values of a message from pairs of family and value."""
    return frozenset(features)
