"""A few conjunctions that together find a campaign's mail: what a filter can be told,
where the weighted signature cannot be.

Each conjunction has at most three elements and finds no other mail of the case;
greedily the next one is that which finds most mail that none before it found, or one
alone that shares no element with it: one hand changes what it is found by. They are
learned on the campaign and on one half of the other mail, and those that find something
in the other half are given up. How such clauses last is tried apart: on the later part
of the campaign, with clauses that only know its earlier part.
Cost:       all sets of three of MOST elements, a few operations on whole sets each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import log2
from typing import NamedTuple

from firsthop.campaign.background import Background
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.record import feature_hash
from firsthop.campaign.signature.bitsets import Key, Sample, Values
from firsthop.campaign.signature.proportion import upper_bound
from firsthop.campaign.signature.signature import CEILING, TRAIN, Rate

MOST = 24  # elements that conjunctions are made of
FEWEST = 10  # messages from which on the later part is held back for the test
_PER_FAMILY = 3
_NEARLY = 0.95  # of the most that a clause adds, for a shorter one
_CREDIT = 0.5  # of the bits of an element of another view
_SIZE = 3  # elements of a conjunction
_CLAUSES = 6
_LEAST_SHARE = 0.05  # of the campaign, that an element must have
_COMMON = 0.25  # of other mail, that an element may have
WIDER = 0.01  # false finds that a hunting rule may have, as an upper bound


class Clause(NamedTuple):
    """Elements of which a message must have all."""

    elements: tuple[Key, ...]
    counted: float  # 95 % bound of its share in other mail: of its rarest element, or of all
    # that bound, where the rarest element of each other view is credited half of its
    # bits, times the reliability of its family
    expected: float


class Cover(NamedTuple):
    """Clauses of which a message must have one, and what they find."""

    clauses: tuple[Clause, ...]
    found: tuple[int, int]  # k of n of the campaign
    # k of n of the campaign's later part that clauses find which were learned in the
    # same way on its earlier part; (0, 0): too small a campaign to hold one back
    tested: tuple[int, int]
    # in the half of other mail that chose no clause, but gave up those that found any
    false_finds: Rate
    other: tuple[int, int]  # k of n in all other mail of the case

    @property
    def expected(self) -> float:
        """Bound of the share of other mail in which one of the clauses is found."""
        return min(1.0, sum(one.expected for one in self.clauses))


class OtherMail(NamedTuple):
    """Other mail, as values, and what is known of mail elsewhere."""

    messages: Sequence[Values]
    background: Background


Together = Callable[[Sequence[Key]], bool]
"""Whether an engine can be asked these elements at once."""


def any_elements(keys: Sequence[Key]) -> bool:
    """An engine that can be asked each can be asked all."""
    return bool(keys)


Copied = Callable[[Key], bool]
"""Whether an element may be copied from genuine mail of somebody who is imitated: it
brings no view of its own."""


def nothing_copied(_: Key) -> bool:
    """Nobody is imitated."""
    return False


class Demand(NamedTuple):
    """What a clause must keep to."""

    expected: float  # the most that its bound may be
    views: int  # from how many its elements come at least
    false_finds: float  # share of other mail of the case that it may find
    together: Together = any_elements
    copied: Copied = nothing_copied


BLOCK = Demand(CEILING, 2, 0.0)
"""Mail may be refused for a clause: it rests on two views, which no single server or
program decides, and finds no other mail."""
HUNT = Demand(WIDER, 1, WIDER)
"""A clause is narrow enough to look at what it finds."""


def cover(
    members: Sequence[Values], other_mail: OtherMail, usable: Callable[[Key], bool], demand: Demand
) -> Cover | None:
    """The clauses for a campaign whose `members` come in order of time, of elements
    that are `usable`, each by itself as `demand` says. None where there are none."""
    heap = _Heap(Sample(members), Sample(other_mail.messages), other_mail.background)
    everything = heap.own.everything
    if not (clauses := _learned(heap, everything, usable, demand)):
        return None
    k, held = _found(clauses, heap.other, heap.rest), heap.rest.bit_count()
    return Cover(
        clauses,
        (_found(clauses, heap.own, everything), len(members)),
        _tested(heap, len(members), usable, demand),
        Rate(k, held, upper_bound(k, held)),
        (_found(clauses, heap.other, heap.other.everything), len(other_mail.messages)),
    )


class _Heap:
    """The mail that clauses are learned from: of the other mail one half chooses them,
    and the rest gives up those that find any."""

    def __init__(self, own: Sample, other: Sample, background: Background) -> None:
        self.own, self.other, self.background = own, other, background
        self.half = _every_other(other.everything.bit_length())
        self.rest = other.everything ^ self.half


def _tested(heap: _Heap, n: int, usable: Callable[[Key], bool], demand: Demand) -> tuple[int, int]:
    if n < FEWEST:
        return (0, 0)
    early = (1 << round(n * TRAIN)) - 1
    late = heap.own.everything ^ early
    return _found(_learned(heap, early, usable, demand), heap.own, late), late.bit_count()


def _found(clauses: Sequence[Clause], sample: Sample, among: int) -> int:
    hit = 0
    for one in clauses:
        hit |= sample.carriers_of_all(one.elements, among)
    return hit.bit_count()


def _learned(
    heap: _Heap, part: int, usable: Callable[[Key], bool], demand: Demand
) -> tuple[Clause, ...]:
    """The clauses for a part of the campaign."""
    ranked = _ranked(heap, part, usable)
    allowed = demand.false_finds * heap.rest.bit_count()
    return tuple(
        one
        for one in _greedy(list(_clean(ranked, heap.half, demand)), part)
        if heap.other.carriers_of_all(one.elements, heap.rest).bit_count() <= allowed
    )


def _every_other(n: int) -> int:
    return sum(1 << place for place in range(0, n, 2))


class _Element(NamedTuple):
    key: Key
    inside: int  # its carriers in the campaign's earlier part
    outside: int  # ... in the half of other mail that is learned on
    bound: float  # of its share elsewhere
    score: float


def _ranked(heap: _Heap, part: int, usable: Callable[[Key], bool]) -> list[_Element]:
    """The most telling elements, best first, a few of each family."""
    least = max(2, _LEAST_SHARE * part.bit_count())
    elements = sorted(
        (
            element
            for key, k in heap.own.counts(part)
            if k >= least and usable(key)
            if (element := _element(heap, key, part)) is not None
        ),
        key=lambda e: (-e.score, e.key),
    )
    per_family: Counter[str] = Counter()
    kept: list[_Element] = []
    for one in elements:
        per_family[one.key[0]] += 1
        if per_family[one.key[0]] <= _PER_FAMILY and len(kept) < MOST:
            kept.append(one)
    return kept


def _element(heap: _Heap, key: Key, part: int) -> _Element | None:
    inside, outside = heap.own.carriers(key) & part, heap.other.carriers(key) & heap.half
    most, looked = heap.background.at_most(key[0], feature_hash(*key))
    there, n = outside.bit_count() + most, heap.half.bit_count() + looked
    if n and there / n > _COMMON:
        return None
    bound = upper_bound(there, n)
    share = inside.bit_count() / part.bit_count()
    return _Element(key, inside, outside, bound, share * -log2(max(bound, 1e-9)))


def _greedy(good: Sequence[tuple[Clause, int]], part: int) -> Iterator[Clause]:
    """Clauses until each message is found by two that share no element, or none adds a
    twentieth of the campaign: each time of those that add nearly the most the shortest,
    of these the narrowest."""
    least = max(1.0, _LEAST_SHARE * part.bit_count())
    left = dict(good)
    once = twice = 0  # the messages that so many clauses find at least
    held: set[Key] = set()
    for _ in range(_CLAUSES):
        adds = {
            clause: (inside & ~(twice if held.isdisjoint(clause.elements) else once)).bit_count()
            for clause, inside in left.items()
        }
        most = max(adds.values(), default=0)
        if most < least:
            return
        clause = min(
            (one for one in left if adds[one] >= _NEARLY * most),
            key=lambda one: (len(one.elements), one.expected, one.elements),
        )
        yield clause
        inside = left.pop(clause)
        once, twice = once | inside, twice | once & inside
        held.update(clause.elements)


def _clean(ranked: Sequence[_Element], half: int, demand: Demand) -> Iterator[tuple[Clause, int]]:
    """All conjunctions that find none of the other mail and are narrow enough, each
    with what it finds in the campaign's earlier part."""
    looked = half.bit_count()
    for size in range(1, _SIZE + 1):
        for chosen in combinations(ranked, size):
            if not demand.together([one.key for one in chosen]):
                continue
            inside, outside = -1, half
            for one in chosen:
                inside &= one.inside
                outside &= one.outside
            if inside and not outside:
                clause = _clause(chosen, looked)
                views = {
                    FAMILIES[family].view
                    for family, value in clause.elements
                    if not demand.copied((family, value))
                }
                if clause.expected <= demand.expected and len(views) >= demand.views:
                    yield clause, inside


def _clause(chosen: Sequence[_Element], looked: int) -> Clause:
    """A conjunction is at most as frequent as its rarest element, and as all other mail
    without it allows."""
    rarest: dict[str, _Element] = {}
    for one in sorted(chosen, key=lambda one: one.bound):
        rarest.setdefault(FAMILIES[one.key[0]].view, one)
    first, *others = sorted(rarest.values(), key=lambda one: one.bound)
    counted = min(first.bound, upper_bound(0, looked))
    expected = counted
    for one in others:
        expected *= one.bound ** (_CREDIT * FAMILIES[one.key[0]].reliability)
    return Clause(tuple(one.key for one in chosen), counted, expected)
