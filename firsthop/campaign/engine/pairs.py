"""The scored pairs of the heap that an engine holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from firsthop.campaign.engine.protocol import Engine, Parameter, Row
from firsthop.campaign.features.families import FAMILIES, NUMBER, VIEWS

# messages whose pairs are scored at a time: it bounds what is held beside the tables
BATCH = 50_000


class Pair(NamedTuple):
    """One row of statement `pair_score`."""

    late: int
    early: int  # places in the order of the assignment, from 1
    bits: float  # observed, less what disagrees
    views: int  # with a value of 4 bits or more; with an own constant of 11.5 bits or more twice
    asserted: float  # bits of claims that a publication makes of both
    claims: int


def family_rows() -> list[Row]:
    """The rows of table `family`, as the statements read it."""
    return [
        (
            NUMBER[one.name],
            one.name,
            VIEWS.index(one.view),
            1 << NUMBER[one.name],
            one.against,
            int(one.view != VIEWS[-1]),
            int(one.own),
        )
        for one in FAMILIES.values()
    ]


def scored_pairs(
    engine: Engine, first: int = 1, batch: int = BATCH, **parameters: Parameter
) -> Iterator[Pair]:
    """The scored pairs whose later message has place `first` or a later one, in the
    order of the assignment."""
    ((messages, *_),) = engine.run("heap_count")
    for low in range(first, int(messages) + 1, batch):
        yield from map(
            Pair._make, engine.run("pair_score", low=low, high=low + batch, **parameters)
        )
