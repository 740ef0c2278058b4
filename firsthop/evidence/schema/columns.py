"""From a description to the columns of a table, and from rows to their values, column
by column.

Names:      an attribute of a record within a record is called by both.
Values:     text stays text, lists are lists, instants are seconds since 1970 UTC; a
            number that no column holds is None (a mail can write one of any length).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any

from firsthop.evidence.schema.vocabulary import (
    LARGEST_NUMBER,
    SAME,
    Attribute,
    Form,
    Kind,
    Listed,
    Record,
    Scalar,
    fields_of,
)
from firsthop.evidence.timestamp import LAST_INSTANT
from firsthop.system.column_types import INSTANT
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.struct_lists import StructLists

Values = Sequence[Any]
Columns = dict[str, Values]
Shape = Callable[[Values], Values]
_SQL = {
    Form.TEXT: "VARCHAR",
    Form.WORD: "VARCHAR",
    Form.ENUMERATED: "VARCHAR",
    Form.BOOLEAN: "BOOLEAN",
    Form.SMALL: "INTEGER",
    Form.NUMBER: "BIGINT",
    Form.UNBOUNDED: "BIGINT",
    Form.REAL: "DOUBLE",
    Form.INSTANT: INSTANT,
    Form.TIME: INSTANT,
    Form.PAIR: "BIGINT[]",
}


class Column(NamedTuple):
    """One column. `values` takes it off the rows' parts, which are held by name."""

    name: str
    type: str  # of SQL
    sentence: str
    null: str  # what null means; "": it is never null
    unit: str
    part: str  # the part of a row that it is taken from
    shapes: tuple[Shape, ...]

    def values(self, parts: Mapping[str, Values]) -> Values:
        """The column's values, a row a value."""
        values = parts[self.part]
        for shape in self.shapes:
            values = shape(values)
        return values


@dataclass(frozen=True)
class Table:
    """One table of a case, written to NAME.parquet."""

    name: str
    sentence: str
    columns: tuple[Column, ...]  # `message`, the number of the message, stands before them
    parts: tuple[str, ...]  # of a row, that the columns are taken from

    @property
    def types(self) -> dict[str, str]:
        """The types by the columns' names, the message's number first."""
        return {"message": "BIGINT"} | {column.name: column.type for column in self.columns}

    def filled(self, parts: Mapping[str, Values]) -> Columns:
        """The columns of rows whose parts are held by name."""
        return {column.name: column.values(parts) for column in self.columns}

    def taken(self, rows: Sequence[Any]) -> Columns:
        """The columns of rows that are objects."""
        return self.filled({part: list(map(attrgetter(part), rows)) for part in self.parts})


def table(name: str, record: Record, *rows: type) -> Table:
    """The table of a record; a row is an object of the class `rows`, or of each of
    these classes."""
    columns = tuple(_columns(record, _Outer()))
    parts = tuple(dict.fromkeys(column.part for column in columns))
    names = [column.name for column in columns]
    if len(set(names)) != len(names):
        raise TypeError(f"{name}: a column stands twice")
    if unknown := [part for part in parts if not any(_has(row, part) for row in rows)]:
        raise TypeError(f"{name}: a row has no {', '.join(unknown)}")
    return Table(name, record.sentence, columns, parts)


def parts_of(row: type, rows: Iterable[tuple[Any, ...]]) -> dict[str, Values]:
    """The parts of rows of a NamedTuple class, by name."""
    names = fields_of(row)
    columns = [list(values) for values in zip(*rows, strict=True)]
    return dict(zip(names, columns or [[] for _ in names], strict=True))


def _has(row: type, part: str) -> bool:
    return part in fields_of(row) or isinstance(getattr(row, part, None), property)


class _Outer(NamedTuple):
    """What a record within a record brings along."""

    front: str = ""  # of the columns' names
    place: str = ""  # in the row
    null: str = ""
    about: str = ""

    def within(self, one: Attribute) -> _Outer:
        """The same for the record that an attribute of this one holds."""
        place = self.place + one.row_place
        step = f"{place}{'?' if one.null else '.'}" if one.row_place else self.place
        return _Outer(self.name(one), step, self.nulls(one), self.sentence(one))

    def name(self, one: Attribute) -> str:
        return self.front + (one.name if one.column == SAME else one.column or "")

    def nulls(self, one: Attribute) -> str:
        return " ".join(dict.fromkeys(text for text in (self.null, one.null) if text))

    def sentence(self, one: Attribute) -> str:
        if not self.about:
            return one.sentence
        return f"{self.about.removesuffix('.')}: {one.sentence[:1].lower()}{one.sentence[1:]}"


def _columns(record: Record, outer: _Outer) -> Iterator[Column]:
    for one in record.in_columns():
        if isinstance(one.kind, Record):
            yield from _columns(one.kind, outer.within(one))
        else:
            part, shapes = _taken(outer.place + one.row_place, one)
            null = "" if isinstance(one.kind, Listed) else outer.nulls(one)
            yield Column(
                outer.name(one), sql(one.kind), outer.sentence(one), null, one.unit, part, shapes
            )


def sql(kind: Kind) -> str:
    """The type of a column."""
    if isinstance(kind, Scalar):
        return _SQL[kind.form]
    if isinstance(kind, Listed) and isinstance(kind.of, Record):
        inner = _columns(kind.of, _Outer())
        return f"STRUCT({', '.join(f'{quoted_name(one.name)} {one.type}' for one in inner)})[]"
    if isinstance(kind, Listed):
        return f"{sql(kind.of)}[]"
    return "VARCHAR"  # a choice among words


def quoted_name(name: str) -> str:
    """A name of the schema as SQL writes it."""
    return f'"{name}"'


def _taken(path: str, one: Attribute) -> tuple[str, tuple[Shape, ...]]:
    """The part of a row that a place begins with, and what leads from it to the value:
    what stands behind a "?" is there only where that is not None."""
    first, *rest = re.split(r"(?=[?])", path)
    part, _, within = first.partition(".")
    shapes = [_each(attrgetter(within))] if within else []
    shapes += [_each_there(attrgetter(step[1:])) for step in rest]
    if one.read and one.place:
        shapes.append(_each_there(one.read))
    if shape := _shape(one.kind):
        shapes.append(shape)
    return part, tuple(shapes)


def _each(take: Callable[[Any], Any]) -> Shape:
    return lambda values: list(map(take, values))


def _each_there(take: Callable[[Any], Any]) -> Shape:
    return lambda values: [None if value is None else take(value) for value in values]


def _shape(kind: Kind) -> Shape | None:
    if isinstance(kind, Listed):
        return _records(kind.of) if isinstance(kind.of, Record) else _lists
    if not isinstance(kind, Scalar):
        return None
    if kind.form is Form.UNBOUNDED:
        return lambda values: [_fitting(value, LARGEST_NUMBER) for value in values]
    if kind.form in (Form.INSTANT, Form.TIME):
        return lambda values: [_fitting(value, LAST_INSTANT) for value in values]
    if kind.form is Form.ENUMERATED:
        return _each_there(str)
    return None


def _lists(values: Values) -> Values:
    return [list(value) if value else [] for value in values]  # mostly none


def _records(record: Record) -> Shape:
    """Lists of objects, each as its own columns by name: all of them at once."""
    columns = tuple(_columns(record, _Outer()))
    parts = {column.part: attrgetter(column.part) for column in columns}
    row = record.covers.get("")
    in_order = fields_of(row) if row is not None and issubclass(row, tuple) else ()
    if not parts.keys() <= set(in_order):
        in_order = ()  # they are no named tuples, or not all is in these

    def told(values: Values) -> Values:
        flat = list(chain.from_iterable(values))
        if in_order and flat:
            taken: dict[str, Values] = dict(zip(in_order, zip(*flat, strict=True), strict=True))
        else:
            taken = {part: list(map(take, flat)) for part, take in parts.items()}
        told = {column.name: column.values(taken) for column in columns}
        return StructLists(list(map(len, values)), told)

    return told


def _fitting(value: int | None, largest: int) -> int | None:
    """A number that the column can hold, or None."""
    return value if value is not None and 0 <= value <= largest else None
