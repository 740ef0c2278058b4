"""The inputs of this run and those of the case that stay, as one: each message once, in
an order that does not depend on when it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from firsthop.case.manifest import Input, in_order

T = TypeVar("T")


class Union(NamedTuple):
    """All inputs in order, and where the messages went: of those of this run in the
    order of reading, then of those that the case held."""

    inputs: list[Input]
    places: list[int | None]  # from 1; None: the message was read in this run too

    def in_place(self, values: Sequence[T]) -> list[T]:
        """What belongs to the messages, in their new order."""
        placed = (
            (place, value)
            for place, value in zip(self.places, values, strict=True)
            if place is not None
        )
        return [value for _, value in sorted(placed, key=lambda pair: pair[0])]


def unite(read: Iterable[Input], held: Sequence[Input], skips: Iterable[Input]) -> Union:
    """What was read, with the messages that stay and the skipped inputs that stay."""
    both = list(read)
    messages = [one for one in both if not one.skipped]
    again = {one.line for one in messages}
    skipped = Counter(one for one in both if one.skipped) | Counter(skips)
    candidates = [*messages, *held]
    kept = [
        number
        for number, one in enumerate(candidates)
        if number < len(messages) or one.line not in again
    ]
    places: list[int | None] = [None] * len(candidates)
    for place, number in enumerate(sorted(kept, key=candidates.__getitem__), 1):
        places[number] = place
    return Union(in_order([*(candidates[n] for n in kept), *skipped.elements()]), places)
