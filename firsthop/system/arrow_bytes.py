"""Arrow columns as bytes and back: how they go from process to process and wait in a
file, one object in the place of hundreds.

Form:       numbers of 64 bits as this machine writes them: how many follow, then of
            each column, an outer one before those within it, its length, how many are
            None, and the size of each buffer (-1: let out); behind them the buffers.
Never:      leaves this machine; looks into a buffer.
"""

from __future__ import annotations

from array import array

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

    def taken(size: int) -> bytes | None:
        nonlocal ends
        if size < 0:
            return None
        ends += size
        return data[ends - size : ends]

    def column(form: Form) -> Column:
        length, absent = next(numbers), next(numbers)
        buffers = tuple(taken(next(numbers)) for _ in range(_BUFFERS[form.format]))
        return Column(length, absent, buffers, tuple(map(column, form.children)))

    return column(form)


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
