"""The scored pairs of a heap, by their later message: what an engine makes for all
messages at once, kept as small as plain Python can, in nine bytes a pair.

Few pairs share a claim of a publication: what those claim is kept for itself."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, groupby
from operator import neg

from firsthop.campaign.similarity.score import PARTS, Score

_NO_CLAIM = (0.0, 0)


class ScoredPairs:
    """Pairs by message numbers."""

    def __init__(self) -> None:
        # by later message: the place of its first pair, and the one behind its last
        self._starts, self._stops = array("Q"), array("Q")
        self._early, self._views = array("i"), array("B")
        self._observed = array("i")  # parts of a bit
        # of the pairs that share claims: place, parts of a bit, how many
        self._claiming, self._asserted, self._claims = array("Q"), array("i"), array("B")

    def __len__(self) -> int:
        return len(self._early)

    def add_all(
        self, late: Iterable[int], early: Iterable[int], scores: Iterable[Sequence[float]]
    ) -> None:
        """More pairs; those of one later message stand together. The scores come column
        by column, in the order of a Score."""
        observed, views, asserted, claims = scores
        stop = len(self)
        self._claiming.extend(compress(range(stop, stop + len(claims)), claims))
        self._asserted.extend([round(PARTS * bits) for bits in compress(asserted, claims)])
        self._claims.extend(min(int(one), 255) for one in claims if one)
        for number, pairs in groupby(late):
            start, stop = stop, stop + sum(1 for _ in pairs)
            self._note(number, start, stop)
        self._early.extend(early)
        self._observed.extend([round(PARTS * bits) for bits in observed])
        self._views.extend(map(int, views))

    def of(self, number: int) -> list[tuple[int, Score]]:
        """The pairs of a later message, best first; none where it has none."""
        start, stop = self._bounds(number)
        claims = self._claims_of(start, stop)
        columns = (self._early[start:stop], self._views[start:stop], range(start, stop))
        return [
            (other, Score(-less / PARTS, views, *claims.get(place, _NO_CLAIM)))
            for less, other, views, place in sorted(
                zip(map(neg, self._observed[start:stop]), *columns, strict=True)
            )
        ]

    def observed(self, number: int, views: int, tau: float) -> Iterator[tuple[int, float]]:
        """The earlier messages that so many views link to a later one with `tau` bits
        or more, by what is observed alone; and the bits, in single precision."""
        start, stop = self._bounds(number)
        bits = [parts / PARTS for parts in self._observed[start:stop]]
        linked = [
            several >= views and one >= tau
            for several, one in zip(self._views[start:stop], bits, strict=True)
        ]
        return compress(zip(self._early[start:stop], array("f", bits), strict=True), linked)

    def _note(self, number: int, start: int, stop: int) -> None:
        """Where the next pairs of a message are."""
        while number >= len(self._stops):
            self._starts.append(start)
            self._stops.append(start)
        if self._starts[number] == self._stops[number]:
            self._starts[number] = start
        self._stops[number] = stop

    def _bounds(self, number: int) -> tuple[int, int]:
        return (self._starts[number], self._stops[number]) if number < len(self._stops) else (0, 0)

    def _claims_of(self, start: int, stop: int) -> dict[int, tuple[float, int]]:
        """By place: the bits of the claims that a pair shares, and how many they
        are."""
        first = bisect_left(self._claiming, start)
        last = bisect_left(self._claiming, stop, first)
        return {
            self._claiming[n]: (self._asserted[n] / PARTS, self._claims[n])
            for n in range(first, last)
        }
