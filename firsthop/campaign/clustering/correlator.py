"""What counts and compares a heap for its clustering: an engine over the tables of an
archive (engine/correlator.py), which scores all pairs at once.

A protocol alone: nothing is counted here, and clustering knows no engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from firsthop.campaign.similarity.counts import Counted
from firsthop.campaign.similarity.scored_pairs import ScoredPairs
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import Weights


class Correlator(Protocol):
    """Counts a heap and scores its pairs."""

    def count(self, store: Store, labels: Sequence[int] | None) -> Counted:
        """The counts of the heap under an assignment; None: each message is its own
        campaign."""

    def links(
        self, weights: Weights, order: Sequence[int], first: int, tau: float, least: int
    ) -> ScoredPairs | None:
        """The scored pairs of `tau` bits or more whose later message has place `first`
        or a later one in the order, which is that of the assignment; None where the
        assignment shall compare each message itself.

        Candidates share `least` thousandths of a bit in values that call them up.
        """

    def end(self) -> None:
        """Nothing more is asked: what was made to count and compare goes."""
