"""A sample of messages as whole numbers: a value is the set of its carriers, one bit a
message. What signatures are counted on, whole sets at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

Key = tuple[str, str]  # family, value
Values = frozenset[Key]  # of one message
_FEW = 8  # places that are put into a set one by one
_SPARSE = 16  # places for each member, from which on members are sought one by one


class Sample:
    """Messages in a fixed order; the set of all is `everything`."""

    def __init__(self, messages: Sequence[Iterable[Key]]) -> None:
        places: defaultdict[Key, list[int]] = defaultdict(list)
        for place, values in enumerate(messages):
            for key in values:
                places[key].append(place)
        self.everything = (1 << len(messages)) - 1
        self._carriers = {key: set_of(many) for key, many in places.items()}

    def carriers(self, key: Key) -> int:
        """The set of messages that carry a value."""
        return self._carriers.get(key, 0)

    def counts(self, among: int) -> Iterator[tuple[Key, int]]:
        """Each value with the number of its carriers in a set."""
        for key, carriers in self._carriers.items():
            if k := (carriers & among).bit_count():
                yield key, k

    def carriers_of_all(self, keys: Sequence[Key], among: int) -> int:
        """The messages of a set that carry every one of the values."""
        for key in keys:
            among &= self.carriers(key)
        return among


def set_of(places: Sequence[int]) -> int:
    """The set of these places; they rise."""
    if len(places) < _FEW:
        return sum(1 << place for place in places)
    held = bytearray(places[-1] // 8 + 1)
    for place in places:
        held[place // 8] |= 1 << place % 8
    return int.from_bytes(held, "little")


def members(of: int) -> Iterator[int]:
    """The places in a set, rising."""
    if of.bit_count() < of.bit_length() // _SPARSE:
        while of:
            lowest = of & -of
            yield lowest.bit_length() - 1
            of ^= lowest
        return
    for index, byte in enumerate(of.to_bytes((of.bit_length() + 7) // 8, "little")):
        if byte:
            yield from (8 * index + bit for bit in range(8) if byte >> bit & 1)
