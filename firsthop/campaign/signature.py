"""The distinctive elements of a campaign: ranked atoms, a weighted form of them, and the shortest readable conjunction.

Learned on the earlier part of the campaign and tested on the later one, against mail that is not of the same operation; both figures are kept. A bound
that the background is too small to support is not claimed: `enough` says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

from firsthop.campaign.background import Background
from firsthop.campaign.conjunction import shortest
from firsthop.campaign.features.families import FAMILIES, Family
from firsthop.campaign.features.record import feature_hash
from firsthop.campaign.proportion import upper_bound

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
Values = frozenset[tuple[str, str]]  # (family, value) of one message


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
    form: str  # any | structural: without addresses, hosts and domains, so that it survives their rotation
    atoms: tuple[Atom, ...]
    threshold: float  # bits that a message must reach
    conjunction: tuple[tuple[str, str], ...]  # the fewest elements that tell the campaign apart by themselves
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


def learn(campaign: str, members: Sequence[Values], elsewhere: Sequence[Values], background: Background, form: str = "any") -> Signature | None:
    """The signature of a campaign whose `members` come in order of time; `elsewhere` is mail outside its operation. None where nothing is distinctive."""
    allowed = _allowed(form)
    cut = max(2, round(len(members) * TRAIN)) if len(members) >= FEWEST else len(members)
    early, late = members[:cut], members[cut:]
    ours, held = elsewhere[::2], elsewhere[1::2]
    atoms = _atoms(early, ours, background, allowed)
    if not atoms:
        return None
    weights = {(a.family, a.value): a.bits for a in atoms}
    threshold = _threshold(weights, early, ours)
    words = shortest(list(weights), early, ours)

    def hit(values: Values) -> bool:
        return sum(b for key, b in weights.items() if key in values) >= threshold

    def by_words(values: Values) -> bool:
        return bool(words) and all(word in values for word in words)

    enough = upper_bound(0, len(held)) <= CEILING
    return Signature(
        campaign, form, atoms, threshold, words,
        _part(early, hit), _part(late, hit), _part(late, by_words), _rate(held, hit), _rate(held, by_words), enough,
    )  # fmt: skip


def _allowed(form: str) -> frozenset[str]:
    keep: Callable[[Family], bool] = (lambda f: f.structural) if form == "structural" else (lambda _: True)
    return frozenset(name for name, family in FAMILIES.items() if family.view != "asserted" and keep(family))


def _atoms(early: Sequence[Values], ours: Sequence[Values], background: Background, allowed: frozenset[str]) -> tuple[Atom, ...]:
    """The distinctive values, best first, at most two of a family."""
    inside = Counter(key for values in early for key in values if key[0] in allowed)
    often = {key for key, k in inside.items() if k >= max(2, _COVERAGE * len(early))}
    outside = Counter(key for values in ours for key in often & values)
    found = [atom for key in often if (atom := _atom(key, (inside[key], len(early)), outside[key], len(ours), background)) is not None]
    found.sort(key=lambda a: (-a.covered[0] / a.covered[1] * a.bits, a.family, a.value))
    per_family: Counter[str] = Counter()
    kept: list[Atom] = []
    for atom in found:
        per_family[atom.family] += 1
        if per_family[atom.family] <= _PER_FAMILY and len(kept) < _MOST:
            kept.append(atom)
    return tuple(kept)


def _atom(key: tuple[str, str], covered: tuple[int, int], k: int, n: int, background: Background) -> Atom | None:
    """The atom, or None where the value is not distinctive."""
    hashed = feature_hash(*key)
    k, n = k + background.count(hashed), n + background.messages
    here, there = (covered[0] + 0.5) / (covered[1] + 1), max((k + 0.5) / (n + 1), background.share(hashed))
    if there > _COMMON or here / there < _LIFT:
        return None
    return Atom(*key, covered, (k, n), upper_bound(k, n), here / there, min(_CAP, log2(here / there)))


def _threshold(weights: dict[tuple[str, str], float], early: Sequence[Values], ours: Sequence[Values]) -> float:
    """The lowest score whose bound of false positives is under the ceiling, or under what so small a background can support."""

    def scores(messages: Sequence[Values]) -> list[float]:
        return sorted((sum(b for key, b in weights.items() if key in values) for values in messages), reverse=True)

    there, here = scores(ours), scores(early)
    allowed = 0
    while allowed + 1 < len(there) and upper_bound(allowed + 1, len(there)) <= CEILING:
        allowed += 1
    lowest = there[allowed] + 1e-6 if len(there) > allowed else 0.0
    return max(lowest, _OF_MEDIAN * here[len(here) // 2])


def _part(messages: Sequence[Values], hit: Callable[[Values], bool]) -> tuple[int, int]:
    return sum(map(hit, messages)), len(messages)


def _rate(messages: Sequence[Values], hit: Callable[[Values], bool]) -> Rate:
    k = sum(map(hit, messages))
    return Rate(k, len(messages), upper_bound(k, len(messages)))


def values_of(features: Iterable[tuple[str, str]]) -> Values:
    """The values of a message from pairs of family and value."""
    return frozenset(features)
