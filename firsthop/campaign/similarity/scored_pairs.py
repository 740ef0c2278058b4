"""The scored pairs of a heap, by their later message: what an engine makes for all
messages at once, kept as small as plain Python can."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from firsthop.campaign.similarity.score import PARTS, Score


class ScoredPairs:
    """Pairs in the order in which their later messages are assigned; read in that
    order."""

    def __init__(self) -> None:
        self._late, self._early = array("i"), array("i")
        self._observed, self._asserted = array("i"), array("i")  # parts of a bit
        self._views, self._claims = array("B"), array("B")
        self._at = 0

    def __len__(self) -> int:
        return len(self._late)

    def add_all(
        self, late: Iterable[int], early: Iterable[int], scores: Iterable[Sequence[float]]
    ) -> None:
        """Pairs by message numbers; those of one later message stand together. The
        scores come column by column, in the order of a Score."""
        observed, views, asserted, claims = scores
        self._late.extend(late)
        self._early.extend(early)
        self._observed.extend(round(PARTS * bits) for bits in observed)
        self._views.extend(map(int, views))
        self._asserted.extend(round(PARTS * bits) for bits in asserted)
        self._claims.extend(min(int(one), 255) for one in claims)

    def rewind(self) -> None:
        """Begin anew with the first message."""
        self._at = 0

    def of(self, number: int) -> list[tuple[int, Score]]:
        """The pairs of the message whose turn it is, best first; none where it has
        none."""
        start = self._at
        while self._at < len(self._late) and self._late[self._at] == number:
            self._at += 1
        pairs = [
            (
                self._early[i],
                Score(
                    self._observed[i] / PARTS,
                    self._views[i],
                    self._asserted[i] / PARTS,
                    self._claims[i],
                ),
            )
            for i in range(start, self._at)
        ]
        pairs.sort(key=lambda pair: (-pair[1].observed, pair[0]))
        return pairs
