"""A publication says when it saw the first message, without a zone: which zone fits the
evidence, and how much chance would fit as well.

Whole-hour zones only. A fit is a remark, never a finding of fact: the local reading of
the operator's own zone is always given beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.timestamp import find_stamp

ZONES = range(-12, 15)  # whole hours east of UTC in use somewhere
_FARTHEST = 15 * 3600  # seconds: no zone brings a hop near that is farther


class _Fit(NamedTuple):
    """A first hop, in one zone."""

    after: int  # seconds from the first hop to the trace
    hours: int
    message: MessageSummary


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
    written: str, summaries: Sequence[MessageSummary], time_zone: str
) -> FirstTrace | None:
    """How an asserted time relates to the first hops; None where the text is no time or
    no hop is timed."""
    match = find_stamp(written)
    first = min((t.instant for t in summaries if t.instant is not None), default=None)
    if match is None or match[0].wall is None or first is None:
        return None
    stamp, wall = match[0], match[0].wall
    if stamp.instant is not None:
        return FirstTrace(written, True, None, None, None, None, first - stamp.instant)
    local = _local_instant(wall, time_zone)
    best = min(_fits(summaries, wall), key=_distance, default=None)
    if best is None:
        return FirstTrace(written, False, None, None, None, None, first - local)
    after, hours, nearest = best
    clocks = {instant % 3600 for instant, _ in _reachable(summaries, wall)}
    return FirstTrace(
        written,
        False,
        hours,
        nearest,
        after,
        min(1.0, len(clocks) * (2 * abs(after) + 1) / 3600),
        first - local,
    )


def _reachable(
    summaries: Iterable[MessageSummary], wall: int
) -> Iterator[tuple[int, MessageSummary]]:
    """The messages, with their instants, that some zone brings near."""
    for one in summaries:
        if one.instant is not None and abs(one.instant - wall) <= _FARTHEST:
            yield one.instant, one


def _fits(summaries: Iterable[MessageSummary], wall: int) -> Iterator[_Fit]:
    for instant, one in _reachable(summaries, wall):
        yield from (_Fit(wall - 3600 * hours - instant, hours, one) for hours in ZONES)


def _distance(fit: _Fit) -> tuple[int, int, int]:
    """The nearest one is the best, then the westernmost zone, then the earlier
    message."""
    return abs(fit.after), fit.hours, -fit.after


def _local_instant(wall: int, time_zone: str) -> int:
    naive = datetime.fromtimestamp(wall, UTC).replace(tzinfo=ZoneInfo(time_zone))
    return int(naive.timestamp())
