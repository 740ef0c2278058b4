"""DuckDB as this program uses it: locked down, told its tables by name, filled batch by
batch.

Locked:     no extension is installed or loaded, nothing outside one folder is
            reachable, and no statement can lift that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from firsthop.system.arrow_columns import Column, Form, NotArrow, record_of_values, row_form
from firsthop.system.arrow_stream import ColumnStream
from firsthop.system.column_types import INSTANT

BATCH_ROWS = 20_480
GIVEN = "given_batch"  # what the rows are called meanwhile

_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


def open_locked(
    database: str,
    folder: Path,
    memory: str,
    threads: int | None = None,
    spill: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """A database whose connection reaches nothing but `folder`; what does not fit into
    `memory` goes there too, or to the folder `spill`, which is then its own."""
    config = (
        _LOCKED
        | {"memory_limit": memory, "temp_directory": str(spill or folder / ".spill")}
        | ({"threads": threads} if threads else {})
    )
    connection = duckdb.connect(database, config=config)
    connection.execute(f"SET allowed_directories = [{quoted(str(folder) + '/')}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def create_table(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]
) -> None:
    """Make an empty table in the place of what is called so."""
    drop(connection, table)
    connection.execute(
        f"CREATE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
    )


def drop(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Remove the table or view of that name, if there is one."""
    for kind in ("VIEW", "TABLE"):
        with suppress(duckdb.CatalogException):  # what is called so is of the other kind
            connection.execute(f"DROP {kind} IF EXISTS {table}")


def insert_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Insert rows batch by batch."""
    rest = iter(rows)
    while batch := list(islice(rest, BATCH_ROWS)):
        values = dict(zip(columns, zip(*batch, strict=True), strict=True))
        insert_columns(connection, table, columns, values)


def insert_columns(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    values: Mapping[str, Sequence[Any]],
) -> None:
    """Insert rows that are there column by column: as Arrow columns, for a third of the
    cost of one JSON text. What they cannot hold goes as such a text, for a third of the
    cost of lists of values, a thousandth of that of single rows."""
    try:
        rows = record_of_values(row_form(columns), values)
    except NotArrow:
        _insert_text(connection, table, columns, values)
        return
    insert_records(connection, table, columns, [rows])


def insert_records(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    records: Iterable[Column],
) -> None:
    """Insert rows that come as Arrow records, one behind the other. What raises where
    they are made is raised here."""
    with given(connection, row_form(columns), records):
        taken = ", ".join(read_columns(columns))
        connection.execute(f"INSERT INTO {table} SELECT {taken} FROM {GIVEN}")  # noqa: S608 - names of the program


@contextmanager
def given(
    connection: duckdb.DuckDBPyConnection, form: Form, records: Iterable[Column]
) -> Iterator[None]:
    """What is executed within may read Arrow records of a form from GIVEN, one behind
    the other and once. What raises where they are made is raised here."""
    stream = ColumnStream(form, records)
    connection.register(GIVEN, stream)
    try:
        yield
    except duckdb.Error as error:
        raise stream.error or error from None
    finally:
        connection.unregister(GIVEN)


def read_columns(columns: Mapping[str, str]) -> list[str]:
    """The columns of a table as they are selected from GIVEN."""
    return [f"{_read(_named(name), kind)} AS {_named(name)}" for name, kind in columns.items()]


def _insert_text(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    values: Mapping[str, Sequence[Any]],
) -> None:
    """The same as one JSON text."""
    form = json.dumps(
        {name: ["BIGINT" if kind == INSTANT else kind] for name, kind in columns.items()}
    )
    read = ", ".join(_read(f"unnest(batch.{_named(name)})", kind) for name, kind in columns.items())
    statement = (
        f"INSERT INTO {table} SELECT {read} FROM (SELECT from_json($1::JSON, {quoted(form)}) AS "  # noqa: S608 - names of the program
        f"batch)"
    )
    connection.execute(statement, [_json({name: values[name] for name in columns})])


def _read(value: str, kind: str) -> str:
    """What a column is filled with; instants are told as seconds."""
    return f"to_timestamp({value})" if kind == INSTANT else value


def _named(name: str) -> str:
    """A name of this program as SQL writes it."""
    return f'"{name}"'


def quoted(text: str) -> str:
    """A text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def _json(batch: dict[str, Sequence[Any]]) -> str:
    """A batch as text. Lone surrogates are shown as text, for no UTF-8 can hold one."""
    text = json.dumps(batch, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(
            {name: [_whole(value) for value in column] for name, column in batch.items()}
        )
    return text


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list | tuple):
        return [_whole(one) for one in value]
    return {key: _whole(one) for key, one in value.items()} if isinstance(value, dict) else value
