"""Correlation as SQL that runs the same on DuckDB (embedded) and on Spark Connect
(Sail, PySpark), behind one protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from firsthop.campaign.engine.counts import TableCounts
from firsthop.campaign.engine.duckdb import DuckDBEngine
from firsthop.campaign.engine.protocol import TABLES, Engine, Parameter, Row
from firsthop.campaign.features.families import FAMILIES, NUMBER, VIEWS

__all__ = [
    "TABLES",
    "DuckDBEngine",
    "Engine",
    "Pair",
    "Parameter",
    "Row",
    "TableCounts",
    "family_rows",
    "open_engine",
    "scored_pairs",
]

# messages whose pairs are scored at a time: it bounds what is held beside the tables
BATCH = 50_000


class Pair(NamedTuple):
    """One row of statement `pair_score`."""

    late: int
    early: int  # places in the order of gathering, from 1
    a: str
    b: str  # message ids; b is the earlier
    bits: float  # observed, less what disagrees
    views: int  # with a value of 4 bits or more
    asserted: float  # bits of claims that a publication makes of both
    claims: int


def open_engine(folder: Path, url: str | None = None) -> Engine:
    """The engine for the archive in `folder`: embedded, or the Spark Connect server at
    `url`. EngineError where that cannot be had."""
    if url is None:
        return DuckDBEngine(folder)
    from firsthop.campaign.engine.spark import SparkEngine  # noqa: PLC0415 - its libraries are an extra

    return SparkEngine(url, folder)


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
        )
        for one in FAMILIES.values()
    ]


def scored_pairs(
    engine: Engine, first: int = 1, batch: int = BATCH, **parameters: Parameter
) -> Iterator[Pair]:
    """The scored pairs whose later message has place `first` or a later one, in the
    order of gathering."""
    ((messages, *_),) = engine.run("heap_count")
    for low in range(first, int(messages) + 1, batch):
        yield from map(
            Pair._make, engine.run("pair_score", low=low, high=low + batch, **parameters)
        )
