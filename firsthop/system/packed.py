"""Many short texts, and many short lists of numbers, one behind the other: an object of
its own for each takes three times the memory of what is in it.

Never:      changes one that is in; they are added at the end."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Item = TypeVar("Item")


class Packed(Sequence[Item], Generic[Item]):
    """A sequence that makes its items when they are asked for."""

    def at(self, number: int) -> Item:
        """The item of a number that is there, without asking."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Item]:
        return map(self.at, range(len(self)))

    @overload
    def __getitem__(self, number: int) -> Item: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Item]: ...
    def __getitem__(self, number: int | slice) -> Item | Sequence[Item]:
        if isinstance(number, slice):
            return [self.at(one) for one in range(*number.indices(len(self)))]
        size = len(self)
        if not -size <= number < size:
            raise IndexError(number)
        return self.at(number % size)


def taker(items: Sequence[Item]) -> Callable[[int], Item]:
    """What gives the items of numbers that are there, without asking where that can
    be."""
    return items.at if isinstance(items, Packed) else items.__getitem__


class Chosen(Packed[Item]):
    """Some items of another sequence, by their numbers there, in the order of these."""

    def __init__(self, items: Sequence[Item], numbers: Iterable[int]) -> None:
        self.items = items
        self.numbers = numbers if isinstance(numbers, array) else array("Q", numbers)
        self._take = taker(items)

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Item]:
        return map(self._take, self.numbers)

    def at(self, number: int) -> Item:
        """The item of a number that is there, without asking."""
        return self._take(self.numbers[number])


class PackedTexts(Packed[str]):
    """Texts, in UTF-8; a lone surrogate stays what it is."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._bytes, self._stops = bytearray(), array("Q", [0])
        for one in texts:
            self.append(one)

    def append(self, text: str) -> None:
        """One more, at the end."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._stops.append(len(self._bytes))

    def at(self, number: int) -> str:
        """The text of a number that is there, without asking."""
        stops = self._stops
        return self._bytes[stops[number] : stops[number + 1]].decode("utf-8", "surrogatepass")

    def __len__(self) -> int:
        return len(self._stops) - 1


class PackedLists(Packed["array[int]"]):
    """Lists of numbers of 32 bits."""

    def __init__(self) -> None:
        self._numbers, self._stops = array("i"), array("Q", [0])

    def append(self, numbers: Iterable[int]) -> None:
        """One more, at the end."""
        self._numbers.extend(numbers)
        self._stops.append(len(self._numbers))

    def __len__(self) -> int:
        return len(self._stops) - 1

    def at(self, number: int) -> array[int]:
        """The list of a number that is there, without asking."""
        return self._numbers[self._stops[number] : self._stops[number + 1]]
