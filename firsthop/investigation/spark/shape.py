"""Whether a value that came from elsewhere has the type that it should: by annotations
of Python, and by types of SQL columns as a case's tables have them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from math import isfinite
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from firsthop.evidence.timestamp import LAST_INSTANT
from firsthop.system.column_types import INSTANT

Fits = Callable[[Any], bool]
_STRUCT = re.compile(r"STRUCT\((.*)\)")
_MEMBER = re.compile(r'"(\w+)" (\w+)')
_BIGGEST = {"INTEGER": 1 << 31, "BIGINT": 1 << 63}


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is what an annotation says, to the last part. A number fits 64
    bits."""
    return _annotated(kind)(value)


@cache
def _annotated(kind: Any) -> Fits:
    """What tells whether a value fits an annotation."""
    arguments = get_args(kind)
    if get_origin(kind) in (Union, UnionType):
        some = [_annotated(one) for one in sorted(arguments, key=lambda one: one is not NoneType)]
        return lambda value: any(fit(value) for fit in some)
    if get_origin(kind) is tuple:
        return _tuple_fits(arguments)
    if kind in (None, NoneType):
        return lambda value: value is None
    if issubclass(kind, Enum):
        return lambda value: isinstance(value, kind)
    if kind is int:
        return lambda value: type(value) is int and abs(value) < 1 << 63
    if issubclass(kind, tuple) or is_dataclass(kind):
        return _record_fits(kind)
    return lambda value: type(value) is kind


def _tuple_fits(kinds: tuple[Any, ...]) -> Fits:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        each = _annotated(kinds[0])
        return lambda value: isinstance(value, tuple) and all(map(each, value))
    some = [_annotated(one) for one in kinds]
    return lambda value: (
        isinstance(value, tuple)
        and len(value) == len(some)
        and all(fit(one) for fit, one in zip(some, value, strict=True))
    )


def _record_fits(kind: type) -> Fits:
    """Of a NamedTuple or a dataclass: its attributes fit theirs."""
    parts = [(name, _annotated(one)) for name, one in get_type_hints(kind).items()]
    take = attrgetter(*(name for name, _ in parts))
    some = [fit for _, fit in parts]
    return lambda value: (
        type(value) is kind and all(fit(one) for fit, one in zip(some, take(value), strict=True))
    )


@cache
def column_fits(kind: str) -> Fits:
    """What tells whether a value, never null, fits a column of that type of SQL."""
    if kind.endswith("[]"):
        inner = column_fits(kind.removesuffix("[]"))
        return lambda value: isinstance(value, list) and all(map(inner, value))
    if struct := _STRUCT.fullmatch(kind):
        members = {name: column_fits(of) for name, of in _MEMBER.findall(struct[1])}
        return lambda value: (
            isinstance(value, dict)
            and value.keys() == members.keys()
            and all(value[name] is None or fit(value[name]) for name, fit in members.items())
        )
    if kind in _BIGGEST:
        return lambda value: type(value) is int and abs(value) < _BIGGEST[kind]
    return {
        "VARCHAR": lambda value: type(value) is str,
        "BOOLEAN": lambda value: type(value) is bool,
        "DOUBLE": lambda value: type(value) is float and isfinite(value),
        INSTANT: lambda value: type(value) is int and 0 <= value <= LAST_INSTANT,
    }[kind]
