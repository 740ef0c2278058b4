"""`typing.NamedTuple`, made in a fifth of the time: the program has some hundred of
them, and most are made at each start.

The same class comes out, but that its annotations stay the texts that they are, which
`typing.get_type_hints` reads, and that constructors of as many fields share their code:
compiling each was what took the time. For a type checker it is `typing.NamedTuple`. One
that is generic, or has another base, is made by that.
"""

from __future__ import annotations

from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from firsthop.system.kept_code import code_of

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import _tuplegetter  # Python's own, or a property where it has none

    class _Making(type):
        """Makes a class below NamedTuple to a named tuple."""

        def __new__(cls, name: str, _bases: object, space: dict[str, Any]) -> type:
            fields = tuple(space["__annotations__"])
            defaults = {field: space.pop(field) for field in fields if field in space}
            if fields[len(fields) - len(defaults) :] != tuple(defaults):
                raise TypeError(f"{name}: a field without a default behind one with a default")
            getters = {field: _tuplegetter(place, None) for place, field in enumerate(fields)}
            own = {
                "__doc__": f"{name}({', '.join(fields)})",
                "__slots__": (),
                "__match_args__": fields,
                "__new__": _constructor(name, fields, tuple(defaults.values())),
                "_fields": fields,
                "_field_defaults": defaults,
            }
            return type(name, (tuple,), _SHARED | own | getters | space)

    NamedTuple = type.__new__(_Making, "NamedTuple", (), {})


def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
    code = _code(len(fields)).replace(
        co_name="__new__", co_qualname=f"{name}.__new__", co_varnames=("_cls", *fields)
    )
    return FunctionType(code, {"new": tuple.__new__}, "__new__", defaults)


@cache
def _code(count: int) -> CodeType:
    """The code of a constructor of so many fields; their names are put in later."""
    fields = "".join(f"_{place}, " for place in range(count))
    made = eval(code_of(f"lambda _cls, {fields}: new(_cls, ({fields}))", "<a constructor>", "eval"))  # noqa: S307 - a number went in
    code: CodeType = made.__code__
    return code


def _make(cls: Any, iterable: Any) -> Any:
    """A named tuple of the values in an iterable."""
    made = tuple.__new__(cls, iterable)
    if len(made) != len(cls._fields):
        raise TypeError(f"{cls.__name__} has {len(cls._fields)} fields, not {len(made)}")
    return made


def _replace(self: Any, /, **changed: Any) -> Any:
    """The same with other values in some fields."""
    made = tuple.__new__(type(self), map(changed.pop, self._fields, self))
    if changed:
        raise ValueError(f"{type(self).__name__} has no field {', '.join(changed)}")
    return made


def _asdict(self: Any) -> dict[str, Any]:
    """The values by the names of their fields."""
    return dict(zip(self._fields, self, strict=True))


def _shown(self: Any) -> str:
    values = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
    return f"{type(self).__name__}({', '.join(values)})"


def _given(self: Any) -> tuple[Any, ...]:
    """What copies and pickles are made from."""
    return tuple(self)


_SHARED = {
    "_make": classmethod(_make),
    "_replace": _replace,
    "__replace__": _replace,
    "_asdict": _asdict,
    "__repr__": _shown,
    "__getnewargs__": _given,
}
