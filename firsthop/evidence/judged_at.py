"""The moment at which a message is judged: when it was handed over, not when its author
says he wrote it, and never now."""

from __future__ import annotations

from firsthop.evidence.path.path import Path
from firsthop.evidence.timestamp import Stamp


def judged_at(path: Path, date: Stamp | None) -> int | None:
    """The instant of the hand-over; with no boundary that of the newest Received line
    that tells one, then that of the Date field."""
    steps = (path.handover, *path.steps) if path.handover else path.steps
    stamps = [*(step.hop.stamp for step in steps), date]
    return next(
        (stamp.instant for stamp in stamps if stamp is not None and stamp.instant is not None), None
    )
