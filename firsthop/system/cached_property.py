"""`functools.cached_property` without the lock that Python 3.11 takes at each first
use: in a third of the time, and a message has dozens of them.

Two threads that ask at once may both work a value out, as in later releases of Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["cached_property"]

if TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property:  # noqa: N801 - named as Python's own
        """A property that is worked out when it is first asked for, and then kept in
        the object."""

        def __init__(self, func: Any) -> None:
            self.func = func
            self.__doc__ = func.__doc__

        def __set_name__(self, _owner: type, name: str) -> None:
            self.name = name

        def __get__(self, instance: Any, _owner: type | None = None) -> Any:
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.func(instance)
            return value
