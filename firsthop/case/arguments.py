"""The arguments of a command as an entry of the journal keeps them.

Never:      holds a secret or what identifies a person: of passwords and of victims'
            contacts the caller gives a count.
"""

from __future__ import annotations

from typing import Any

Value = str | int | bool | None | tuple[str, ...]
Arguments = tuple[tuple[str, Value], ...]


def arguments_of(**given: Value) -> Arguments:
    """The arguments that were given: what is None, False, nought or empty was not."""
    return tuple((name, value) for name, value in given.items() if value)


def arguments_object(arguments: Arguments) -> dict[str, Any]:
    """As a JSON object."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in arguments}


def read_arguments(told: Any) -> Arguments:
    """The arguments in a JSON object. TypeError where it holds anything else."""
    if not isinstance(told, dict):
        raise TypeError
    return tuple((name, _value(value)) for name, value in told.items())


def _value(told: Any) -> Value:
    if isinstance(told, list):
        if not all(type(one) is str for one in told):
            raise TypeError
        return tuple(told)
    if told is not None and type(told) not in {str, int, bool}:
        raise TypeError
    value: Value = told
    return value
