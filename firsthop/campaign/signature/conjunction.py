"""The fewest elements that together tell a campaign's mail from other mail: what an
analyst can read out and type into a filter.

All sets of up to three of the ranked elements are tried, that hold at least one which
tells something by itself. The smallest set wins that covers nearly as much as any and
meets the fewest other mails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
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
    """Each set with what it covers and what it meets of other mail."""
    inside, outside = [one.inside for one in candidates], [one.outside for one in candidates]
    forms = frozenset(n for n, one in enumerate(candidates) if not one.tells)
    for size in range(1, _MOST + 1):
        for chosen in combinations(range(len(candidates)), size):
            if not forms or not forms.issuperset(chosen):
                here, there = -1, -1
                for index in chosen:
                    here &= inside[index]
                    there &= outside[index]
                yield here.bit_count(), there.bit_count(), chosen
