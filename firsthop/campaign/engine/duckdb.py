"""The engine inside the program: DuckDB, locked down, with its tables in memory: in a
file they would be compressed, and most of them are read once.

Locked:     no extension is installed or loaded, nothing outside the archive's folder is
            reachable, and no statement can lift that.
Memory:     what does not fit into the limit goes to a folder that goes when it is
            closed.
Raises:     EngineError where a statement fails (a full disk, a damaged file).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb

from firsthop.campaign.engine.protocol import TABLES, Row
from firsthop.campaign.engine.steps import SteppedEngine
from firsthop.errors import EngineError
from firsthop.system.duckdb import BATCH_ROWS, create_table, drop, insert_rows, open_locked, quoted

WORK = ".engine-"  # prefix of the folders that engines work in
MEMORY = "512MB"


class DuckDBEngine(SteppedEngine):
    """DuckDB in this process. `folder` holds the archive; all files it may read lie
    there."""

    def __init__(self, folder: Path, memory: str = MEMORY, threads: int | None = None) -> None:
        super().__init__()
        self._work = Path(tempfile.mkdtemp(prefix=WORK, dir=folder.resolve()))
        self._connection = open_locked(":memory:", folder.resolve(), memory, threads, self._work)

    def _close(self) -> None:
        self._connection.close()
        shutil.rmtree(self._work, ignore_errors=True)

    def _load(self, table: str, files: Sequence[Path]) -> None:
        drop(self._connection, table)
        names = ", ".join(quoted(str(file)) for file in files)
        self._execute(
            f"CREATE VIEW {table} AS SELECT {', '.join(TABLES[table])} FROM "  # noqa: S608 - quoted
            f"read_parquet([{names}])",
            table,
        )

    def _fill(self, table: str, rows: Iterable[Row]) -> None:
        create_table(self._connection, table, TABLES[table])
        insert_rows(self._connection, table, TABLES[table], rows)

    def _create(self, table: str, query: str) -> None:
        self._execute(f"CREATE OR REPLACE TABLE {table} AS {query}", table)

    def _rows(self, table: str, order: Sequence[str]) -> Iterator[Row]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"SELECT * FROM {table} ORDER BY {', '.join(order)}")  # noqa: S608 - names of the program
            while batch := cursor.fetchmany(BATCH_ROWS):
                yield from batch
        except duckdb.Error as error:
            raise EngineError(_says(table, error)) from error
        finally:
            cursor.close()

    def _execute(self, statement: str, table: str) -> None:
        try:
            self._connection.execute(statement)
        except duckdb.Error as error:
            raise EngineError(_says(table, error)) from error


def _says(table: str, error: duckdb.Error) -> str:
    return f"the engine fails at {table}: {str(error).splitlines()[0]}"
