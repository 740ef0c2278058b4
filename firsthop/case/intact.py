"""A case is added to only where it is as its journal says: what was changed by hand
would become part of what is sealed.

Never:      minds files beside the case's own that no journal knows and nothing reads (a
            note, what a file manager leaves); `verify` names them.
Raises:     CaseError that names what differs, the first few of many.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from firsthop.case.journal import JOURNAL, Reading
from firsthop.case.verify import Problem, added, changed
from firsthop.errors import CaseError

NAMED = 3  # so many of the files that differ


def demand_intact(case: Path, reading: Reading) -> None:
    """CaseError where the journal or a file of its last entry is not as it was written,
    or where a file came to the case's own folders."""
    problems = [Problem(JOURNAL, fault) for fault in reading.faults]
    if reading.entries:
        last = reading.entries[-1]
        problems += changed(case, last)
        problems += [one for one in added(case, last) if _is_read(one.file, last.folders)]
    if problems:
        raise CaseError(
            f"{case} is not as its journal says: {told_problems(sorted(problems))}: nothing is "
            f"added to it; restore it, or name another folder (`firsthop verify` names all)"
        )


def told_problems(problems: Sequence[Problem]) -> str:
    """The first of some problems, and how many more there are."""
    named = "; ".join(f"{one.file} ({one.explanation})" for one in problems[:NAMED])
    more = len(problems) - NAMED
    return f"{named}{f'; and {more} more' if more > 0 else ''}"


def _is_read(name: str, folders: set[str]) -> bool:
    """Whether a file lies where those of the case lie, in sight."""
    path = PurePosixPath(name)
    return path.parts[0] in folders and not path.name.startswith(".")
