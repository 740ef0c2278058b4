"""The numbers of very many keys: a hash table with open addressing (linear probing)
over keys that are held elsewhere, in eight to sixteen bytes a key. A dict of ints takes
ten times that.

Never:      depends on the order of slots: it is looked up, not gone through. Which keys
            fall together differs from process to process, so that no sender can choose
            them.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, MutableSequence, Sequence
from secrets import randbelow
from typing import Generic, TypeVar, cast

from firsthop.system.packed import taker

_FREE = -1
_FIRST_SLOTS = 64  # a power of two
_PRIME = 2**61 - 1  # by it two keys fall together no oftener than by chance, whatever they are
Key = TypeVar("Key", bound=Hashable)


class Numbering(Generic[Key]):
    """The place of each key in a sequence; it grows by `add` alone, where it is one
    that can. Of equal keys the first counts."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys, self._key = keys, taker(keys)
        self._factor = 1 + randbelow(_PRIME - 1)
        slots = max(_FIRST_SLOTS, 1 << (2 * len(keys)).bit_length())
        self._slots = array("i", [_FREE]) * slots
        for number in range(len(keys)):
            self._take_slot(number)

    def get(self, key: Key) -> int | None:
        """The number of a key; None for one that is not there."""
        slots, key_of = self._slots, self._key
        mask = len(slots) - 1
        at = hash(key) * self._factor % _PRIME & mask
        while (number := slots[at]) != _FREE:
            if key_of(number) == key:
                return number
            at = at + 1 & mask
        return None

    def add(self, key: Key) -> int:
        """The number of a new key: the next one."""
        number = len(self._keys)
        cast(MutableSequence[Key], self._keys).append(key)
        self._put(number)
        return number

    def __contains__(self, key: Key) -> bool:
        return self.get(key) is not None

    def __getitem__(self, key: Key) -> int:
        if (number := self.get(key)) is None:
            raise KeyError(key)
        return number

    def _put(self, number: int) -> None:
        if 2 * number >= len(self._slots):
            self._slots = array("i", [_FREE]) * (2 * len(self._slots))
            for former in range(number):
                self._take_slot(former)
        self._take_slot(number)

    def _take_slot(self, number: int) -> None:
        slots = self._slots
        mask = len(slots) - 1
        at = hash(self._key(number)) * self._factor % _PRIME & mask
        while slots[at] != _FREE:
            at = at + 1 & mask
        slots[at] = number
