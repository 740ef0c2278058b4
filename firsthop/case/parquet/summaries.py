"""The summaries of a case's messages, as text, in `archive/summaries.parquet`: what a
publication says of each message, kept so that mail can be added when the message itself
is gone. What the text is, its owner knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from firsthop.case.parquet.files import MEMORY, ROW_GROUP_ROWS
from firsthop.errors import CaseError
from firsthop.system.duckdb import create_table, insert_rows, open_locked, quoted

SUMMARIES = "archive/summaries.parquet"
_COLUMNS = {"summary": "VARCHAR"}


def write_summaries(file: Path, lines: Iterable[str]) -> None:
    """Write them in their order, with the bytes that this order gives."""
    folder = file.parent.resolve()
    try:
        with closing(open_locked(":memory:", folder, MEMORY, threads=1)) as connection:
            create_table(connection, "summary", _COLUMNS)
            insert_rows(connection, "summary", _COLUMNS, ((line,) for line in lines))
            connection.execute(
                f"COPY summary TO {quoted(str(folder / file.name))} (FORMAT parquet, "
                f"COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
            )
    except duckdb.Error as error:
        raise CaseError(f"{file}: cannot be written: {str(error).splitlines()[0]}") from error


def read_summaries(file: Path) -> Iterator[str]:
    """The lines in their order. CaseError for a file that holds none."""
    folder = file.parent.resolve()
    try:
        with closing(open_locked(":memory:", folder, MEMORY, threads=1)) as connection:
            rows = connection.execute(
                f"SELECT summary FROM read_parquet({quoted(str(folder / file.name))})"  # noqa: S608 - quoted
            )
            while some := rows.fetchmany(2_048):
                yield from (line for (line,) in some)
    except duckdb.Error as error:
        raise CaseError(f"{file}: cannot be read: {str(error).splitlines()[0]}") from error
