"""Columns of values as the buffers of the Arrow columnar format, without any library:
validity bits, offsets, and the values one behind the other.

Types:      VARCHAR, BIGINT, INTEGER, DOUBLE, BOOLEAN, an instant (as whole seconds), a
            list `T[]` and a `STRUCT("name" T, ...)` of these.
Promises:   a lone surrogate is shown as text, for no UTF-8 can hold one.
Raises:     NotArrow for a type or a value that is none of these.
Source:     Apache Arrow, "Arrow Columnar Format", sections Physical Memory Layout and
            C Data Interface (format strings)
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate, chain
from typing import Any, NamedTuple, TypeAlias

from firsthop.system.column_types import INSTANT
from firsthop.system.struct_lists import StructLists

Buffer: TypeAlias = "bytes | array[Any]"  # an array has no types before Python 3.12
Values = Sequence[Any]
NOT_COUNTED = -1
_MEMBER = re.compile(r'\s*(?:"([^"]+)"|(\w+)) ([^",()]+?(?:\[\])*)\s*(?:,|$)')
_BITS = bytes.maketrans(b"\0\1", b"01")


class NotArrow(Exception):  # noqa: N818 - never an error: the caller has another way
    """These values or types have to go another way."""


class Form(NamedTuple):
    """The type of a column."""

    format: str  # as the C data interface writes it
    name: str = ""
    children: tuple[Form, ...] = ()


class Column(NamedTuple):
    """Values of one type. A buffer that is None is one the format lets out."""

    length: int
    absent: int  # how many are None, or NOT_COUNTED
    buffers: tuple[Buffer | None, ...]
    children: tuple[Column, ...] = ()


@cache
def form_of(kind: str, name: str = "") -> Form:
    """The form of a type of SQL."""
    if kind.endswith("[]"):
        return Form("+l", name, (form_of(kind[:-2], "item"),))
    if kind.startswith("STRUCT("):
        return Form("+s", name, tuple(form_of(*one) for one in _members(kind[7:-1])))
    if kind not in _PLAIN:
        raise NotArrow(kind)
    return Form(_PLAIN[kind], name)


def column_of(form: Form, values: Values) -> Column:
    """The values as buffers."""
    try:
        return _MAKERS[form.format](form, values)
    except (TypeError, ValueError, OverflowError, KeyError, AttributeError) as error:
        raise NotArrow(form.name) from error


def row_form(kinds: Mapping[str, str]) -> Form:
    """The form of rows, by the types of their columns."""
    return Form("+s", "", tuple(form_of(kind, name) for name, kind in kinds.items()))


def record_of_values(rows: Form, values: Mapping[str, Values]) -> Column:
    """The rows whose values are held by their columns' names."""
    return record_of([column_of(one, values[one.name]) for one in rows.children])


def record_of(columns: Sequence[Column]) -> Column:
    """Columns of one length as the rows they are."""
    if len({one.length for one in columns}) != 1:
        raise NotArrow("columns of several lengths")
    return Column(columns[0].length, 0, (None,), tuple(columns))


def _members(inner: str) -> list[tuple[str, str]]:
    members = []
    place = 0
    while place < len(inner):
        match = _MEMBER.match(inner, place)
        if match is None:
            raise NotArrow(inner)
        members.append((match[3], match[1] or match[2]))
        place = match.end()
    return members


def _texts(_form: Form, values: Values) -> Column:
    absent, valid = _validity(values)
    if absent == len(values):
        return Column(absent, absent, (valid, bytes(4 * (absent + 1)), b""))
    texts = ["" if one is None else one for one in values] if absent else values
    whole = "".join(texts)
    coded = _coded(whole)
    if len(coded) == len(whole):  # ASCII
        return Column(len(values), absent, (valid, _offsets(texts), coded))
    sizes = [len(one) if one.isascii() else len(_coded(one)) for one in texts]
    return Column(len(values), absent, (valid, _ends(sizes), coded))


def _coded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _numbers(code: str) -> Callable[[Form, Values], Column]:
    def made(_form: Form, values: Values) -> Column:
        absent, valid = _validity(values)
        there = [0 if one is None else one for one in values] if absent else values
        return Column(len(values), absent, (valid, array(code, there)))

    return made


def _flags(_form: Form, values: Values) -> Column:
    absent, valid = _validity(values)
    if not {None, True, False}.issuperset(values):
        raise ValueError("no flag")
    return Column(len(values), absent, (valid, _bits([one is True for one in values])))


def _lists(form: Form, values: Values) -> Column:
    (inner_form,) = form.children
    if isinstance(values, StructLists):
        inner = record_of([column_of(one, values.columns[one.name]) for one in inner_form.children])
        return Column(len(values), 0, (None, _ends(values.lengths)), (inner,))
    absent, valid = _validity(values)
    lists = [() if one is None else one for one in values] if absent else values
    if any(issubclass(kind, str) for kind in set(map(type, lists))):
        raise TypeError("a text is no list")
    inner = column_of(inner_form, list(chain.from_iterable(lists)))
    return Column(len(values), absent, (valid, _offsets(lists)), (inner,))


def _structs(form: Form, values: Values) -> Column:
    absent, valid = _validity(values)
    rows = [{} if one is None else one for one in values] if absent else values
    names = [one.name for one in form.children]
    if not all(row.keys() <= set(names) for row in rows):
        raise ValueError("a value of no column")
    children = [column_of(one, [row.get(one.name) for row in rows]) for one in form.children]
    return Column(len(values), absent, (valid,), tuple(children))


def _offsets(parts: Values) -> Buffer:
    return _ends(map(len, parts))


def _ends(lengths: Iterable[int]) -> Buffer:
    return array("i", list(accumulate(lengths, initial=0)))


def _validity(values: Values) -> tuple[int, Buffer | None]:
    """How many are None, and the bits that tell which."""
    absent = values.count(None)
    if not absent:
        return 0, None
    if absent == len(values):
        return absent, bytes((absent + 7) // 8)
    return absent, _bits([one is not None for one in values])


def _bits(flags: Sequence[bool]) -> bytes:
    """Eight a byte, the first the lowest."""
    if not flags:
        return b""
    digits = bytes(flags)[::-1].translate(_BITS)
    return int(digits, 2).to_bytes((len(flags) + 7) // 8, "little")


_PLAIN = {
    "VARCHAR": "u",
    "BIGINT": "l",
    "INTEGER": "i",
    "DOUBLE": "g",
    "BOOLEAN": "b",
    INSTANT: "l",
}
_MAKERS: dict[str, Callable[[Form, Values], Column]] = {
    "u": _texts,
    "l": _numbers("q"),
    "i": _numbers("i"),
    "g": _numbers("d"),
    "b": _flags,
    "+l": _lists,
    "+s": _structs,
}
