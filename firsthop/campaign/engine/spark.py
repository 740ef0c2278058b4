"""The engine on a Spark Connect server (`sc://HOST:PORT`): Sail or Apache Spark. Needs
the extra `spark`.

Tables are sent from here, so that the server needs no access to the archive, and live
in the session, which ends with the engine: nothing stays there. Every step is
materialised by a local checkpoint. A server that offers none gets the step's rows sent
back, for it would stack queries otherwise.
Trusts:     the server sees all values' hashes and the ids of messages, and no mail. It
            is the operator's choice.
Raises:     EngineError where the libraries are missing, nobody listens, or a statement
            fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from firsthop.campaign.engine.duckdb import MEMORY
from firsthop.campaign.engine.protocol import TABLES, Row
from firsthop.campaign.engine.steps import SteppedEngine
from firsthop.system.duckdb import open_locked, quoted
from firsthop.system.spark import spark_session, told

BATCH_ROWS = 500_000  # sent at a time, at least
_NAMES = {"VARCHAR": "STRING", "BIGINT": "BIGINT", "DOUBLE": "DOUBLE"}


class SparkEngine(SteppedEngine):
    """A session of a Spark Connect server. `folder` holds the archive whose files are
    sent."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__()
        self._url, self._folder = url, folder.resolve()
        self._checkpoints = True
        self._session = spark_session(url)

    def _close(self) -> None:
        self._session.stop()

    def _load(self, table: str, files: Sequence[Path]) -> None:
        import pyarrow  # noqa: PLC0415 - an extra

        names = ", ".join(quoted(str(file)) for file in files)
        with open_locked(":memory:", self._folder, MEMORY) as local:
            query = f"SELECT {', '.join(TABLES[table])} FROM read_parquet([{names}])"  # noqa: S608 - quoted
            self._send(table, _tables(pyarrow.RecordBatchReader.from_stream(local.sql(query))))

    def _fill(self, table: str, rows: Iterable[Row]) -> None:
        rest = iter(rows)
        self._send(
            table,
            (_arrow(table, batch) for batch in iter(lambda: list(islice(rest, BATCH_ROWS)), [])),
        )

    def _send(self, table: str, parts: Iterable[Any]) -> None:
        with told(self._url, table):
            whole = self._session.createDataFrame(
                [], ", ".join(f"{name} {_NAMES[kind]}" for name, kind in TABLES[table].items())
            )
            for part in parts:
                whole = whole.unionAll(self._session.createDataFrame(part))
            self._keep(table, whole)

    def _create(self, table: str, query: str) -> None:
        with told(self._url, table):
            self._keep(table, self._session.sql(query))

    def _keep(self, table: str, frame: Any) -> None:
        self._materialised(frame).createOrReplaceTempView(table)

    def _materialised(self, frame: Any) -> Any:
        from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

        if self._checkpoints:
            try:
                return frame.localCheckpoint(eager=True)
            except PySparkException as error:
                if "checkpoint" not in str(error):
                    raise
                self._checkpoints = False
        rows = frame.toArrow()
        return (
            self._session.createDataFrame(rows)
            if rows.num_rows
            else self._session.createDataFrame([], frame.schema)
        )

    def _rows(self, table: str, order: Sequence[str]) -> Iterator[Row]:
        with told(self._url, table):
            for row in self._session.table(table).orderBy(*order).toLocalIterator():
                yield tuple(row)


def _arrow(table: str, rows: Sequence[Row]) -> Any:
    """Rows as an Arrow table of the table's types."""
    import pyarrow  # noqa: PLC0415 - an extra

    types = {"VARCHAR": pyarrow.string(), "BIGINT": pyarrow.int64(), "DOUBLE": pyarrow.float64()}
    schema = pyarrow.schema([(name, types[kind]) for name, kind in TABLES[table].items()])
    return pyarrow.table(
        [
            pyarrow.array(column, field.type)
            for column, field in zip(zip(*rows, strict=True), schema, strict=True)
        ],
        schema=schema,
    )


def _tables(batches: Iterable[Any]) -> Iterator[Any]:
    """Small Arrow batches as larger tables: each one sent is a node of the server's
    plan."""
    import pyarrow  # noqa: PLC0415 - an extra

    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= BATCH_ROWS:
            yield pyarrow.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pyarrow.Table.from_batches(waiting)
