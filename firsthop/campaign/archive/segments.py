"""Writes and reads the Parquet segments of an archive, by a DuckDB that is locked into
its folder.

A segment is written under a temporary name, brought to the disk, and renamed to the
name that its content gives it. It never changes afterwards. The same rows give the same
bytes: one thread, fixed order, fixed row groups."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from firsthop.campaign.archive.rows import SEGMENTS, Row, Segment
from firsthop.errors import CaseError
from firsthop.system.arrow_columns import Column
from firsthop.system.duckdb import (
    create_table,
    insert_columns,
    insert_records,
    insert_rows,
    open_locked,
    quoted,
)

FOLDER = "segments"
MEMORY = "512MB"
ROW_GROUP_ROWS = 65_536
READ_ROWS = 8_192
_UNFINISHED = ".unfinished.parquet"


class Segments:
    """The segment files of the archive in `folder`; those of one that goes soon need
    not be `small`."""

    def __init__(self, folder: Path, *, small: bool = True) -> None:
        self._folder, self._small = folder.resolve() / FOLDER, small
        self._connection: duckdb.DuckDBPyConnection | None = None

    @property
    def folder(self) -> Path:
        """Where the segments lie."""
        self._folder.mkdir(exist_ok=True)
        return self._folder

    def path(self, segment: Segment) -> Path:
        """Where a segment lies."""
        return self._folder / segment.name

    def write(self, kind: str, arrival: int, rows: Iterable[Row], by: str = "") -> Segment:
        """Write a segment, put in order `by` one of its columns; it is on the disk
        under its own name when this returns. CaseError where it cannot be written."""
        fill = partial(insert_rows, rows=rows)
        return self.write_by(kind, arrival, lambda file: self._copy(kind, fill, file, by))

    def write_records(self, kind: str, arrival: int, records: Iterable[Column]) -> Segment:
        """The same with rows that come as Arrow records."""
        fill = partial(insert_records, records=records)
        return self.write_by(kind, arrival, lambda file: self._copy(kind, fill, file))

    def write_by(self, kind: str, arrival: int, copy: Callable[[Path], int]) -> Segment:
        """The same with what fills a file and counts its rows."""
        unfinished = self._folder / _UNFINISHED
        try:
            self._folder.mkdir(exist_ok=True)
            count = copy(unfinished)
            digest = _to_disk(unfinished)
            segment = Segment(
                f"{kind}-{digest[:24]}.parquet",
                kind,
                arrival,
                count,
                unfinished.stat().st_size,
                digest,
                False,
            )
            unfinished.replace(self.path(segment))
            _fsync(self._folder)
        except (duckdb.Error, OSError) as error:
            raise CaseError(
                f"{self._folder.parent}: a segment cannot be written: {str(error).splitlines()[0]}"
            ) from error
        return segment

    def read(
        self,
        segments: Sequence[Segment],
        where: str = "true",
        values: Sequence[Any] = (),
        columns: Sequence[str] = (),
    ) -> Iterator[Row]:
        """The rows of segments of one kind, in the order they were written; only those
        that a condition (of this program) with its values chooses, and of them only
        `columns` where some are named."""
        for segment in segments:
            yield from self._read(segment, where, values, columns)

    def source(self, segments: Iterable[Segment]) -> str:
        """Some segments as a statement of this program reads them, one behind the
        other, and numbered as their rows are (`file_index`, `file_row_number`)."""
        files = ", ".join(quoted(str(self.path(one))) for one in segments)
        return f"read_parquet([{files}], file_row_number = true)"

    def put(
        self, table: str, columns: Mapping[str, str], values: Mapping[str, Sequence[Any]]
    ) -> None:
        """A table in memory that statements may read beside segments."""
        create_table(self._open(), table, columns)
        insert_columns(self._open(), table, columns, values)

    def run(self, statement: str) -> Iterator[Row]:
        """The rows of a statement of this program. CaseError where it fails."""
        return self._fetched(statement, (), self._folder.parent)

    def check(self, segments: Iterable[Segment]) -> None:
        """CaseError for a segment that is missing or has another size."""
        for segment in segments:
            path = self.path(segment)
            if not path.is_file() or path.stat().st_size != segment.size:
                raise CaseError(
                    f"{self._folder.parent}: the segment {segment.name} is missing or damaged"
                )

    def changed(self, segments: Iterable[Segment]) -> list[str]:
        """The names of the segments that are no longer what was written; reads all of
        them."""
        return [
            segment.name
            for segment in segments
            if not self.path(segment).is_file() or _digest(self.path(segment)) != segment.sha256
        ]

    def remove_others(self, segments: Iterable[Segment]) -> None:
        """Remove every file that is none of these: what a killed run left, and what is
        no longer listed."""
        kept = {segment.name for segment in segments}
        for path in self._folder.glob("*.parquet"):
            if path.name not in kept:
                path.unlink()

    def close(self) -> None:
        """Let go of the files."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            self._connection = open_locked(":memory:", self._folder, MEMORY, threads=1)
        return self._connection

    def _copy(self, kind: str, fill: Callable[..., None], target: Path, by: str = "") -> int:
        connection = self._open()
        create_table(connection, kind, SEGMENTS[kind])
        fill(connection, kind, SEGMENTS[kind])
        ordered = f"(FROM {kind} ORDER BY {by})" if by else kind
        copy_rows(connection, ordered, target, small=self._small)
        ((count,),) = connection.execute(f"SELECT count(*) FROM {kind}").fetchall()  # noqa: S608 - names of the program
        connection.execute(f"DROP TABLE {kind}")
        return int(count)

    def _read(
        self, segment: Segment, where: str, values: Sequence[Any], some: Sequence[str]
    ) -> Iterator[Row]:
        kinds = SEGMENTS[segment.kind]
        named = some or kinds
        columns = ", ".join(f"CAST({name} AS {kinds[name]}) AS {name}" for name in named)
        statement = (
            f"SELECT {columns} FROM read_parquet({quoted(str(self.path(segment)))}) "  # noqa: S608 - quoted
            f"WHERE {where}"
        )
        return self._fetched(statement, values, self.path(segment))

    def _fetched(self, statement: str, values: Sequence[Any], what: Path) -> Iterator[Row]:
        """The rows of a statement; `what` is read, and named where that fails."""
        cursor = self._open().cursor()
        try:
            cursor.execute(statement, list(values))
            while batch := cursor.fetchmany(READ_ROWS):
                yield from batch
        except duckdb.Error as error:
            raise CaseError(f"{what} cannot be read: {str(error).splitlines()[0]}") from error
        finally:
            cursor.close()


def copy_rows(
    connection: duckdb.DuckDBPyConnection, query: str, target: Path, *, small: bool = True
) -> None:
    """Write a table or a query (of this program) as segments are written."""
    compression = "zstd" if small else "uncompressed"
    connection.execute(
        f"COPY {query} TO {quoted(str(target))} (FORMAT parquet, COMPRESSION {compression}, "
        f"ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
    )


def _to_disk(path: Path) -> str:
    """The SHA-256 of a file, once its bytes are on the disk."""
    _fsync(path)
    return _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fsync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # a folder is no file there
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
