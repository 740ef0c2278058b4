"""Makes what a statement reads before the statement itself, step by step, and keeps it
until it is out of date.

Every step becomes a table of the engine: an engine that only stacked views up would
compute the first ones over and over."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from firsthop.campaign.engine.protocol import TABLES, Parameter, Row
from firsthop.campaign.engine.statements import parameters_of, statements


class SteppedEngine(ABC):
    """The part of an engine that is the same for all: an engine adds how a table is
    made, filled and read."""

    def __init__(self) -> None:
        self._made: dict[str, str] = {}  # table -> what it was made from
        self._given = 0  # input tables taken so far
        self._open = True

    def load(self, table: str, files: Sequence[Path]) -> None:
        """Take an input table from Parquet files that have its columns, and may have
        more."""
        if not files:
            self.put(table, ())
            return
        self._load(_known(table), [file.resolve() for file in files])
        self._note(table)

    def put(self, table: str, rows: Iterable[Row]) -> None:
        """Take an input table from rows in the order of its columns; it replaces what
        was there."""
        self._fill(_known(table), rows)
        self._note(table)

    def run(self, name: str, **parameters: Parameter) -> Iterator[Row]:
        """The rows of a statement, in the order it names. ValueError for a statement or
        parameter that does not exist."""
        if name not in statements():
            raise ValueError(f"there is no statement {name!r}")
        if unknown := parameters.keys() - parameters_of(name):
            raise ValueError(f"statement {name!r} has no parameter {min(unknown)!r}")
        self._make(name, parameters)
        return self._rows(name, statements()[name].order)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was made; a second time does nothing."""
        if self._open:
            self._open = False
            self._close()

    @abstractmethod
    def _close(self) -> None:
        """Remove what was made."""

    @abstractmethod
    def _load(self, table: str, files: Sequence[Path]) -> None:
        """Make `table` from Parquet files."""

    @abstractmethod
    def _fill(self, table: str, rows: Iterable[Row]) -> None:
        """Make `table` from rows."""

    @abstractmethod
    def _create(self, table: str, query: str) -> None:
        """Make `table` from a query, once and for all."""

    @abstractmethod
    def _rows(self, table: str, order: Sequence[str]) -> Iterator[Row]:
        """The rows of `table`, ordered by those columns."""

    def _note(self, table: str) -> None:
        self._given += 1
        self._made[table] = f"input {self._given}"

    def _make(self, name: str, parameters: dict[str, Parameter]) -> str:
        """Make a table unless it is there; gives what it was made from."""
        if name in TABLES:
            if name not in self._made:
                self.put(name, ())
            return self._made[name]
        one = statements()[name]
        query = one.render(parameters)
        source = "\n".join(
            [*(f"{read}: {hash(self._make(read, parameters))}" for read in one.reads), query]
        )
        if self._made.get(name) != source:
            self._create(name, query)
            self._made[name] = source
        return source


def _known(table: str) -> str:
    if table not in TABLES:
        raise ValueError(f"there is no input table {table!r}")
    return table
