"""The inputs of this run and those of the case that stay, as one: each message once, in
an order that does not depend on when it came.

Memory:     where the run read in that order, as it does but for odd archives, numbers
            of messages at most; else its messages.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import merge
from typing import NamedTuple

from firsthop.case.manifest import Input, in_order, key_of


class Union(NamedTuple):
    """Where the messages went, of those of this run in the order of reading, then of
    those that the case held; and what all inputs are made of."""

    places: Sequence[int | None]  # from 1; None: the message was read in this run too
    read: Iterable[Input]  # the messages of this run, in order
    held: Iterable[Input]  # those of the case beside them, in order
    skipped: Sequence[Input]  # in order

    def inputs(self) -> Iterator[Input]:
        """All inputs in order."""
        return merge(self.read, self.held, self.skipped)

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


class _Messages:
    """The messages among inputs, each time they are asked for, without some."""

    def __init__(self, inputs: Iterable[Input], without: Collection[bytes] = ()) -> None:
        self._inputs, self._without = inputs, without

    def __iter__(self) -> Iterator[Input]:
        for one in self._inputs:
            if not one.skipped and (not self._without or key_of(one.line) not in self._without):
                yield one


def unite(read: Iterable[Input], held: Collection[Input], skips: Iterable[Input]) -> Union:
    """What was read, with the messages of the case that stay, which are in order, and
    the skipped inputs that stay. `read` and `held` are gone through more than once."""
    skipped, messages, in_turn = Counter[Input](), 0, True
    last = Input("", skipped=False, offset=-1, line="")
    for one in read:
        if one.skipped:
            skipped[one] += 1
        else:
            in_turn = in_turn and last < one
            last, messages = one, messages + 1
    skips_in_order = in_order((skipped | Counter(skips)).elements())
    if in_turn and not held:
        return Union(range(1, messages + 1), _Messages(read), (), skips_in_order)
    numbers: Sequence[int] = range(messages)
    fresh: Iterable[Input] = _Messages(read)
    if not in_turn:
        taken = list(fresh)
        numbers = sorted(numbers, key=taken.__getitem__)
        fresh = [taken[number] for number in numbers]
    again = {key_of(one.line) for one in fresh} if held else ()
    places: list[int | None] = [None] * (messages + len(held))
    former = (
        (one, number) for number, one in enumerate(held, messages) if key_of(one.line) not in again
    )
    for place, (_, number) in enumerate(merge(zip(fresh, numbers, strict=True), former), 1):
        places[number] = place
    return Union(places, fresh, _Messages(held, again), skips_in_order)
