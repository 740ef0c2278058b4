"""Cycles are looked for seldom within, and as before behind it."""

from __future__ import annotations

import gc

import pytest

from firsthop.system.garbage import OLDER, OLDEST, YOUNG, seldom_collected


def test_as_before_behind_it_whatever_happens() -> None:
    before, within = gc.get_threshold(), list[tuple[int, ...]]()

    @seldom_collected()
    def fails() -> None:
        within.extend((gc.get_threshold(), (gc.get_freeze_count(),)))
        raise ValueError("within")

    with pytest.raises(ValueError, match="within"):
        fails()
    assert within[0] == (YOUNG, OLDER, OLDEST)
    assert within[1][0] > 0
    assert gc.get_threshold() == before
    assert not gc.get_freeze_count()
