"""The union of inputs, held against one that has all of them in memory."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from firsthop.case.manifest import Input
from firsthop.investigation.held import not_among
from firsthop.investigation.union import unite


def some_inputs(dice: random.Random, count: int) -> list[Input]:
    """Of few places, so that places and whole inputs are met again; no message
    twice."""
    made = [
        Input(
            uri := dice.choice("abc"),
            skipped := dice.random() < 0.3,
            0 if skipped else dice.randrange(3),
            f"{uri} {dice.randrange(3)}",
        )
        for _ in range(count)
    ]
    messages: set[str] = set()
    kept = []
    for one in made:
        if one.skipped or one.line not in messages:
            kept.append(one)
        if not one.skipped:
            messages.add(one.line)
    return kept


@pytest.mark.parametrize("seed", range(300))
def test_as_with_everything_in_memory(seed: int) -> None:
    dice = random.Random(seed)
    read, case = (some_inputs(dice, dice.randrange(12)) for _ in range(2))
    held = sorted(one for one in case if not one.skipped)
    skips = [one for one in case if one.skipped]
    if seed % 3 == 0:
        read.sort()
    if seed % 6 == 0:
        held = []
    messages = [one for one in read if not one.skipped]
    lines = {one.line for one in messages}
    staying = [*messages, *(one for one in held if one.line not in lines)]
    skipped = Counter(one for one in read if one.skipped) | Counter(skips)
    union = unite(read, held, skips)
    assert list(union.inputs()) == sorted([*staying, *skipped.elements()])
    assert list(union.inputs()) == list(union.inputs())
    places = {one: place for place, one in enumerate(sorted(staying), 1)}
    at_once = [*messages, *(None if one.line in lines else one for one in held)]
    assert list(union.places) == [one and places[one] for one in at_once]
    assert union.in_turn is (at_once == sorted(staying))
    assert [at_once[number] for number in union.order] == sorted(staying)


@pytest.mark.parametrize("seed", range(100))
def test_not_among_counts_each(seed: int) -> None:
    dice = random.Random(seed)
    inputs, others = (sorted(some_inputs(dice, dice.randrange(12))) for _ in range(2))
    assert list(not_among(inputs, others)) == sorted((Counter(inputs) - Counter(others)).elements())
