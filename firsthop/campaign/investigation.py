"""A heap of messages, gathered: trails, groups, spools, the first trace. What the publications are made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from firsthop.campaign.first_trace import FirstTrace, read_first_trace
from firsthop.campaign.link import Group, link
from firsthop.campaign.record import Campaigns
from firsthop.campaign.spool import SpoolPair, near_pairs
from firsthop.campaign.trail import Trail
from firsthop.judgement.brief import Brief
from firsthop.mail.sources.raw import Skipped


@dataclass(frozen=True, slots=True)
class Investigation:
    """What a case holds."""

    brief: Brief
    trails: tuple[Trail, ...]  # in the order of the input
    skipped: tuple[Skipped, ...]
    groups: tuple[Group, ...]
    spools: tuple[SpoolPair, ...]
    first_trace: FirstTrace | None
    campaigns: Campaigns | None = None

    @property
    def timed(self) -> tuple[Trail, ...]:
        """The trails whose first hop has a time, earliest first."""
        return tuple(sorted((t for t in self.trails if t.instant is not None), key=lambda t: (t.instant or 0, t.uri, t.offset)))


def gather(trails: Iterable[Trail], skipped: Iterable[Skipped], brief: Brief, campaigns: Campaigns | None = None) -> Investigation:
    """The investigation of a heap: correlation only, no reading and no judging."""
    kept = tuple(trails)
    asserted = brief.says("first_trace")
    return Investigation(
        brief,
        kept,
        tuple(skipped),
        link(kept),
        tuple(near_pairs(t.first for t in kept if t.first)),
        read_first_trace(asserted.value, kept, brief.time_zone) if asserted else None,
        campaigns,
    )
