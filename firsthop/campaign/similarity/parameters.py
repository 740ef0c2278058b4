"""The numbers that clustering works with, in one frozen value; each was measured
(docs/reference/campaigns.md)."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

LEVELS = ("operation", "campaign", "wave")


@dataclass(frozen=True, slots=True)
class ClusteringParameters:
    """How messages are weighed and joined. Thresholds in bits."""

    # operation, campaign, wave, in a heap of `reference` messages
    thresholds: tuple[float, float, float] = (16.0, 16.0, 26.5)
    reference: int = 8_000
    # a smaller heap is treated as this: fewer pairs, lower thresholds, but no free fall
    smallest: int = 2_000
    cap: float = 16.0  # bits of one value: no value of a finite background is rarer than that
    view_bits: float = 4.0  # a view counts as one of the two that a link needs from this value on
    # a view counts as both of them with a sender's own constant (`own` of families.py)
    # from this value on: a mailbox, file, token or host that no background knows
    alone_bits: float = 11.5
    linkable_share: float = 0.02  # commoner values call up no candidates
    linkable_bits: float = 5.0
    window: int = 15  # latest carriers of a value that are compared
    candidates: int = 24  # of one message that are scored in full, those with the most shared bits
    bridges: int = 2  # messages linked to both, before two clusters merge
    bridge_share: float = 0.2  # ... or this share of the smaller cluster, if that is more
    busiest_months: int = 3  # left out where a value's share over time is taken
    # a host is at most this many times rarer than its organisation: servers of a pool
    # are drawn at random
    pool: float = 16.0
    # a value no background knows, and that is no sender's own constant, is at most this
    # many times rarer than its family's chance agreement
    unseen: float = 30.0
    views: frozenset[str] | None = None  # None: all; else only these count

    def taus(self, messages: int) -> tuple[float, float, float]:
        """The thresholds for a heap of that size: log2 more bits, for there are that
        many more pairs to agree by chance."""
        shift = log2(max(messages, self.smallest) / self.reference)
        low, middle, high = (tau + shift for tau in self.thresholds)
        return low, middle, high
