"""Correlation as SQL that runs the same on DuckDB (embedded) and on Spark Connect
(Sail, PySpark), behind one protocol."""

from __future__ import annotations

from pathlib import Path

from firsthop.campaign.engine.correlator import TableCorrelator
from firsthop.campaign.engine.counts import TableCounts
from firsthop.campaign.engine.duckdb import DuckDBEngine
from firsthop.campaign.engine.pairs import Pair, family_rows, scored_pairs
from firsthop.campaign.engine.protocol import TABLES, Engine, Parameter, Row

__all__ = [
    "TABLES",
    "DuckDBEngine",
    "Engine",
    "Pair",
    "Parameter",
    "Row",
    "TableCorrelator",
    "TableCounts",
    "family_rows",
    "open_engine",
    "scored_pairs",
]


def open_engine(folder: Path, url: str | None = None) -> Engine:
    """The engine for the archive in `folder`: embedded, or the Spark Connect server at
    `url`. EngineError where that cannot be had."""
    if url is None:
        return DuckDBEngine(folder)
    from firsthop.campaign.engine.spark import SparkEngine  # noqa: PLC0415 - its libraries are an extra

    return SparkEngine(url, folder)
