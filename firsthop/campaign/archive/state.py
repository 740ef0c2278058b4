"""The state of an archive in SQLite: the list of segments, the ids of the messages in
them, and what the last clustering made.

Tables are STRICT, changes are transactions on a write-ahead log with full
synchronisation, and there is one writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from firsthop.campaign.archive.rows import SEGMENTS, ClusteringRecord, Row, Segment
from firsthop.errors import CaseError

DATABASE = "archive.sqlite"
FORM = 2  # of the tables; a newer one is refused, an older one has no occurrences
_MARK = 0x46484F50  # "FHOP"
_TABLES = """
CREATE TABLE segment (
    place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    arrival INTEGER NOT NULL, rows INTEGER NOT NULL, size INTEGER NOT NULL,
    sha256 TEXT NOT NULL, gathered INTEGER NOT NULL) STRICT;
CREATE TABLE known (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE campaign (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, level TEXT NOT NULL, parent TEXT,
    first_seen INTEGER, last_seen INTEGER, size INTEGER NOT NULL) STRICT;
CREATE TABLE member (
    campaign TEXT NOT NULL, msg TEXT NOT NULL, PRIMARY KEY (campaign, msg)) STRICT, WITHOUT ROWID;
CREATE TABLE alias (
    place INTEGER PRIMARY KEY, old TEXT NOT NULL, new TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE TABLE occurrence (
    uri TEXT NOT NULL, src_offset INTEGER NOT NULL, msg TEXT NOT NULL,
    PRIMARY KEY (uri, src_offset, msg)) STRICT, WITHOUT ROWID;
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""
_COLUMNS = {
    "campaign": "id, level, parent, first_seen, last_seen, size",
    "member": "campaign, msg",
    "alias": "old, new, reason",
    "fact": "name, value",
}
_ORDER = {"campaign": "place", "member": "campaign, msg", "alias": "place", "fact": "name"}
_SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
T = TypeVar("T")
_SEGMENT = "name, kind, arrival, rows, size, sha256, gathered"


class State:
    """The database of the archive in `folder`; `write` makes it where there is none.
    CaseError where it is none of ours or damaged."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self._path = folder / DATABASE
        self._connection = self._guarded(lambda: _connect(self._path, write=write))
        try:
            self._guarded(lambda: self._ready(write=write))
        except CaseError:
            self._connection.close()
            raise

    def segments(self) -> list[Segment]:
        """The segments that count, in the order they were added."""
        rows = self._rows(f"SELECT {_SEGMENT} FROM segment ORDER BY place")  # noqa: S608 - names of the program
        segments = [Segment._make((*row[:-1], bool(row[-1]))) for row in rows]
        if any(one.name != Path(one.name).name or one.kind not in SEGMENTS for one in segments):
            raise CaseError(f"{self._path} lists a segment that is none")
        return segments

    def clusterings(self) -> int:
        """How many clusterings were recorded."""
        return int(next((value for name, value in self.rows("fact") if name == "gatherings"), "0"))

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of campaign, member, alias or fact."""
        return self._rows(f"SELECT {_COLUMNS[table]} FROM {table} ORDER BY {_ORDER[table]}")  # noqa: S608 - names of the program

    def homes(self, message: str) -> list[str]:
        """The clusters of a message."""
        return [
            cluster
            for (cluster,) in self._rows(
                "SELECT campaign FROM member WHERE msg = ? ORDER BY campaign", (message,)
            )
        ]

    def members(self, cluster: str) -> list[str]:
        """The messages of a cluster."""
        return [
            message
            for (message,) in self._rows(
                "SELECT msg FROM member WHERE campaign = ? ORDER BY msg", (cluster,)
            )
        ]

    def add_occurrences(self, rows: Iterable[tuple[str, int, str]]) -> None:
        """Note further places of messages: URI, offset, message."""
        with self._transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO occurrence VALUES (?, ?, ?)", rows)

    def occurring_at(self, name: str) -> str | None:
        """The message of which a further place is called so."""
        named = "SELECT msg FROM occurrence WHERE uri = ? OR uri || '@' || src_offset = ? LIMIT 1"
        found = list(self._rows(named, (name, name))) if self._form > 1 else []
        return found[0][0] if found else None

    def knows(self, message: str) -> bool:
        """Whether a segment has the message."""
        return bool(list(self._rows("SELECT 1 FROM known WHERE id = ?", (message,))))

    def add(self, segments: Iterable[Segment], ids: Iterable[str]) -> None:
        """List segments and the ids of the messages in them, all or nothing."""
        with self._transaction() as connection:
            _list_segments(connection, segments)
            connection.executemany(
                "INSERT OR IGNORE INTO known VALUES (?)", ((one,) for one in ids)
            )

    def forget(self, segments: Iterable[Segment], ids: Iterable[str]) -> None:
        """List segments and the ids of their messages no more, and no clustering
        either, all or nothing."""
        with self._transaction() as connection:
            connection.execute("UPDATE segment SET gathered = 0")
            for table in _COLUMNS:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of the program
            connection.executemany(
                "DELETE FROM segment WHERE name = ?", ((one.name,) for one in segments)
            )
            connection.executemany("DELETE FROM known WHERE id = ?", ((one,) for one in ids))

    def record(self, result: ClusteringRecord, weights: Segment) -> None:
        """Replace what the last clustering made, all or nothing; every listed message
        counts as clustered."""
        facts = {**result.facts, "gatherings": str(self.clusterings() + 1)}
        with self._transaction() as connection:
            connection.execute("DELETE FROM segment WHERE kind = 'weight'")
            _list_segments(connection, [weights])
            connection.execute("UPDATE segment SET gathered = 1")
            tables = {
                "campaign": result.campaigns,
                "member": result.members,
                "alias": result.aliases,
                "fact": sorted(facts.items()),
            }
            for table, rows in tables.items():
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of the program
                marks = ", ".join("?" * len(_COLUMNS[table].split(",")))
                insert = f"INSERT INTO {table} ({_COLUMNS[table]}) VALUES ({marks})"  # noqa: S608 - so
                connection.executemany(insert, rows)

    def finalize(self) -> None:
        """Write the database anew, without its log: the same content gives the same
        bytes, whatever happened before. It is closed then."""
        rewritten = self._path.with_suffix(".final")
        rewritten.unlink(missing_ok=True)
        # every copy counts it up
        self._guarded(lambda: self._connection.execute("PRAGMA schema_version = 1"))
        self._guarded(lambda: self._connection.execute("VACUUM INTO ?", (str(rewritten),)))
        self._connection.close()
        for end in ("-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        rewritten.replace(self._path)

    def close(self) -> None:
        """Close the database; the last to close it folds the log in."""
        self._connection.close()

    def _ready(self, *, write: bool) -> None:
        ((mark,),) = self._connection.execute("PRAGMA application_id").fetchall()
        ((form,),) = self._connection.execute("PRAGMA user_version").fetchall()
        self._form = form
        empty = not self._connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
        if write and empty and not mark:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.executescript(
                f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id = {_MARK}; PRAGMA "
                f"user_version = {FORM}; COMMIT;"
            )
            self._form = FORM
        elif mark != _MARK or form > FORM or self._schema() != _schema_of(form):
            raise CaseError(f"{self._path.parent} holds no archive that this version reads")

    def _schema(self) -> list[Row]:
        """What the database declares; a foreign one may declare a view that never
        ends."""
        return self._connection.execute(_SCHEMA).fetchall()

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        return iter(self._guarded(lambda: self._connection.execute(statement, values).fetchall()))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise CaseError(f"{self._path}: {error}") from error
            raise

    def _guarded(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except sqlite3.Error as error:
            raise CaseError(f"{self._path}: {error}") from error


def _schema_of(form: int) -> list[Row]:
    """What a new database declares, or declared in an older form."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(_TABLES)
        if form < FORM:
            connection.execute("DROP TABLE occurrence")
        return connection.execute(_SCHEMA).fetchall()
    finally:
        connection.close()


def _connect(path: Path, *, write: bool) -> sqlite3.Connection:
    mode = "rwc" if write else "ro"
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA trusted_schema = OFF")
    except sqlite3.Error:  # no database
        connection.close()
        raise
    return connection


def _list_segments(connection: sqlite3.Connection, segments: Iterable[Segment]) -> None:
    connection.executemany(
        f"INSERT INTO segment ({_SEGMENT}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - names of the program
        ((*segment[:-1], int(segment.clustered)) for segment in segments),
    )
