"""The fewest elements that together tell a campaign's mail from other mail: what an analyst can read out and type into a filter.

All sets of up to three of the ranked elements are tried, with messages as bits of a number. The smallest set wins that covers nearly as much as any
and meets the fewest other mails.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

_MOST = 3
_NEARLY = 0.9  # of the best coverage that a smaller set must have
Key = tuple[str, str]
Values = frozenset[Key]


def shortest(keys: Sequence[Key], members: Sequence[Values], elsewhere: Sequence[Values]) -> tuple[Key, ...]:
    """The shortest conjunction; of equal sets the one that comes first in the ranking. Empty where there are no keys."""
    inside = [_bits(key, members) for key in keys]
    outside = [_bits(key, elsewhere) for key in keys]
    tried = [_tried(chosen, inside, outside) for size in range(1, _MOST + 1) for chosen in combinations(range(len(keys)), size)]
    fewest = min((false for _, false, _ in tried), default=0)
    clean = [(covered, chosen) for covered, false, chosen in tried if false == fewest]
    best = max((covered for covered, _ in clean), default=0)
    good = [(len(chosen), -covered, chosen) for covered, chosen in clean if covered >= _NEARLY * best]
    return tuple(keys[i] for i in min(good)[2]) if good else ()


def _bits(key: Key, messages: Sequence[Values]) -> int:
    return sum(1 << n for n, values in enumerate(messages) if key in values)


def _tried(chosen: tuple[int, ...], inside: list[int], outside: list[int]) -> tuple[int, int, tuple[int, ...]]:
    here, there = -1, -1
    for index in chosen:
        here &= inside[index]
        there &= outside[index]
    return here.bit_count(), there.bit_count(), chosen
