"""DuckDB is locked into one folder, and takes rows of every form."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from firsthop.system.arrow_bytes import bytes_of, column_in
from firsthop.system.arrow_columns import (
    Column,
    Form,
    NotArrow,
    column_of,
    form_of,
    record_of,
    record_of_values,
    row_form,
)
from firsthop.system.arrow_stream import ColumnStream, _alive
from firsthop.system.column_types import INSTANT
from firsthop.system.duckdb import (
    _insert_text,
    create_table,
    insert_columns,
    insert_records,
    insert_rows,
    open_locked,
)


@pytest.mark.parametrize("database", [":memory:", "x.duckdb"])
def test_a_database_reaches_nothing_else(tmp_path: Path, database: str) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret.csv").write_text("a\n1\n")
    statements = [
        f"SELECT * FROM read_csv('{outside}/secret.csv')",
        f"SELECT * FROM read_csv('{inside}/../outside/secret.csv')",
        f"COPY (SELECT 1) TO '{outside}/new.parquet'",
        f"ATTACH '{outside}/new.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_csv('https://example.com/a.csv')",
        "SET enable_external_access = true",
        "SET autoinstall_known_extensions = true",
        "SET allowed_directories = ['/']",
        "RESET lock_configuration",
    ]
    with open_locked(
        database if database == ":memory:" else str(inside / database), inside, "200MB"
    ) as connection:
        for statement in statements:
            with pytest.raises(duckdb.Error):
                connection.execute(statement).fetchall()
    assert [path.name for path in outside.iterdir()] == ["secret.csv"]


def test_rows_come_out_as_they_went_in(tmp_path: Path) -> None:
    columns = {
        "text": "VARCHAR",
        "number": "BIGINT",
        "words": "VARCHAR[]",
        "seen": 'STRUCT("key" VARCHAR, start BIGINT)[]',
    }
    rows = [
        ("a\0'\"\n", 2**63 - 1, ["x", ""], [{"key": "k", "start": None}]),
        (None, None, [], []),
        ("\ud800", -1, ["\udfff"], []),
    ]
    with open_locked(":memory:", tmp_path, "200MB") as connection:
        connection.execute(
            f"CREATE TABLE t ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
        )
        insert_rows(connection, "t", columns, rows)
        found = connection.execute("SELECT * FROM t").fetchall()
    assert found == [*rows[:2], ("\\ud800", -1, ["\\udfff"], [])]


_KINDS = {
    "text": "VARCHAR",
    "number": "BIGINT",
    "small": "INTEGER",
    "real": "DOUBLE",
    "flag": "BOOLEAN",
    "moment": INSTANT,
    "words": "VARCHAR[]",
    "pairs": "BIGINT[]",
    "seen": 'STRUCT("key" VARCHAR, start BIGINT, "true" BOOLEAN)[]',
}
_SEEN = [{"key": "k\0", "start": None, "true": True}, {"key": "\ud83d", "start": 7, "true": None}]
_ROWS: list[tuple[Any, ...]] = [
    ("a\0'\"\n,;\x1b", 2**63 - 1, -(2**31), 0.1, True, 0, ["x", "", "é", None], [1, -1], _SEEN),
    (None, None, None, None, None, None, [], [], []),
    ("\ud83d\udc00", -1, 1, -0.0, False, 253402300799, ["\udfff"], [2**62], []),
    ("è€😀", 0, 0, 1e300, None, 1, None, None, None),
]


@pytest.mark.parametrize("rows", [_ROWS, _ROWS * 9, _ROWS[1:2], []])
def test_rows_are_the_same_by_both_ways(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    values = {name: [row[at] for row in rows] for at, name in enumerate(_KINDS)}
    assert _by(_insert_text, tmp_path, _KINDS, values) == _by(
        insert_columns, tmp_path, _KINDS, values
    )


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("VARCHAR", ["x", 7, True, None]),  # as JSON writes them
        ("BIGINT", ["7", None, 3]),
        ("VARCHAR[]", [["x", 1]]),
        ("DATE", ["2026-11-26"]),
        ("STRUCT(a VARCHAR, b DATE)[]", [[{"a": "x", "b": "2026-11-26"}]]),
        ("STRUCT(a VARCHAR)[]", [[{"a": 1}]]),
    ],
)
def test_what_arrow_columns_cannot_hold_goes_as_text(
    tmp_path: Path, kind: str, values: list[Any]
) -> None:
    with pytest.raises(NotArrow):
        column_of(form_of(kind), values)
    one = {"x": kind}
    assert _by(insert_columns, tmp_path, one, {"x": values}) == _by(
        _insert_text, tmp_path, one, {"x": values}
    )


def test_columns_of_several_lengths_are_no_rows() -> None:
    number = form_of("BIGINT")
    with pytest.raises(NotArrow):
        record_of([column_of(number, [1]), column_of(number, [1, 2])])


def _by(
    insert: Callable[..., None], folder: Path, kinds: dict[str, str], values: dict[str, list[Any]]
) -> list[Any]:
    with open_locked(":memory:", folder, "200MB") as connection:
        create_table(connection, "t", kinds)
        insert(connection, "t", kinds, values)
        assert connection.execute(
            "SELECT count(*) FROM duckdb_views() WHERE NOT internal"
        ).fetchone() == (0,)
        return connection.execute("SELECT * FROM t").fetchall()


def test_what_fails_while_rows_are_made_is_raised(tmp_path: Path) -> None:
    def records() -> Iterator[Column]:
        yield record_of([column_of(form_of("BIGINT", "number"), [1, 2])])
        raise OSError("a full disk")

    with open_locked(":memory:", tmp_path, "200MB") as connection:
        create_table(connection, "rows", {"number": "BIGINT"})
        with pytest.raises(OSError, match="full disk"):
            insert_records(connection, "rows", {"number": "BIGINT"}, records())
        assert connection.execute("SELECT count(*) FROM rows").fetchall() == [(0,)]


def test_columns_are_the_same_as_bytes() -> None:
    kinds = {
        "text": "VARCHAR",
        "flag": "BOOLEAN",
        "share": "DOUBLE",
        "seen": 'STRUCT("key" VARCHAR, start BIGINT)[]',
        "none": "INTEGER",
    }
    rows = [
        ("ä", True, 0.5, [{"key": "a", "start": None}, {"key": None, "start": 2}], None),
        (None, None, None, [], None),
    ]
    for some in (rows, rows[:1], []):
        values = dict(zip(kinds, zip(*some, strict=True) if some else [()] * 5, strict=True))
        record = record_of_values(row_form(kinds), values)
        again = column_in(row_form(kinds), bytes_of(record))
        assert bytes_of(again) == bytes_of(record)
        assert (again.length, len(again.children)) == (len(some), 5)


def test_what_was_given_is_let_go_of(tmp_path: Path) -> None:
    values = {name: [row[at] for row in _ROWS] for at, name in enumerate(_KINDS)}
    _by(insert_columns, tmp_path, _KINDS, values)
    gc.collect()
    assert not _alive


def test_a_stream_that_nobody_reads_is_let_go_of() -> None:
    form = form_of("BIGINT", "x")
    rows = record_of([column_of(form, [1])])
    capsule = ColumnStream(Form("+s", "", (form,)), [rows]).__arrow_c_stream__()
    assert len(_alive) == 1
    del capsule
    assert not _alive
