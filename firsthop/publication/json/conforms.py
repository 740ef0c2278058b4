"""Whether a value that was read from JSON has the types that its class declares: JSON
can hold any type in any place, and a file may come from anybody."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Check = Callable[[Any], bool]


def demand(value: Any) -> None:
    """TypeError where a field of a NamedTuple or frozen dataclass, or of one within it,
    is not of the type that is declared."""
    if not _check(value.__class__)(value):
        raise TypeError(f"no {type(value).__name__}")


@cache
def _check(kind: Any) -> Check:
    """The test for one declared type."""
    origin, within = get_origin(kind), get_args(kind)
    if kind is int:
        return _is_number
    if kind is float:
        return lambda value: type(value) is float or _is_number(value)
    if origin is tuple:
        return _tuple_check(within)
    if origin in (Union, types.UnionType):
        return _any_check(tuple(map(_check, within)))
    if origin is Literal:
        return lambda value: value in within
    if hints := get_type_hints(kind) if _is_record(kind) else {}:
        return _record_check(kind, {name: _check(hint) for name, hint in hints.items()})
    return lambda value: type(value) is kind


def _is_number(value: Any) -> bool:
    """A whole number as columns hold it; JSON's may be longer than any float."""
    return type(value) is int and -(2**63) <= value < 2**63


def _is_record(kind: Any) -> bool:
    return hasattr(kind, "__dataclass_fields__") or hasattr(kind, "_fields")


def _tuple_check(within: tuple[Any, ...]) -> Check:
    if len(within) == 2 and within[1] is Ellipsis:
        each = _check(within[0])
        return lambda value: type(value) is tuple and all(map(each, value))
    checks = tuple(map(_check, within))
    return lambda value: (
        type(value) is tuple
        and len(value) == len(checks)
        and all(check(one) for check, one in zip(checks, value, strict=True))
    )


def _any_check(checks: tuple[Check, ...]) -> Check:
    return lambda value: any(check(value) for check in checks)


def _record_check(kind: Any, checks: dict[str, Check]) -> Check:
    pairs = tuple(checks.items())
    return lambda value: (
        type(value) is kind and all(check(getattr(value, name)) for name, check in pairs)
    )
