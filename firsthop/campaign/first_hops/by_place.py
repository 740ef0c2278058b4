"""The summaries of a heap by where their messages lie, in twelve bytes a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from firsthop.campaign.first_hops.summaries import Place, places_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.system.numbering import Numbering
from firsthop.system.packed import Chosen, Packed, taker


class ByPlace(Mapping[Place, MessageSummary]):
    """The summary of the message at a place; of several the last."""

    def __init__(self, summaries: Sequence[MessageSummary]) -> None:
        self.summaries = summaries
        self._numbers = Numbering(_Backwards(places_of(summaries)))

    def __getitem__(self, place: Place) -> MessageSummary:
        return self.summaries[-1 - self._numbers[place]]

    def chosen(self, places: Iterable[Place]) -> Sequence[MessageSummary]:
        """The summaries of messages at some places, as far as there are any."""
        found, last = map(self._numbers.get, places), len(self.summaries) - 1
        return Chosen(self.summaries, (last - number for number in found if number is not None))

    def __iter__(self) -> Iterator[Place]:
        return iter(dict.fromkeys(places_of(self.summaries)))

    def __len__(self) -> int:
        return len(set(self))


class _Backwards(Packed[Place]):
    """Places, the last one first."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._place, self._size = taker(places), len(places)

    def __len__(self) -> int:
        return self._size

    def at(self, number: int) -> Place:
        """The place of a number that is there, without asking."""
        return self._place(self._size - 1 - number)
