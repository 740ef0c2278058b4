"""The distinctive elements of a campaign: values that it has and other mail has not,
chosen because they last.

An element counts by the smaller of its shares in the two halves of what is learned on,
in order of time: what only one half has was changed, and will be changed again. The
first are those that readers are told, at most TOLD, of one view only a few, so that the
host, domain and path of one link do not pass for three pieces of evidence. More are
kept to find mail by: what a campaign changes next is not known, and an element that
lasts may stand far down. Never looks at the part of the campaign that is held back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log2
from typing import NamedTuple

from firsthop.campaign.background import PERSONAL, Background
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.record import feature_hash
from firsthop.campaign.signature.bitsets import Key, Sample
from firsthop.campaign.signature.proportion import upper_bound
from firsthop.campaign.signature.telling import (
    NO_ELEMENTS,
    forms_among,
    is_providers_address,
    said,
    says_again,
)
from firsthop.campaign.similarity.everybodys import share_of_everybody

_COVERAGE = 0.1  # share of the campaign an element must have
_COMMON = 0.05  # share of the background it may have
_LIFT = 4.0
_CAP = 10.0  # bits of one element
# by family, the weight of what is expected of a value before any mail is counted: a
# share as great as the chance that two random mails agree on the family, which is the
# mean share of a random mail's value; with no mail counted, that share is all there is
_UNCOUNTED = {name: max(1.0, 0.5 / family.chance) for name, family in FAMILIES.items()}
_UNBOUND = 1.0  # a share's upper bound, before it is worked out


class _Limits(NamedTuple):
    """How many elements are kept."""

    of_family: int
    of_view: int
    in_all: int


TOLD = 14  # elements that readers are told
_TOLD = _Limits(of_family=3, of_view=4, in_all=TOLD)
_KEPT = _Limits(of_family=8, of_view=16, in_all=60)


class Atom(NamedTuple):
    """One distinctive element."""

    family: str
    value: str
    covered: tuple[int, int]  # k of n in the part it was learned on
    # at most k of n elsewhere, of the messages in which its family was counted
    background: tuple[int, int]
    upper: float  # 95 % bound of its share elsewhere
    lift: float
    bits: float  # its weight

    @property
    def key(self) -> Key:
        """Family and value."""
        return self.family, self.value


class Elsewhere(NamedTuple):
    """Mail that is not of the campaign's operation: one part to learn against, one held
    back to test on."""

    sample: Sample
    learned_on: int  # sets of the sample's messages
    held: int
    # servers on the way of several operations' mail: the reader's own, or a list's
    shared: frozenset[Key] = frozenset()


class Distinctive(NamedTuple):
    """What tells the earlier part of a campaign apart, whatever the form."""

    atoms: tuple[Atom, ...]  # those that last and count most first
    forms: frozenset[Key]  # of these, the mere forms (telling.py)


class Elements(NamedTuple):
    """What a campaign is told by."""

    atoms: tuple[Atom, ...]  # the told ones in the order of telling, then the others
    told: int  # how many of these are told
    telling: frozenset[Key]  # of these, all that are no mere form (telling.py)


def distinctive(
    own: Sample, early: int, elsewhere: Elsewhere, background: Background
) -> Distinctive:
    """The distinctive values of the campaign's earlier part. The bound of the share
    elsewhere is worked out for those that are chosen of them."""
    ranked = sorted(
        _lasting(own, early, elsewhere, background),
        key=lambda pair: (-pair[0], pair[1].family, pair[1].value),
    )
    atoms = tuple(atom for _, atom in ranked)
    return Distinctive(atoms, forms_among([one.key for one in atoms], own, early))


def elements(distinct: Distinctive, form: str) -> Elements:
    """The elements that a form of a signature is made of."""
    atoms = [
        one for one in distinct.atoms if form != "structural" or FAMILIES[one.family].structural
    ]
    told = _chosen(atoms, _TOLD, [])
    kept = [one._replace(upper=upper_bound(*one.background)) for one in _chosen(atoms, _KEPT, told)]
    return _told(kept[: len(told)], kept[len(told) :], distinct.forms)


def _chosen(ranked: Sequence[Atom], limits: _Limits, first: Sequence[Atom]) -> list[Atom]:
    """Those chosen `first`, then the first of each family and view, without those that
    repeat one before them."""
    chosen = list(first)
    per_family = Counter(one.family for one in first)
    per_view = Counter(FAMILIES[one.family].view for one in first)
    keys = [one.key for one in first]
    taken, told = frozenset(keys), list(map(said, keys))
    for atom in ranked:
        if len(chosen) == limits.in_all:
            break
        family = atom.family
        view = FAMILIES[family].view
        if per_family[family] >= limits.of_family or per_view[view] >= limits.of_view:
            continue
        if (key := atom.key) in taken:
            continue
        here = said(key)
        same = [keys[n] for n, one in enumerate(told) if says_again(here, one)]
        if same and not _stands_beside(same, family):
            continue
        per_family[family] += 1
        per_view[view] += not same
        chosen.append(atom)
        keys.append(key)
        told.append(here)
    return chosen


def _stands_beside(same: Sequence[Key], family: str) -> bool:
    """Whether an element is kept beside those that it repeats: what names a person is
    left out of some publications, and stands for nothing else."""
    return family not in PERSONAL and all(one[0] in PERSONAL for one in same)


def _told(told: Sequence[Atom], others: Sequence[Atom], forms: frozenset[Key]) -> Elements:
    """In the order of telling: forms last; then those that are not told."""
    ordered = sorted(told, key=lambda one: (one.key in forms, -_worth(one), one.key))
    keys = frozenset(one.key for one in (*told, *others))
    return Elements((*ordered, *others), len(told), keys - forms)


def _worth(atom: Atom) -> float:
    """What an element is worth to a reader: its bits, as far as its family can be
    relied on, for the share of the campaign that has it."""
    return atom.covered[0] / atom.covered[1] * atom.bits * FAMILIES[atom.family].reliability


def _lasting(
    own: Sample, early: int, elsewhere: Elsewhere, background: Background
) -> Iterator[tuple[float, Atom]]:
    """Each distinctive value with what it is worth while it lasts: its bits, as far as
    its family can be relied on, for the share that both halves have at least."""
    n, m = early.bit_count(), elsewhere.learned_on.bit_count()
    least = max(2, _COVERAGE * n)
    halves = _halves(early)
    for key, k in own.counts(early):
        if k < least or key[0] in NO_ELEMENTS:
            continue
        if key in elsewhere.shared or is_providers_address(key):
            continue
        there = (elsewhere.sample.carriers(key) & elsewhere.learned_on).bit_count()
        if (atom := _atom(key, (k, n), (there, m), background)) is not None:
            share = min(_share(own.carriers(key), half) for half in halves)
            yield share * atom.bits * FAMILIES[key[0]].reliability, atom


def _halves(early: int) -> tuple[int, int]:
    """The earlier and the later half of the first messages."""
    first = (1 << early.bit_count() // 2) - 1
    return first, early ^ first


def _share(carriers: int, among: int) -> float:
    return ((carriers & among).bit_count() + 0.5) / (among.bit_count() + 1)


def _atom(
    key: Key, covered: tuple[int, int], there: tuple[int, int], background: Background
) -> Atom | None:
    """The atom, or None where the value is not distinctive."""
    hashed = feature_hash(*key)
    most, looked = background.at_most(key[0], hashed)
    k, n = there[0] + most, there[1] + looked
    inside = (covered[0] + 0.5) / (covered[1] + 1)
    outside = max(
        (k + 0.5) / (n + _UNCOUNTED[key[0]]),
        background.share(hashed, key[0]),
        share_of_everybody(*key),
    )
    if outside > _COMMON or inside / outside < _LIFT:
        return None
    lift = inside / outside
    return Atom(*key, covered, (k, n), _UNBOUND, lift, min(_CAP, log2(lift)))
