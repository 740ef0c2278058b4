"""Numbers of keys are those that a dict gives, in a tenth of its memory."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.system.numbering import Numbering


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 9), max_size=300))
def test_numbers_are_those_of_a_dict(given_keys: list[int]) -> None:
    keys = array("q")
    numbers, expected = Numbering(keys), dict[int, int]()
    for key in given_keys:
        assert numbers.get(key) == expected.get(key)
        assert (key in numbers) == (key in expected)
        if key not in expected:
            expected[key] = numbers.add(key)
    assert list(keys) == list(expected)
    assert [numbers[key] for key in expected] == list(range(len(expected)))


def test_keys_that_are_there_are_found_the_first_of_equal_ones() -> None:
    numbers = Numbering(["a", "b", "a", "c"])
    assert [numbers[key] for key in "abc"] == [0, 1, 3]
    with pytest.raises(KeyError):
        numbers["d"]


def test_many_keys_of_one_residue_are_found() -> None:
    numbers = Numbering([number << 40 for number in range(20_000)])
    assert all(numbers[number << 40] == number for number in range(20_000))
    assert 1 not in numbers
