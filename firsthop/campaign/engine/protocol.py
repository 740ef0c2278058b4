"""What an engine is: tables go in, the statements of `engine/sql` run over them, rows
come out in a fixed order.

A statement sees the input tables below and other statements by name; what it reads is
made first and kept until its inputs or parameters change. Every engine runs the same
text; equal rows are a promise, and tests hold all engines to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

Parameter = int | float | str
Row = tuple[Any, ...]

TABLES: Mapping[str, Mapping[str, str]] = {
    "message": {
        "id": "VARCHAR",
        "ts": "BIGINT",
        "authenticated_domain": "VARCHAR",
        "arrival": "BIGINT",
    },
    "feature": {"msg": "VARCHAR", "family": "VARCHAR", "hash": "BIGINT"},
    "family": {
        "number": "BIGINT",
        "family": "VARCHAR",
        "view_number": "BIGINT",
        "bit": "BIGINT",
        "against": "DOUBLE",
        "observed": "BIGINT",
        "own": "BIGINT",
    },
    "background_stat": {
        "hash": "BIGINT",
        "family": "VARCHAR",
        "n": "BIGINT",
        "n_domains": "BIGINT",
        "months": "BIGINT",
    },
    "weight": {"hash": "BIGINT", "p": "DOUBLE", "bits": "DOUBLE"},
    "campaign": {"id": "VARCHAR", "level": "VARCHAR"},
    "member": {"campaign": "VARCHAR", "msg": "VARCHAR"},
}
"""The input tables: the columns that the statements read, with their types. One that
nobody gave is empty."""


class Engine(Protocol):
    """Runs the statements. Use it in a `with`: what it made ends with it."""

    def load(self, table: str, files: Sequence[Path]) -> None:
        """Take an input table from Parquet files that have its columns, and may have
        more."""

    def put(self, table: str, rows: Iterable[Row]) -> None:
        """Take an input table from rows in the order of its columns; it replaces what
        was there."""

    def run(self, name: str, **parameters: Parameter) -> Iterator[Row]:
        """The rows of a statement, in the order it names. Parameters left out have the
        value that the statement gives them."""

    def close(self) -> None:
        """Remove what was made; a second time does nothing."""

    def __enter__(self) -> Engine:
        """The engine itself."""

    def __exit__(self, *_: object) -> None:
        """Closes it."""
