"""Sigma rules over mail: pySigma turns them into SQL for SQLite, over a table with one
row a message that firsthop makes (`exports/sigma/event.py`).

Needs:      the packages pysigma and pysigma-backend-sqlite (LGPL: only as an extra).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from firsthop.errors import EngineError
from firsthop.evidence.facts import establish
from firsthop.mail.header import read_message
from firsthop.mail.message import Source
from firsthop.publication.exports.sigma.event import Event, event_of
from firsthop.publication.exports.sigma.fields import FIELDS
from firsthop.settings import OwnServers

MISSING = (
    "the engine sigma needs the packages pysigma and pysigma-backend-sqlite: "
    "pip install 'firsthop[rules]'"
)
_NUMBER = "message"


def run(rules: Path, messages: Sequence[bytes], _: Path) -> list[frozenset[str]]:
    """The names of the rules in `rules`/*.yml that each message meets."""
    reader = _reader()
    queries = [query for file in sorted(rules.glob("*.yml")) for query in reader.queries(file)]
    met: list[set[str]] = [set() for _ in messages]
    with closing(_events(reader.table, [_event(data) for data in messages])) as connection:
        for name, sql in queries:
            try:
                for row in connection.execute(sql):
                    met[row[0]].add(name)
            except sqlite3.Error as error:
                raise EngineError(f"SQLite refuses the rule {name}: {error}") from None
    return [frozenset(one) for one in met]


class _Reader(NamedTuple):
    """What is used of pySigma."""

    table: str  # that its SQL asks
    backend: Any
    collection: Any
    errors: tuple[type[Exception], ...]

    def queries(self, file: Path) -> list[tuple[str, str]]:
        """The rules of a file: name and SQL."""
        try:
            parsed = self.collection.from_yaml(file.read_text(encoding="utf-8"))
            return [
                (str(rule.name), sql)
                for rule in parsed.rules
                for sql in self.backend.convert_rule(rule)
            ]
        except self.errors as error:
            first, *_rest = str(error).splitlines() or [""]
            raise EngineError(f"pySigma refuses {file.name}: {first}") from None


def _reader() -> _Reader:
    try:
        backend: Any = import_module("sigma.backends.sqlite").sqliteBackend()
        collection: Any = import_module("sigma.collection").SigmaCollection
        error: Any = import_module("sigma.exceptions").SigmaError
        yaml: Any = import_module("yaml").YAMLError
    except ImportError:
        raise EngineError(MISSING) from None
    return _Reader(
        backend.table, backend, collection, (error, yaml, ValueError, NotImplementedError)
    )


def _event(data: bytes) -> Event:
    source = Source("-", "eml", 0, sha256(data).hexdigest())
    return event_of(establish(read_message(data, source), OwnServers()))


def _events(table: str, events: Sequence[Event]) -> sqlite3.Connection:
    """The events as a table in memory; the number of the message stands first."""
    connection = sqlite3.connect(":memory:")
    connection.create_function("REGEXP", 2, _found, deterministic=True)
    columns = ", ".join(f'"{name}" TEXT' for name in FIELDS)
    connection.execute(f'CREATE TABLE "{table}" ({_NUMBER} INTEGER, {columns})')
    signs = ", ".join("?" * (len(FIELDS) + 1))
    connection.executemany(
        f'INSERT INTO "{table}" VALUES ({signs})',  # noqa: S608 - the backend's own name
        [(number, *map(_text, one.values())) for number, one in enumerate(events)],
    )
    return connection


def _text(value: str | None) -> str | None:
    return value.encode("utf-8", "replace").decode() if value is not None else None


def _found(regex: str, text: str | None) -> bool | None:
    """What SQLite asks for `text REGEXP regex`."""
    return None if text is None else _compiled(regex).search(text) is not None


@lru_cache(maxsize=512)
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)
