"""The fewest elements that together tell a campaign's mail from other mail: what an
analyst can read out and type into a filter.

All sets of up to three of the ranked elements are tried. The smallest set wins that
covers nearly as much as any and meets the fewest other mails."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from firsthop.campaign.signature.bitsets import Key

_MOST = 3
_NEARLY = 0.9  # of the best coverage that a smaller set must have


def shortest(keys: Sequence[Key], inside: Sequence[int], outside: Sequence[int]) -> tuple[Key, ...]:
    """The shortest conjunction of the keys, whose carriers are the sets `inside` and
    `outside` the campaign; of equal ones the first in the ranking."""
    tried = [
        _tried(chosen, inside, outside)
        for size in range(1, _MOST + 1)
        for chosen in combinations(range(len(keys)), size)
    ]
    fewest = min((false for _, false, _ in tried), default=0)
    clean = [(covered, chosen) for covered, false, chosen in tried if false == fewest]
    best = max((covered for covered, _ in clean), default=0)
    good = [
        (len(chosen), -covered, chosen) for covered, chosen in clean if covered >= _NEARLY * best
    ]
    return tuple(keys[i] for i in min(good)[2]) if good else ()


def _tried(
    chosen: tuple[int, ...], inside: Sequence[int], outside: Sequence[int]
) -> tuple[int, int, tuple[int, ...]]:
    here, there = -1, -1
    for index in chosen:
        here &= inside[index]
        there &= outside[index]
    return here.bit_count(), there.bit_count(), chosen
