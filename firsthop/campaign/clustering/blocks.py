"""The blocks of a graph: sets of vertices of which no single one holds the others
together, and the vertices that lie in several blocks, without which a piece falls
apart.

Knows nothing of messages. Linear; with a stack of its own, for a piece may be as long
as a heap.
Source:     Hopcroft & Tarjan 1973, Algorithm 447.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

Neighbours = Mapping[int, Mapping[int, float]]  # by vertex: the others, and the bits between


class Block(NamedTuple):
    """Vertices of whom no single one holds the others together."""

    number: int
    members: frozenset[int]


def blocks_of(start: int, links: Neighbours) -> Iterator[Block]:
    """The blocks of the piece that vertex `start` lies in; none where it is alone."""
    found, low = {start: 0}, {start: 0}
    path: list[tuple[int, int, Iterator[int]]] = [(start, start, iter(links[start]))]
    edges: list[tuple[int, int]] = []
    number = 0
    while path:
        one, before, rest = path[-1]
        other = next(rest, None)
        if other is None:
            path.pop()
            if path:
                low[before] = min(low[before], low[one])
                if low[one] >= found[before]:
                    yield Block(number, _cut_off(edges, (before, one)))
                    number += 1
        elif other not in found:
            found[other] = low[other] = len(found)
            edges.append((one, other))
            path.append((other, one, iter(links[other])))
        elif other != before and found[other] < found[one]:
            edges.append((one, other))
            low[one] = min(low[one], found[other])


def _cut_off(edges: list[tuple[int, int]], first: tuple[int, int]) -> frozenset[int]:
    """The ends of the edges from `first` on, which are taken away."""
    members = set(first)
    while (edge := edges.pop()) != first:
        members.update(edge)
    return frozenset(members)


def branch_sizes(
    blocks: Sequence[Block], home: Mapping[int, Sequence[Block]]
) -> dict[tuple[int, int], int]:
    """For the blocks of one piece, by a block and a vertex of it that lies in several:
    how many vertices are reached through the block and not through that one. `home`:
    the blocks of each vertex."""
    order, above = _downward(blocks, home)
    below: dict[int, int] = {}  # by block: what lies in it and under it, its upper vertex aside
    hanging: defaultdict[int, int] = defaultdict(int)  # by vertex: what lies under it
    for block in reversed(order):
        upper = above[block.number]
        below[block.number] = sum(1 + hanging[one] for one in block.members if one != upper)
        if upper is not None:
            hanging[upper] += below[block.number]
    whole = below[order[0].number] if order else 0
    return {
        (block.number, one): below[block.number]
        if one == above[block.number]
        else whole - 1 - hanging[one]
        for block in order
        for one in block.members
        if len(home[one]) > 1
    }


def _downward(
    blocks: Sequence[Block], home: Mapping[int, Sequence[Block]]
) -> tuple[list[Block], dict[int, int | None]]:
    """The blocks from the first down, and by block the vertex that it hangs on."""
    order = list(blocks[:1])
    above: dict[int, int | None] = {block.number: None for block in order}
    for block in order:  # grows as it is walked
        for one in sorted(block.members):
            for other in home[one]:
                if other.number not in above:
                    above[other.number] = one
                    order.append(other)
    return order, above
