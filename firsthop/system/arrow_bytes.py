"""Arrow columns as bytes and back: how they go from process to process and wait in a
file, one object in the place of hundreds.

Form:       numbers of 64 bits as this machine writes them: how many follow, then of
            each column, an outer one before those within it, its length, how many are
            None, and the size of each buffer (-1: let out); behind them the buffers.
Never:      leaves this machine; looks into a buffer.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from firsthop.system.arrow_columns import Buffer, Column, Form

_BUFFERS = {"u": 3, "l": 2, "i": 2, "g": 2, "b": 2, "+l": 2, "+s": 1}  # by the format
_NUMBER = 8  # bytes


def bytes_of(column: Column) -> bytes:
    """A column with those within it."""
    numbers, buffers = array("q", [0]), list[Buffer]()
    _put(column, numbers, buffers)
    numbers[0] = len(numbers) - 1
    return b"".join((numbers, *buffers))


def column_in(form: Form, data: bytes) -> Column:
    """The column of that form that `bytes_of` made bytes of."""
    ends = _NUMBER * (1 + array("q", data[:_NUMBER])[0])
    numbers = iter(array("q", data[_NUMBER:ends]))
    return _Taking(data, ends, numbers).column(form)


class _Taking:
    """Takes columns out of bytes, one behind the other. No function that calls itself
    by a name of its own surroundings: that would be a cycle, which keeps all the bytes
    until the collector comes by."""

    def __init__(self, data: bytes, start: int, numbers: Iterator[int]) -> None:
        self._data, self._start, self._numbers = data, start, numbers

    def column(self, form: Form) -> Column:
        length, absent = next(self._numbers), next(self._numbers)
        buffers = tuple([self._buffer() for _ in range(_BUFFERS[form.format])])
        return Column(length, absent, buffers, tuple(map(self.column, form.children)))

    def _buffer(self) -> bytes | None:
        size = next(self._numbers)
        if size < 0:
            return None
        start = self._start
        self._start += size
        return self._data[start : self._start]


def _put(column: Column, numbers: array[int], buffers: list[Buffer]) -> None:
    numbers.extend((column.length, column.absent))
    for one in column.buffers:
        if one is None:
            numbers.append(-1)
        else:
            numbers.append(len(one) * one.itemsize if isinstance(one, array) else len(one))
            buffers.append(one)
    for inner in column.children:
        _put(inner, numbers, buffers)
