"""Counts and compares a heap with an engine, as its clustering asks for it
(clustering/correlator.py)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from firsthop.campaign.engine.counts import TableCounts
from firsthop.campaign.engine.pairs import family_rows, scored_pairs
from firsthop.campaign.engine.protocol import Engine
from firsthop.campaign.similarity.counts import Counted
from firsthop.campaign.similarity.scored_pairs import ScoredPairs
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import Weights

PAIRS = 8_192  # that are taken at a time


class TableCorrelator:
    """Counts and compares the heap whose tables an engine holds (`Archive.load`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        engine.put("family", family_rows())

    def count(self, store: Store, labels: Sequence[int] | None) -> Counted:
        """The counts of the heap under an assignment."""
        self._engine.put(
            "campaign", ((str(label), "campaign") for label in sorted(set(labels or ())))
        )
        self._engine.put(
            "member",
            ((str(label), one) for one, label in zip(store.ids, labels or (), strict=False)),
        )
        return TableCounts(self._engine, clustered=labels is not None, numbers=store.number_of_hash)

    def links(
        self, weights: Weights, order: Sequence[int], first: int, tau: float, least: int
    ) -> ScoredPairs:
        """The scored pairs of the heap."""
        settings, kept = weights.settings, ScoredPairs()
        self._engine.put("weight", weights.rows())
        pairs = scored_pairs(
            self._engine,
            first,
            tau=tau,
            least=least,
            rarest=settings.linkable_share,
            bits=settings.linkable_bits,
            carriers=settings.window,
            candidates=settings.candidates,
            view_bits=settings.view_bits,
            alone_bits=settings.alone_bits,
        )
        while some := list(islice(pairs, PAIRS)):
            late, early, *scores = zip(*some, strict=True)
            kept.add_all((order[n - 1] for n in late), (order[n - 1] for n in early), scores)
        return kept

    def end(self) -> None:
        """The engine is closed."""
        self._engine.close()
