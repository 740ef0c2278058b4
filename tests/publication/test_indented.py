"""JSON over several lines is what the library writes, character for character."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, NamedTuple

import pytest

from firsthop.publication.json.indented import indented


class _Word(StrEnum):
    ONE = "o\u00e9ne"


class _Pair(NamedTuple):
    first: Any
    second: Any


class _Number(int):
    pass


_VALUES: list[Any] = [
    {},
    [],
    (),
    "",
    'a"\\\n\x00\x7f\u2028\ud800\U0001f600',
    0,
    -1,
    2**70,
    0.1,
    -0.0,
    1e300,
    True,
    False,
    None,
    _Word.ONE,
    _Number(7),
    _Pair({"a": []}, ({},)),
    {"": {"b": [[], [[1, "x", None]], {}]}, '\ud83d"': (True, 1.5), "a": _Word.ONE},
]


@pytest.mark.parametrize("value", [*_VALUES, _VALUES, {"all": _VALUES}])
def test_it_is_what_the_library_writes(value: object) -> None:
    assert indented(value) == json.dumps(value, indent=1, allow_nan=False)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        indented({"a": [number]})


@pytest.mark.parametrize("value", [{1: 2}, {None: 1}, [b"x"], [{1}], object()])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        indented(value)
