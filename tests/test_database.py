"""DuckDB is locked into one folder, and takes rows of every form."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from firsthop.system.duckdb import insert_rows, open_locked


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
