"""Hands columns to a consumer in this process by the Arrow C stream interface, without
any library: what `__arrow_c_stream__` of the PyCapsule interface returns.

What a structure points to lives until the consumer releases that structure, whoever
else has let go of it.
Source:     Apache Arrow, "The Arrow C Data Interface", "The Arrow C Stream Interface",
            "The Arrow PyCapsule Interface"
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import count

from firsthop.system.arrow_columns import Buffer, Column, Form

_NULLABLE = 2  # ARROW_FLAG_NULLABLE
_NAME = b"arrow_array_stream"  # of the capsule
_capsule = ctypes.pythonapi.PyCapsule_New
_capsule.restype = ctypes.py_object
_capsule.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = (ctypes.c_void_p, ctypes.c_char_p)
_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class _Schema(ctypes.Structure):
    _fields_ = (
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


class _Array(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.c_void_p),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


_Ask = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_Say = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
_FAILED = b"the rows could not be made\0"
_FAILURE = 5  # EIO, as most systems count it


class _Stream(ctypes.Structure):
    _fields_ = (
        ("get_schema", _Ask),
        ("get_next", _Ask),
        ("get_last_error", _Say),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


_alive: dict[int, list[object]] = {}  # what structures point to, until they are released
_tokens = count(1)


def _releasing(kind: type[ctypes.Structure]) -> tuple[Callable[[int], None], int]:
    """The callback by which a consumer lets a structure go, and what it points to."""

    def release(address: int) -> None:
        one = kind.from_address(address)
        _alive.pop(one.private_data or 0, None)
        one.release = None

    callback = _Release(release)
    return callback, ctypes.cast(callback, ctypes.c_void_p).value or 0


_SCHEMA_RELEASE, _SCHEMA_RELEASED = _releasing(_Schema)
_ARRAY_RELEASE, _ARRAY_RELEASED = _releasing(_Array)
_STREAM_RELEASE, _STREAM_RELEASED = _releasing(_Stream)


def _forget(capsule: int) -> None:
    """The end of a capsule whose stream nobody took over."""
    address = _pointer(capsule, _NAME)
    if _Stream.from_address(address).release:
        _STREAM_RELEASE(address)


_forgotten = _Release(_forget)
_said = _Say(lambda _stream: _address(_FAILED))


class ColumnStream:
    """Rows, record by record; it can be asked for as often as the records can. Where
    one cannot be made, the consumer is told so, and `error` has why."""

    def __init__(self, form: Form, records: Iterable[Column]) -> None:
        self._form, self._records = form, records
        self.error: Exception | None = None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A capsule of one stream, as the PyCapsule interface asks for; a wish for
        another schema is not followed, which it allows."""
        del requested_schema
        asked, next_one = self._asked(), self._next()
        stream = _Stream(asked, next_one, _said, _STREAM_RELEASED, None)
        _keep(stream, [asked, next_one])
        return _capsule(ctypes.addressof(stream), _NAME, _forgotten)

    def _asked(self) -> object:
        """What tells the schema."""

        def tell(_stream: int, target: int) -> int:
            held: list[object] = []
            _hand_over(_schema(self._form, held), held, target)
            return 0

        return _Ask(tell)

    def _next(self) -> object:
        """What gives the records, and then the end: a structure that is released."""
        left = iter(self._records)

        def give(_stream: int, target: int) -> int:
            held: list[object] = []
            try:
                record = next(left, None)
            except Exception as error:  # noqa: BLE001 - nothing is raised through the consumer
                self.error = error
                return _FAILURE
            if record is not None:
                _hand_over(_array(record, held), held, target)
            else:
                ctypes.memset(target, 0, ctypes.sizeof(_Array))
            return 0

        return _Ask(give)


def _schema(form: Form, held: list[object]) -> _Schema:
    children = _addresses([_schema(one, held) for one in form.children], held)
    return _Schema(
        form.format.encode("ascii"),
        form.name.encode("utf-8"),
        None,
        _NULLABLE,
        len(form.children),
        children,
        None,
        _SCHEMA_RELEASED,
        None,
    )


def _array(column: Column, held: list[object]) -> _Array:
    children = _addresses([_array(one, held) for one in column.children], held)
    held.append(column)
    return _Array(
        column.length,
        column.absent,
        0,
        len(column.buffers),
        len(column.children),
        _pointers([_address(one) for one in column.buffers], held),
        children,
        None,
        _ARRAY_RELEASED,
        None,
    )


def _addresses(structures: Sequence[ctypes.Structure], held: list[object]) -> int | None:
    held += structures
    return _pointers([ctypes.addressof(one) for one in structures], held)


def _pointers(addresses: Sequence[int | None], held: list[object]) -> int | None:
    if not addresses:
        return None
    pointers = _pointer_array(len(addresses))(*addresses)
    held.append(pointers)
    return ctypes.addressof(pointers)


@cache  # a class is a cycle, and made anew where none of its objects is left
def _pointer_array(size: int) -> type[ctypes.Array[ctypes.c_void_p]]:
    """So many pointers, no more than a form has columns."""
    return ctypes.c_void_p * size


def _keep(one: ctypes.Structure, held: list[object]) -> None:
    """Keeps a structure, and what it points to, until it is released."""
    token = next(_tokens)
    one.private_data = token
    _alive[token] = [one, *held]


def _hand_over(one: ctypes.Structure, held: list[object], target: int) -> None:
    """Copies a structure to where the consumer wants it."""
    _keep(one, held)
    ctypes.memmove(target, ctypes.addressof(one), ctypes.sizeof(one))


def _address(buffer: Buffer | None) -> int | None:
    """Where the bytes of a buffer lie."""
    if buffer is None:
        return None
    if isinstance(buffer, array):
        return buffer.buffer_info()[0]
    return ctypes.cast(ctypes.c_char_p(buffer), ctypes.c_void_p).value
