"""The summaries of a heap by where their messages lie, in twelve bytes a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.system.numbering import Numbering

Place = tuple[str, int]  # URI and offset


class ByPlace(Mapping[Place, MessageSummary]):
    """The summary of the message at a place; of several the last."""

    def __init__(self, summaries: Sequence[MessageSummary]) -> None:
        self._summaries = summaries
        self._numbers = Numbering(_Places(summaries))

    def __getitem__(self, place: Place) -> MessageSummary:
        return self._summaries[-1 - self._numbers[place]]

    def __iter__(self) -> Iterator[Place]:
        return iter(dict.fromkeys((one.uri, one.offset) for one in self._summaries))

    def __len__(self) -> int:
        return len(set(self))


class _Places(Sequence[Place]):
    """The places of summaries, the last one first."""

    def __init__(self, summaries: Sequence[MessageSummary]) -> None:
        self._summaries = summaries

    def __len__(self) -> int:
        return len(self._summaries)

    @overload
    def __getitem__(self, number: int) -> Place: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Place]: ...
    def __getitem__(self, number: int | slice) -> Place | Sequence[Place]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        one = self._summaries[-1 - number]
        return one.uri, one.offset
