"""A publication says when it saw the first message, without a zone: which zone fits the
evidence, and how much chance would fit as well.

Whole-hour zones only. A fit is a remark, never a finding of fact: the local reading of
the operator's own zone is always given beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.timestamp import find_stamp

ZONES = range(-12, 15)  # whole hours east of UTC in use somewhere


class FirstTrace(NamedTuple):
    """The reading of an asserted first trace."""

    written: str
    zoned: bool  # it names its zone: nothing to fit
    offset_hours: int | None  # best fit; None where no time is near
    nearest: MessageSummary | None
    # seconds from the nearest first hop to the trace in that zone; negative: before
    after: int | None
    chance: float | None  # probability that some whole-hour zone fits a random time this well
    # seconds by which the trace, read in the operator's zone, precedes the first
    # evidence (negative: follows)
    local_before_first: int | None


def read_first_trace(
    written: str, summaries: Iterable[MessageSummary], time_zone: str
) -> FirstTrace | None:
    """How an asserted time relates to the first hops; None where the text is no time or
    no hop is timed."""
    match = find_stamp(written)
    timed = sorted((t for t in summaries if t.instant is not None), key=lambda t: t.instant or 0)
    if match is None or match[0].wall is None or not timed:
        return None
    stamp, wall, first = match[0], match[0].wall, timed[0].instant or 0
    if stamp.instant is not None:
        return FirstTrace(written, True, None, None, None, None, first - stamp.instant)
    local = _local_instant(wall, time_zone)
    reachable = [t for t in timed if abs((t.instant or 0) - wall) <= 15 * 3600]
    if not reachable:
        return FirstTrace(written, False, None, None, None, None, first - local)
    after, offset, nearest = min(
        ((wall - 3600 * hours - (t.instant or 0), hours, t) for hours in ZONES for t in reachable),
        key=lambda fit: (abs(fit[0]), fit[1]),
    )
    clocks = {(t.instant or 0) % 3600 for t in reachable}
    return FirstTrace(
        written,
        False,
        offset,
        nearest,
        after,
        min(1.0, len(clocks) * (2 * abs(after) + 1) / 3600),
        first - local,
    )


def _local_instant(wall: int, time_zone: str) -> int:
    naive = datetime.fromtimestamp(wall, UTC).replace(tzinfo=ZoneInfo(time_zone))
    return int(naive.timestamp())
