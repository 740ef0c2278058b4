"""Packed sequences give what went in, of whatever length and alphabet."""

from __future__ import annotations

from array import array

import pytest

from firsthop.system.packed import Chosen, PackedLists, PackedTexts

TEXTS = ["", "a", "città", "\udc80", "x" * 1000, "", "\0"]


def test_texts_come_out_as_they_went_in() -> None:
    packed = PackedTexts(TEXTS)
    assert list(packed) == TEXTS
    assert (len(packed), packed[-1], packed[1:3]) == (7, "\0", ["a", "città"])
    with pytest.raises(IndexError):
        packed[7]


def test_lists_come_out_as_they_went_in() -> None:
    packed = PackedLists()
    for numbers in ([], [3, 1, 2**31 - 1], [7]):
        packed.append(numbers)
    assert list(packed) == [array("i"), array("i", [3, 1, 2**31 - 1]), array("i", [7])]


def test_chosen_items_come_in_the_order_of_their_numbers() -> None:
    chosen = Chosen(PackedTexts(TEXTS), [4, 0, 2, 2])
    assert list(chosen) == [TEXTS[4], TEXTS[0], TEXTS[2], TEXTS[2]]
    assert (len(chosen), chosen[-1], chosen[:2]) == (4, "città", [TEXTS[4], ""])
