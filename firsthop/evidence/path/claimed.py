"""The part of a path that nobody vouches for, as pairs and lines to be tested: each
test is independent of the others."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.evidence.path.adjacency import Adjacency, meeting
from firsthop.evidence.path.path import Path, Step, Trust

TRANSFERS = ("smtp", "lmtp")
BROKEN = (Adjacency.APART, Adjacency.INSIDE_APART)  # the stronger mark first


def unbroken(path: Path) -> tuple[Step, ...]:
    """The steps from the newest down to the first broken joint: a claimed line whose
    writer has nothing in common with the client of the line above. What stands below it
    speaks for nobody. What a program fetched or handed on within a machine names no
    such client; below a hand-over from outside nothing is fetched."""
    for index, (upper, lower) in enumerate(zip(path.steps, path.steps[1:], strict=False)):
        joint = upper.hop.kind in TRANSFERS or (upper.hop.kind == "fetch" and path.outsider)
        if lower.trust is Trust.CLAIMED and joint and meeting(upper.hop, lower.hop) in BROKEN:
            return path.steps[: index + 1]
    return path.steps


def transfer_meetings(path: Path) -> Iterator[tuple[Step, Step, Adjacency]]:
    """The pairs of transfers between servers, and how their hosts meet."""
    for upper, lower in path.claimed_pairs:
        if upper.hop.kind in TRANSFERS and lower.hop.kind in TRANSFERS:
            yield upper, lower, meeting(upper.hop, lower.hop)


def seconds_between(upper: Step, lower: Step) -> int | None:
    """Seconds from the lower line's stamp to the upper one's; negative: the order of
    the times contradicts the order of the lines."""
    above, below = upper.hop.stamp, lower.hop.stamp
    if above is None or below is None or above.instant is None or below.instant is None:
        return None
    return above.instant - below.instant
