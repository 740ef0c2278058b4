"""Which way a byte leads in a program: the ways that can begin with it, and where their
instructions stand in the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firsthop.evidence.bulk.native.byte_sets import ALL
from firsthop.evidence.bulk.native.instructions import (
    JUMP,
    SWITCH_WIDTH,
    SWITCHES,
    TARGETS,
    WIDTHS,
)


def possible(firsts: Sequence[int | None]) -> dict[int, tuple[int, ...]]:
    """Sets of bytes, and the ways that can begin with each of them."""
    found: dict[int, tuple[int, ...]] = {ALL: ()}
    for number, first in enumerate(firsts):
        parted: dict[int, tuple[int, ...]] = {}
        for mask, ways in found.items():
            begins = mask if first is None else mask & first
            if begins:
                parted[begins] = (*ways, number)
            if begins != mask:
                parted[mask & ~begins] = ways
        found = parted
    return found


def bits(mask: int) -> Iterator[int]:
    """The places of the bits of a set."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def straighten(code: list[int]) -> None:
    """Jumps to a jump go where that goes."""
    place = 0
    while place < len(code):
        op = code[place]
        wide = WIDTHS.get(op, 2)
        holes = TARGETS.get(op, ())
        if op in SWITCHES:
            wide = SWITCH_WIDTH + code[place + 2]
            holes = tuple(range(SWITCH_WIDTH, wide))
        for hole in holes:
            target = code[place + hole]
            while code[target] == JUMP and code[target + 1] != target:
                target = code[target + 1]
            code[place + hole] = target
        place += wide
