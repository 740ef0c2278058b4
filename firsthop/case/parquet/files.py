"""Writes the facts of messages as Parquet, batch by batch, by DuckDB: messages.parquet,
hops.parquet, and findings, verdicts, people and header_fields where messages were
examined.

Memory:     flat. Batches go into a database file beside the target, which becomes
            Parquet at the end.
Promises:   the same facts in the same order give the same bytes (one thread, fixed
            order, fixed row groups), whether they came in it or were put into it.
Raises:     CaseError where they cannot be written (a full disk).
Locked:     no extension is installed or loaded, no file outside the target folder is
            reachable, and no statement can lift that.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import duckdb

from firsthop.case.parquet.columns import BARE, TABLES, EvidenceRecords, columns_of_one
from firsthop.case.working import DATABASE
from firsthop.errors import CaseError
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.schema.columns import Table
from firsthop.judgement.examine import Examination
from firsthop.system.arrow_columns import Column
from firsthop.system.duckdb import insert_columns, insert_records, open_locked, quoted

MEMORY = "512MB"
BATCH_ROWS = 16_384  # that an insert takes, which costs as much as hundreds of rows
ROW_GROUP_ROWS = 20_480


class EvidenceFiles:
    """Takes facts as records, of some messages at a time; the files are there once it
    is closed. Of an earlier run's database the first `kept` messages stay."""

    def __init__(self, folder: Path, kept: int = 0) -> None:
        self._folder = folder.resolve()
        self._database = self._folder / DATABASE
        if not kept:
            self._remove_database()
        with self._told():
            self._connection = open_locked(
                str(self._database), self._folder, MEMORY, threads=1, passing=True
            )
        self._waiting: dict[str, list[Column]] = {table.name: [] for table in TABLES}
        self._examined, self._arranged = kept > 0, False
        self.messages = kept
        self.names: tuple[str, ...] = ()  # the files, once closed
        for table in TABLES:
            columns = ", ".join(f'"{name}" {kind}' for name, kind in table.types.items())
            self._execute(f"CREATE TABLE IF NOT EXISTS {table.name} ({columns})")
            self._execute(f"DELETE FROM {table.name} WHERE message > {kept:d}")  # noqa: S608 - a name of the program and a number

    def add(self, message: Examination | MessageFacts) -> int:
        """Take one message; returns its number, from 1."""
        self.add_records(columns_of_one(message).records())
        return self.messages

    def add_records(self, evidence: EvidenceRecords) -> None:
        """Take some messages, table by table."""
        self._examined = self._examined or len(evidence.tables) == len(TABLES)
        for table, record in zip(TABLES, evidence.tables, strict=False):
            waiting = self._waiting[table.name]
            waiting.append(_numbered(record, self.messages + 1))
            if sum(one.length for one in waiting) >= BATCH_ROWS:
                self._flush(table)
        self.messages += evidence.messages

    def arrange(self, places: Sequence[int | None], former: Mapping[str, Path]) -> None:
        """The messages take these numbers, which tell their order in the files, or go:
        first those that were taken, then those of former files, by name."""
        self._arranged = True
        self._execute("CREATE OR REPLACE TABLE place (message BIGINT, place BIGINT)")
        numbers = {"message": range(1, len(places) + 1), "place": places}
        kinds = {"message": "BIGINT", "place": "BIGINT"}
        with self._told():
            insert_columns(
                self._connection, "place", kinds, {name: list(n) for name, n in numbers.items()}
            )
        for table in TABLES if former else ():
            self._flush(table)
            file = quoted(str(former[f"{table.name}.parquet"].resolve()))
            self._execute(
                f"INSERT INTO {table.name} BY NAME SELECT * REPLACE "  # noqa: S608 - names of the program, quoted
                f"(message + {self.messages:d} AS message) FROM read_parquet({file})"
            )
            self._examined = True

    def to_disk(self) -> None:
        """Bring what was taken to the disk."""
        for table in TABLES:
            self._flush(table)

    def close(self) -> None:
        """Write the Parquet files; the database stays beside them until the folder's
        owner is done."""
        tables = TABLES if self._examined else BARE
        for table in tables:
            self._flush(table)
            target = quoted(str(self._folder / f"{table.name}.parquet"))
            self._execute(
                f"COPY {self._rows(table)} TO {target} (FORMAT parquet, COMPRESSION zstd, "
                f"ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
            )
        self.names = tuple(f"{table.name}.parquet" for table in tables)
        self._connection.close()

    def _rows(self, table: Table) -> str:
        """What is written of a table; how a sort hands its rows on, and with it the row
        groups, does not depend on how they were taken."""
        if not self._arranged:
            return table.name
        return (
            f"(SELECT place.place AS message, t.* EXCLUDE (message) FROM {table.name} t "  # noqa: S608 - a name of the program
            f"JOIN place ON t.message = place.message ORDER BY place.place, t.rowid)"
        )

    def _flush(self, table: Table) -> None:
        if waiting := self._waiting[table.name]:
            with self._told():
                insert_records(self._connection, table.name, table.types, waiting)
            waiting.clear()

    def _execute(self, statement: str) -> None:
        with self._told():
            self._connection.execute(statement)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            raise CaseError(
                f"{self._folder.parent}: the facts cannot be written: {str(error).splitlines()[0]}"
            ) from error

    def _remove_database(self) -> None:
        for left in self._folder.glob(f"{DATABASE}*"):
            left.unlink()

    def __enter__(self) -> EvidenceFiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._connection.close()


def _numbered(record: Column, first: int) -> Column:
    """A record whose messages are numbered from `first` on."""
    numbers, *others = record.children
    counted = array("q", [first + number for number in array("q", numbers.buffers[1] or b"")])
    return record._replace(children=(numbers._replace(buffers=(None, counted)), *others))
