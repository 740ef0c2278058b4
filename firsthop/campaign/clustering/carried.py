"""What of a cluster hangs together by more than one witness; what a single one ties
together is taken apart.

A witness is a message, or a report with all the mail it encloses: who sends a report
can enclose what he likes, and that is one word. Two groups of two witnesses or more
that only one witness links are two clusters, and it stays with the group it is linked
to best. A single message that only one witness links stays where a second witness of
the cluster links it on the level above (`loose`), or where the two are alone. So one
message, or one report, merges no campaigns, whatever it holds and whenever it comes: it
joins one itself, no more. Two that work together can do more.

Never joins what was apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from firsthop.campaign.clustering.blocks import Block, Neighbours, blocks_of, branch_sizes

_BEST = 3  # links of a witness into a block that are summed
_GROUP = 2  # witnesses from which on a branch may not hang on a single one
Edge = tuple[int, int, float]  # two witnesses, and the bits of their link


def carried_parts(
    witnesses: Iterable[int],
    strong: Iterable[Edge],
    loose: Iterable[Edge] = (),
    solid: Collection[int] = (),
) -> list[list[int]]:
    """The witnesses of a cluster in parts, each in order, by their first; `strong` are
    the links of its level, `loose` those that are enough for the level above. The
    `solid` ones are many in truth, and hold together what is linked to them."""
    members = sorted(set(witnesses))
    links, weak = _neighbours(members, strong), _neighbours(members, loose)
    parts, met = _Parts(members), set[int]()
    for start in members:
        if start not in met:
            blocks = list(blocks_of(start, links))
            met.update(one for block in blocks for one in block.members)
            _join(parts, blocks, (links, weak), solid)
    return parts.listed()


def _neighbours(members: Sequence[int], edges: Iterable[Edge]) -> Neighbours:
    links: dict[int, dict[int, float]] = {one: {} for one in members}
    for a, b, bits in edges:
        if a != b and a in links and b in links:
            links[a][b] = links[b][a] = max(bits, links[a].get(b, bits))
    return links


def _join(
    parts: _Parts,
    blocks: list[Block],
    graph: tuple[Neighbours, Neighbours],
    solid: Collection[int],
) -> None:
    """Joins what more than one witness carries, in the blocks of one piece."""
    links, weak = graph
    home: defaultdict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        for one in block.members:
            home[one].append(block)
    sizes = branch_sizes(blocks, home)

    def stays(one: int, block: Block) -> bool:
        return sizes[block.number, one] < _GROUP and _is_linked_again(one, block, weak)

    for block in blocks:
        parts.join_all(block.number, (one for one in block.members if len(home[one]) == 1))
    for one, several in home.items():
        if len(several) > 1:
            best, *others = sorted(
                several,
                key=lambda b: (
                    sizes[b.number, one] < _GROUP,
                    -_bits(one, b, links),
                    sorted(b.members),
                ),
            )
            for block in (best, *(b for b in others if one in solid or stays(one, b))):
                parts.join_all(block.number, (one,))
    parts.end_piece()


def _is_linked_again(one: int, block: Block, weak: Neighbours) -> bool:
    """Whether a second witness links the only other member of the block."""
    (leaf,) = block.members - {one}
    return any(other != one for other in weak[leaf])


def _bits(one: int, block: Block, links: Neighbours) -> float:
    inside = (bits for other, bits in links[one].items() if other in block.members)
    return sum(sorted(inside, reverse=True)[:_BEST])


class _Parts:
    """A partition of witnesses whose parts grow together, block by block."""

    def __init__(self, members: Sequence[int]) -> None:
        self._above = {one: one for one in members}
        self._of_block: dict[int, int] = {}  # by block of this piece: a witness in its part

    def join_all(self, block: int, members: Iterable[int]) -> None:
        """Put witnesses into the part of a block."""
        for one in members:
            self._above[self._find(one)] = self._find(self._of_block.setdefault(block, one))

    def end_piece(self) -> None:
        """Block numbers begin anew."""
        self._of_block.clear()

    def listed(self) -> list[list[int]]:
        """The parts, each in order, by their first."""
        parts: defaultdict[int, list[int]] = defaultdict(list)
        for one in self._above:
            parts[self._find(one)].append(one)
        return list(parts.values())

    def _find(self, one: int) -> int:
        above = self._above
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one
