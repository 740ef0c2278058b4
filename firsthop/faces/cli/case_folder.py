"""A case folder that a command reads: a seal that was cut short is finished first, so
that no command sees old and new files mixed."""

from __future__ import annotations

from pathlib import Path

from firsthop.case.sealing import finish_left_seals
from firsthop.faces.cli.failures import complain


def settled(case: Path) -> Path:
    """The folder as named. CaseError where its seal cannot be finished."""
    if finish_left_seals(case):
        complain(f"{case}: the seal of a run that was killed is finished now")
    return case
