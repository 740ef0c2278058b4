"""Summaries in the order of time, by their numbers: a heap of them is not held to be
sorted."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from firsthop.campaign.first_hops.summaries import Place, places_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.system.packed import Chosen

_NEVER = 2**63 - 1  # behind every instant


class Instants:
    """When each message of a heap passed its first hop, by its number there."""

    def __init__(self, summaries: Iterable[MessageSummary] = ()) -> None:
        self._instants = array("q")
        for one in summaries:
            self.add(one)

    def add(self, one: MessageSummary) -> None:
        """That of one more message."""
        self._instants.append(_NEVER if one.instant is None else one.instant)

    def known(self) -> Iterator[int]:
        """The numbers of the messages that have one."""
        return (number for number, when in enumerate(self._instants) if when != _NEVER)

    def in_time(
        self, summaries: Sequence[MessageSummary], numbers: Iterable[int]
    ) -> Sequence[MessageSummary]:
        """Some of the summaries by their instants; those without one last, those of one
        by URI and offset."""
        places, when = places_of(summaries), self._instants.__getitem__
        return Chosen(
            summaries,
            (
                number
                for _, same in groupby(sorted(numbers, key=when), when)
                for number in _by_place(places, list(same))
            ),
        )


def _by_place(places: Sequence[Place], numbers: list[int]) -> list[int]:
    if len(numbers) > 1:
        numbers.sort(key=places.__getitem__)
    return numbers
