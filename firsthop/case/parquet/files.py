"""Writes the facts of messages as Parquet, by DuckDB: messages.parquet, hops.parquet,
and findings, verdicts, people and header_fields where messages were examined.

Memory:     flat. What is taken goes into a file beside the target (taken.py), which
            becomes Parquet at the end, table by table: DuckDB puts the rows in order as
            they come, and what of them does not fit into MEMORY goes into a file, too.
Promises:   the same facts in the same order give the same bytes (one thread, fixed
            order, fixed row groups), whether they came in it or were put into it.
Raises:     CaseError where they cannot be written (a full disk).
Locked:     no extension is installed or loaded, no file outside the target folder is
            reachable, and no statement can lift that.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType

import duckdb

from firsthop.case.parquet.columns import BARE, FORMS, TABLES, EvidenceRecords, columns_of_one
from firsthop.case.parquet.taken import TakenEvidence
from firsthop.case.working import TAKEN
from firsthop.errors import CaseError
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.schema.columns import Table
from firsthop.judgement.examine import Examination
from firsthop.system.arrow_bytes import column_in
from firsthop.system.arrow_columns import Column, Form, column_of, form_of
from firsthop.system.duckdb import (
    GIVEN,
    create_table,
    given,
    insert_columns,
    open_locked,
    quoted,
    read_columns,
)

MEMORY = "512MB"
ROW_GROUP_ROWS = 20_480
_ROW = "row_of_chunk"  # which row of its chunk or of its former file one was
_PLACE = {"message": "BIGINT", "place": "BIGINT"}


class EvidenceFiles:
    """Takes facts as records, of some messages at a time; the files are there once it
    is closed. Of what an earlier run took the first `kept` messages stay."""

    def __init__(self, folder: Path, kept: int = 0) -> None:
        self._folder = folder.resolve()
        with self._told():
            self._taken = TakenEvidence(self._folder / TAKEN, kept)
        self._examined = kept > 0
        self._places: Sequence[int | None] = ()  # of the messages, once told
        self._former: Mapping[str, Path] = {}
        self.messages = kept
        self.names: tuple[str, ...] = ()  # the files, once closed

    def add(self, message: Examination | MessageFacts) -> int:
        """Take one message; returns its number, from 1."""
        self.add_records(columns_of_one(message).records())
        return self.messages

    def add_records(self, evidence: EvidenceRecords) -> None:
        """Take some messages."""
        self._examined = self._examined or len(evidence.tables) == len(TABLES)
        with self._told():
            self._taken.add(evidence)
        self.messages += evidence.messages

    def arrange(self, places: Sequence[int | None], former: Mapping[str, Path]) -> None:
        """The messages take these numbers, which tell their order in the files, or go:
        first those that were taken, then those of former files, by name."""
        self._places, self._former = places, former
        self._examined = self._examined or bool(former)

    def to_disk(self) -> None:
        """Bring what was taken to the disk."""
        with self._told():
            self._taken.to_disk()

    def close(self) -> None:
        """Write the Parquet files; what was taken stays beside them until the folder's
        owner is done."""
        tables = TABLES if self._examined else BARE
        with (
            self._told(),
            closing(open_locked(":memory:", self._folder, MEMORY, threads=1)) as connection,
        ):
            if self._former:
                self._tell_places(connection)
            for number, table in enumerate(tables):
                self._write(connection, number, table)
        self.names = tuple(f"{table.name}.parquet" for table in tables)
        self._taken.close()

    def _write(self, connection: duckdb.DuckDBPyConnection, number: int, table: Table) -> None:
        """Write a table; how a sort hands its rows on, and with it the row groups, does
        not depend on how they were taken."""
        rows = f"SELECT {', '.join(read_columns(table.types))}, {_ROW} FROM {GIVEN}"  # noqa: S608 - names of the program
        if self._former:
            rows += f" UNION ALL {self._former_rows(table)}"
        target = quoted(str(self._folder / f"{table.name}.parquet"))
        with given(connection, _with_row(FORMS[number]), self._records(number)):
            connection.execute(
                f"COPY (SELECT * EXCLUDE ({_ROW}) FROM ({rows}) ORDER BY message, {_ROW}) "  # noqa: S608 - the same
                f"TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
            )

    def _records(self, number: int) -> Iterator[Column]:
        """What was taken of a table, by its place among TABLES, and in which row of its
        chunk, which has all rows of its messages."""
        for before, data in self._taken.tables(number):
            record = self._numbered(column_in(FORMS[number], data), before)
            rows = Column(record.length, 0, (None, array("q", range(record.length))))
            yield record._replace(children=(*record.children, rows))

    def _numbered(self, record: Column, before: int) -> Column:
        """A record with its messages' numbers in the files."""
        numbers, *others = record.children
        within = array("q", numbers.buffers[1] or b"")
        places = self._places or range(1, self.messages + 1)
        of_chunk = places[before : before + max(within, default=-1) + 1]
        placed = column_of(FORMS[0].children[0], list(map(of_chunk.__getitem__, within)))
        return record._replace(children=(placed, *others))

    def _tell_places(self, connection: duckdb.DuckDBPyConnection) -> None:
        """The messages of the former files that stay, with their numbers there and in
        the new ones."""
        places = self._places[self.messages :]
        values = {"message": range(1, len(places) + 1), "place": places}
        create_table(connection, "place", _PLACE)
        insert_columns(connection, "place", _PLACE, values)

    def _former_rows(self, table: Table) -> str:
        """A query for what stays of a table's former file."""
        file = quoted(str(self._former[f"{table.name}.parquet"].resolve()))
        columns = ", ".join(f't."{name}"' for name in table.types if name != "message")
        return (
            f"SELECT place.place, {columns}, t.file_row_number "  # noqa: S608 - names of the program, quoted
            f"FROM read_parquet({file}, file_row_number = true) t "
            f"JOIN place ON t.message = place.message WHERE place.place IS NOT NULL"
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (duckdb.Error, OSError) as error:
            raise CaseError(
                f"{self._folder.parent}: the facts cannot be written: {str(error).splitlines()[0]}"
            ) from error

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
            self._taken.close()


def _with_row(form: Form) -> Form:
    """The form of records that tell the row of the chunk, too."""
    return form._replace(children=(*form.children, form_of("BIGINT", _ROW)))
