"""The fewest elements that together tell a campaign's mail from other mail: what an
analyst can read out and type into a filter.

Sets of up to three of the ranked elements are tried, that hold at least one which tells
something by itself. The smallest set wins that covers nearly as much as any and
meets the fewest other mails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from firsthop.campaign.signature.bitsets import Key

_MOST = 3
_NEARLY = 0.9  # of the best coverage that a smaller set must have


class Candidate(NamedTuple):
    """An element that a conjunction may hold."""

    key: Key
    inside: int  # its carriers in the campaign
    outside: int  # ... in other mail
    tells: bool  # by itself


def shortest(candidates: Sequence[Candidate]) -> tuple[Key, ...]:
    """The shortest conjunction; of equal ones the first in the ranking. Empty where
    none of the elements tells anything."""
    tried = list(_tried(candidates))
    fewest = min((false for _, false, _ in tried), default=0)
    clean = [(covered, chosen) for covered, false, chosen in tried if false == fewest]
    best = max((covered for covered, _ in clean), default=0)
    good = [
        (len(chosen), -covered, chosen) for covered, chosen in clean if covered >= _NEARLY * best
    ]
    return tuple(candidates[i].key for i in min(good)[2]) if good else ()


def _tried(candidates: Sequence[Candidate]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Each set with what it covers and what it meets of other mail. One that meets none
    is made no larger: it would meet no less, and cover no more."""
    sets: list[tuple[tuple[int, ...], int, int, bool]] = [((), -1, -1, False)]
    for _ in range(_MOST):
        longer = []
        for chosen, inside, outside, tells in sets:
            for index in range(chosen[-1] + 1 if chosen else 0, len(candidates)):
                _, its_inside, its_outside, its_own = candidates[index]
                larger = (*chosen, index)
                here, there, told = inside & its_inside, outside & its_outside, tells or its_own
                if told:
                    yield here.bit_count(), there.bit_count(), larger
                if there or not told:
                    longer.append((larger, here, there, told))
        sets = longer
