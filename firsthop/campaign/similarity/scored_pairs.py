"""The scored pairs of a heap, by their later message: what an engine makes for all
messages at once, kept as small as plain Python can."""

from __future__ import annotations

from array import array

from firsthop.campaign.similarity.score import Score


class ScoredPairs:
    """Pairs in the order in which their later messages are assigned; read in that
    order."""

    def __init__(self) -> None:
        self._late, self._early = array("i"), array("i")
        self._observed, self._asserted = array("d"), array("d")
        self._views, self._claims = array("B"), array("B")
        self._at = 0

    def __len__(self) -> int:
        return len(self._late)

    def add(self, late: int, early: int, score: Score) -> None:
        """One pair, by message numbers; those of one later message stand together."""
        self._late.append(late)
        self._early.append(early)
        self._observed.append(score.observed)
        self._views.append(score.views)
        self._asserted.append(score.asserted)
        self._claims.append(min(score.claims, 255))

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
                Score(self._observed[i], self._views[i], self._asserted[i], self._claims[i]),
            )
            for i in range(start, self._at)
        ]
        pairs.sort(key=lambda pair: (-pair[1].observed, pair[0]))
        return pairs
