"""The moment at which a message is judged: when it was handed over, not when its author
says he wrote it, and never now."""

from __future__ import annotations

from firsthop.evidence.path.path import Path
from firsthop.evidence.timestamp import Stamp


def judged_at(path: Path, date: Stamp | None) -> int | None:
    """The instant of the hand-over; with no boundary that of the newest Received line
    that tells one, then that of the Date field."""
    steps = (path.handover, *path.steps) if path.handover else path.steps
    for step in steps:
        stamp = step.hop.stamp
        if stamp is not None and stamp.instant is not None:
            return stamp.instant
    return None if date is None else date.instant
