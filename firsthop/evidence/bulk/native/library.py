"""The kernel's library: found beside this file where the installation built one, loaded
when the first batch is read, and held against what this program expects.

A library of another version, or one that cannot be loaded, counts as none: the bulk
path is read in Python then, and gives the same. FIRSTHOP_KERNEL=off in the environment
does that too. All calls through the C interface stand here (kernel/src/ffi.rs has the
other side)."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import Any

from firsthop.system import kernel_library

_POINTER = ctypes.c_void_p
_SIZE = ctypes.c_uint64


class View(ctypes.Structure):
    """Bytes that belong to the kernel."""

    _fields_ = [("data", _POINTER), ("size", _SIZE)]

    def taken(self) -> bytes:
        """A copy of them."""
        return ctypes.string_at(self.data, self.size) if self.size else b""


class ColumnView(ctypes.Structure):
    """The buffers of a column."""

    _fields_ = [
        ("rows", _SIZE),
        ("validity", View),
        ("offsets", View),
        ("texts", View),
        ("data", View),
    ]


_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "fh_schema": (ctypes.c_int32, (_POINTER,)),
    "fh_new": (_POINTER, (ctypes.c_char_p, _SIZE)),
    "fh_free": (None, (_POINTER,)),
    "fh_teach": (ctypes.c_int32, (_POINTER, ctypes.c_char_p, _SIZE)),
    "fh_read": (_POINTER, (_POINTER, _POINTER, _POINTER, ctypes.c_char_p, _SIZE)),
    "fh_again": (ctypes.c_int32, (_POINTER, _POINTER)),
    "fh_questions": (ctypes.c_int32, (_POINTER, _POINTER, _POINTER, _POINTER)),
    "fh_answer": (ctypes.c_int32, (_POINTER, ctypes.c_char_p, _SIZE)),
    "fh_finish": (ctypes.c_int32, (_POINTER, _POINTER, ctypes.c_uint8)),
    "fh_keep": (
        ctypes.c_int32,
        (_POINTER, _POINTER, _POINTER, _POINTER, _SIZE, ctypes.c_char_p, _SIZE),
    ),
    "fh_columns": (ctypes.c_int32, (_POINTER, ctypes.c_uint32, _POINTER, _SIZE)),
    "fh_views": (ctypes.c_int32, (_POINTER, ctypes.c_char_p, _SIZE, _POINTER)),
    "fh_free_batch": (None, (_POINTER,)),
    "fh_content_reader": (_POINTER, (ctypes.c_char_p, _SIZE)),
    "fh_content": (
        ctypes.c_int32,
        (_POINTER, ctypes.c_char_p, _SIZE, _SIZE, ctypes.c_uint8, _POINTER),
    ),
    "fh_passages": (ctypes.c_int32, (ctypes.c_char_p, _SIZE, _POINTER, _POINTER)),
    "fh_match": (ctypes.c_int32, (View, View, ctypes.c_uint8, _POINTER, _SIZE)),
}


class KernelError(Exception):
    """The kernel gave an error value: it never leaves this package, whose caller reads
    the batch in Python."""


@cache
def library() -> ctypes.CDLL | None:
    """The library, or None where there is none of this version."""
    loaded = kernel_library.load()
    if loaded is None:
        return None
    try:
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(loaded, name)
            function.restype, function.argtypes = result, arguments
    except AttributeError:
        return None
    return loaded


def matched(
    loaded: ctypes.CDLL, program: bytes, text: bytes, groups: int, *, search: bool
) -> list[int] | None:
    """Where the groups of a program are in a text, two numbers each; None where it does
    not match. For tests, which hold the kernel's machine against Python's."""
    slots = (ctypes.c_uint32 * (2 * groups))()
    kept = [ctypes.create_string_buffer(data, len(data)) for data in (program, text)]
    views = [View(ctypes.cast(one, _POINTER), len(one)) for one in kept]
    result = loaded.fh_match(*views, search, slots, 2 * groups)
    if result > 0:
        raise KernelError(result)
    return list(slots) if result == 0 else None


def _done(result: int) -> None:
    if result:
        raise KernelError(result)


class Kernel:
    """A kernel with what it was taught."""

    def __init__(self, loaded: ctypes.CDLL, tables: bytes) -> None:
        self.calls = loaded
        self.pointer = loaded.fh_new(tables, len(tables))
        if not self.pointer:
            raise KernelError

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            self.calls.fh_free(self.pointer)

    def schema(self) -> str:
        """The columns that it fills."""
        view = View()
        _done(self.calls.fh_schema(ctypes.byref(view)))
        return view.taken().decode()

    def teach(self, forms: bytes) -> None:
        """Teaches it forms of clauses."""
        _done(self.calls.fh_teach(self.pointer, forms, len(forms)))

    def read(self, mails: Sequence[bytes], skip: bytes) -> NativeBatch:
        """Reads messages."""
        return NativeBatch(self, mails, skip)


class ContentReader:
    """The kernel's reader of content, which lives as long as the process."""

    def __init__(self, loaded: ctypes.CDLL, tables: bytes) -> None:
        self._calls = loaded
        self._pointer = loaded.fh_content_reader(tables, len(tables))
        if not self._pointer:
            raise KernelError

    def content(self, data: bytes, end: int, *, listed: bool) -> bytes | None:
        """The content of a message whose header ends at `end`, as the kernel writes it;
        None where it leaves it to Python."""
        view = View()
        given = self._pointer, data, len(data), end, listed
        return None if self._calls.fh_content(*given, ctypes.byref(view)) else view.taken()


class NativeBatch:
    """A batch that the kernel holds; its buffers live as long as this object."""

    def __init__(self, kernel: Kernel, mails: Sequence[bytes], skip: bytes) -> None:
        self._kernel, count = kernel, len(mails)
        data = (ctypes.c_char_p * count)(*mails)  # holds the mails
        self._mails = data, (_SIZE * count)(*map(len, mails))
        self.pointer = kernel.calls.fh_read(kernel.pointer, *self._mails, skip, count)
        if not self.pointer:
            raise KernelError

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            self._kernel.calls.fh_free_batch(self.pointer)

    def teach(self, forms: bytes) -> None:
        """Teaches the kernel forms of clauses."""
        self._kernel.teach(forms)

    def again(self) -> None:
        """Reads the lines again whose forms were not known."""
        _done(self._kernel.calls.fh_again(self._kernel.pointer, self.pointer))

    def questions(self) -> tuple[bytes, View, int]:
        """What is handed over, the texts it stands in, and how many hops there are."""
        asked, texts, hops = View(), View(), _SIZE()
        _done(
            self._kernel.calls.fh_questions(
                self.pointer, ctypes.byref(asked), ctypes.byref(texts), ctypes.byref(hops)
            )
        )
        return asked.taken(), texts, hops.value

    def answer(self, answers: bytes) -> None:
        """Takes answers in."""
        _done(self._kernel.calls.fh_answer(self.pointer, answers, len(answers)))

    def finish(self, *, unknown: bool) -> None:
        """Lays the columns out; `unknown`: nothing is known of who received the
        messages, and the boundary says so."""
        _done(self._kernel.calls.fh_finish(self._kernel.pointer, self.pointer, unknown))

    def keep(self, told: bytes) -> None:
        """Lays the kept fields of the messages out; `told` are those of messages that
        were handed over."""
        calls, (data, sizes) = self._kernel.calls, self._mails
        given = data, sizes, len(sizes), told, len(told)
        _done(calls.fh_keep(self._kernel.pointer, self.pointer, *given))

    def columns(self, table: int, count: int) -> Sequence[ColumnView]:
        """The columns of a table."""
        views = (ColumnView * count)()
        _done(self._kernel.calls.fh_columns(self.pointer, table, views, count))
        return list(views)

    def views(self, wanted: bytes) -> bytes:
        """What the messages say, as kernel/src/views.rs writes it; `wanted`: which
        columns."""
        view = View()
        calls = self._kernel.calls
        _done(calls.fh_views(self.pointer, wanted, len(wanted), ctypes.byref(view)))
        return view.taken()
