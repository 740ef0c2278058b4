"""The inputs of this run and those of the case that stay, as one: each message once, in
an order that does not depend on when it came."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from firsthop.case.manifest import Input, in_order


class Union(NamedTuple):
    """All inputs in order, and where the messages went: of those of this run in the
    order of reading, then of those that the case held."""

    inputs: list[Input]
    places: list[int | None]  # from 1; None: the message was read in this run too

    @property
    def in_turn(self) -> bool:
        """Whether the messages came in their order."""
        return all(place == number for number, place in enumerate(self.places, 1))

    @property
    def order(self) -> array[int]:
        """The numbers, from 0, of the messages that stay, in their new order."""
        staying = len(self.places) - self.places.count(None)
        order = array("Q", bytes(8 * staying))
        for number, place in enumerate(self.places):
            if place is not None:
                order[place - 1] = number
        return order


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
