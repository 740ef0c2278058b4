"""The columns of a batch that the kernel read: as buffers in the layout of Apache
Arrow, and as Python's values, column by column, for whom asks. No object is made of a
value that nobody asks for."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain, pairwise
from typing import Any, NamedTuple

from firsthop.evidence.bulk.native.library import NativeBatch
from firsthop.evidence.schema.columns import Values
from firsthop.system.arrow_columns import NOT_COUNTED, Column, Form, column_of


class Buffers(NamedTuple):
    """A column as Arrow lays it out: bits of validity (none: nothing is null), offsets
    of 32 bits, data; of a list the offsets of its texts beside its own."""

    kind: str  # t text, i number of 64 bits, b bits, l list of texts
    rows: int
    validity: bytes
    offsets: bytes
    texts: bytes
    data: bytes


class NativeTable(Mapping[str, Values]):
    """What the kernel read of a table, by the columns' names. The values of a column
    are made of its buffers when it is first asked for."""

    def __init__(
        self, native: NativeBatch, number: int, columns: Sequence[tuple[str, str]]
    ) -> None:
        self._native = native  # the buffers are its
        views = native.columns(number, len(columns))
        self._views = {
            name: (kind, view) for (name, kind), view in zip(columns, views, strict=True)
        }
        self.made: dict[str, Values] = {}

    def buffers(self, name: str) -> Buffers:
        """A copy of a column's buffers."""
        kind, view = self._views[name]
        parts = (view.validity, view.offsets, view.texts, view.data)
        return Buffers(kind, view.rows, *(part.taken() for part in parts))

    def __getitem__(self, name: str) -> Values:
        if name not in self.made:
            self.made[name] = values_of(self.buffers(name))
        return self.made[name]

    def column(self, form: Form) -> Column:
        """A column for Arrow: its buffers as they are, where the form allows it."""
        if form.format in _COLUMNS:
            with suppress(OverflowError):  # a number of more than 32 bits
                return _COLUMNS[form.format](self.buffers(form.name))
        return column_of(form, self[form.name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)


class WholeTable(Mapping[str, Values]):
    """All columns of a table in their order: what the kernel read, and what Python
    makes beside it, each when it is first asked for."""

    def __init__(
        self,
        native: NativeTable,
        order: Sequence[str],
        made_here: Mapping[str, Callable[[], Values]],
    ) -> None:
        self.native, self._order, self._made_here = native, order, made_here
        self._made: dict[str, Values] = {}

    def __getitem__(self, name: str) -> Values:
        if name not in self._made_here:
            return self.native[name]
        if name not in self._made:
            self._made[name] = self._made_here[name]()
        return self._made[name]

    def column(self, form: Form) -> Column:
        """A column for Arrow."""
        if form.name in self._made_here:
            return column_of(form, self[form.name])
        return self.native.column(form)

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)


def values_of(column: Buffers) -> Values:
    """The values of a column."""
    if column.validity and not any(column.validity):
        return [None] * column.rows  # as many a column of hops
    there = _bits(column.validity, column.rows) if column.validity else None
    if column.kind == "t":
        return _texts(column.data, column.offsets, there)
    values = _READERS[column.kind](column)
    return values if there is None else _where(there, values)


def _texts(data: bytes, offsets: bytes, there: list[bool] | None = None) -> list[Any]:
    """The texts between the offsets; None where `there` says that none is."""
    starts = array("i", offsets).tolist()
    text = data.decode()
    if len(text) != len(data):
        texts = [data[start:stop].decode() for start, stop in pairwise(starts)]
        return texts if there is None else _where(there, texts)
    # ASCII: characters stand where bytes do
    if there is None:
        return [text[start:stop] for start, stop in pairwise(starts)]
    places = zip(starts, starts[1:], there, strict=False)
    return [text[start:stop] if one else None for start, stop, one in places]


def _where(there: list[bool], values: Values) -> list[Any]:
    """The values that are there, None in place of the others."""
    return [value if one else None for value, one in zip(values, there, strict=True)]


def _lists(column: Buffers) -> Values:
    texts = _texts(column.data, column.texts)
    if not texts:
        return [[] for _ in range(column.rows)]
    return [texts[start:stop] for start, stop in pairwise(array("i", column.offsets))]


def _bits(data: bytes, rows: int) -> list[bool]:
    return list(chain.from_iterable(map(_bits_of().__getitem__, data)))[:rows]


@cache
def _bits_of() -> list[tuple[bool, ...]]:
    """The bits of every byte, the lowest first."""
    return [tuple(bool(byte >> bit & 1) for bit in range(8)) for byte in range(256)]


def _text_column(rows: int, validity: bytes, offsets: bytes, data: bytes) -> Column:
    return Column(rows, NOT_COUNTED, (validity or None, offsets, data))


def _list_column(column: Buffers) -> Column:
    texts = _text_column(len(column.texts) // 4 - 1, b"", column.texts, column.data)
    lists = column.validity or None, column.offsets
    return Column(column.rows, NOT_COUNTED, lists, (texts,))


def _plain_column(column: Buffers) -> Column:
    return Column(column.rows, NOT_COUNTED, (column.validity or None, column.data))


def _small_column(column: Buffers) -> Column:
    """Numbers of 32 bits, which the kernel has as ones of 64. OverflowError for one of
    more."""
    numbers = array("i", array("q", column.data))
    return Column(column.rows, NOT_COUNTED, (column.validity or None, numbers))


_COLUMNS: dict[str, Callable[[Buffers], Column]] = {  # by the format in Arrow
    "u": lambda one: _text_column(one.rows, one.validity, one.offsets, one.data),
    "+l": _list_column,
    "l": _plain_column,
    "i": _small_column,
    "b": _plain_column,
}
_READERS = {
    "i": lambda column: array("q", column.data).tolist(),
    "b": lambda column: _bits(column.data, column.rows),
    "l": _lists,
}
