"""Pairs of elements, each of which finds a message by itself: one hand changes text,
link and sender from wave to wave, and what is left of an earlier wave may be two
elements, too few for the threshold that all of them must reach.

A pair is met in none of the other mail that is learned on, and at least one of the two
tells something by itself; where both are how a program writes, they come from two
views. Greedily the next is the one that finds most of the messages that no two before
it found. Each is found twice because what it is found by may be changed; a pair of
elements that others hold already counts for less. At most MOST pairs, and none for
fewer messages than a twentieth of the campaign: nothing is learned by heart.
Cost:       all pairs of the elements, an operation on whole sets each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heapreplace
from itertools import combinations
from typing import NamedTuple

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature.bitsets import Key
from firsthop.campaign.signature.conjunction import Candidate
from firsthop.campaign.signature.telling import is_writing, repeats

MOST = 10
_LEAST_SHARE = 0.05  # of the campaign, that a pair must add
_USED = 0.5  # how much less a pair counts for each pair that an element of it is in


class Pair(NamedTuple):
    """Two elements of which a message must have both."""

    first: Key
    second: Key


def pairs_among(candidates: Sequence[Candidate], part: int) -> tuple[Pair, ...]:
    """The pairs of elements for a part of the campaign, in the order of their worth."""
    least = max(2, _LEAST_SHARE * part.bit_count())
    once = twice = 0  # the messages that so many pairs find at least
    used = Counter[Key]()
    chosen: list[Pair] = []
    # what a pair is worth only falls: the first that is not out of date is the best; of
    # that one alone it is asked whether it can be chosen at all
    left = list(_meeting(candidates, least))
    heapify(left)
    while left and len(chosen) < MOST and (part & ~twice).bit_count() >= least:
        was, place, one, other = left[0]
        inside = one.inside & other.inside
        adds = (inside & ~twice).bit_count()
        if (now := -adds / (1 + _USED * (used[one.key] + used[other.key]))) != was:
            heapreplace(left, (now, place, one, other))
            continue
        heappop(left)
        if not _can_be_chosen(one, other):
            continue
        if adds < least:
            break
        once, twice = once | inside, twice | once & inside
        pair = Pair(one.key, other.key)
        used.update(pair)
        chosen.append(pair)
    return tuple(chosen)


def _meeting(
    candidates: Sequence[Candidate], least: float
) -> Iterator[tuple[float, int, Candidate, Candidate]]:
    """The pairs that find so many messages at least, with what they are worth at first
    (below zero) and their places."""
    for place, (one, other) in enumerate(combinations(candidates, 2)):
        found = (one.inside & other.inside).bit_count()
        if found >= least:
            yield -float(found), place, one, other


def _can_be_chosen(one: Candidate, other: Candidate) -> bool:
    """Whether the two tell something and are met together in no other mail."""
    return not one.outside & other.outside and _tell(one, other)


def _tell(one: Candidate, other: Candidate) -> bool:
    if not (one.tells or other.tells) or repeats(one.key, other.key):
        return False
    if is_writing(one.key) and is_writing(other.key):
        return FAMILIES[one.key[0]].view != FAMILIES[other.key[0]].view
    return True
