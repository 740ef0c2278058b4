"""Compares what went out of a case with what its journal says of it: the sets of files
that were published or exported, the packs.

Where a set is looked for: at the place that the journal noted, seen from the case
folder; or at a place that the operator names, where it is known again by its files.
Never:      changes anything, follows a link within a set, or opens what is no regular
            file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from firsthop.case.event import Event, WentOut
from firsthop.case.file_digest import FileDigest
from firsthop.case.verify import Problem, differing, names_in

UNKNOWN = "nothing that went out of this case, as far as its journal says"


class Checked(NamedTuple):
    """A set of files, or a pack, as it is now."""

    place: str  # as the journal noted it, or as the operator named it
    action: str | None  # that it went out by; None where the journal does not know it
    entry: int | None
    tlp: str | None
    found: bool
    problems: tuple[Problem, ...]


def check_all(case: Path, events: Iterable[Event]) -> list[Checked]:
    """Everything that went out, at the places that were noted; where several went to
    one place, the last of them."""
    last = {one.out.path: one for one in events if one.out is not None}
    return [
        _checked(event, place, Path(os.path.realpath(case)) / place)
        for place, event in sorted(last.items())
    ]


def check_one(events: Iterable[Event], place: Path) -> Checked:
    """The set or pack at a place, by the entry that it is nearest to."""
    if not os.path.lexists(place):
        return _unknown(place, "no such file or folder")
    told = [one for one in events if one.out is not None]
    event = max(told, key=lambda one: (_likeness(one, place), one.sequence), default=None)
    if event is None or _likeness(event, place) == (0, False):
        return _unknown(place, UNKNOWN)
    return _checked(event, str(place), place)


def _unknown(place: Path, why: str) -> Checked:
    return Checked(str(place), None, None, None, False, (Problem(place.name, why),))


def _checked(event: Event, shown: str, place: Path) -> Checked:
    out = event.out
    assert out is not None  # noqa: S101 - both callers have looked
    problems = _problems(out, place)
    return Checked(
        shown, event.action, event.sequence, out.tlp, problems is not None, tuple(problems or ())
    )


def _problems(out: WentOut, place: Path) -> list[Problem] | None:
    """What differs; None where nothing is there."""
    if place.is_dir():
        known = {file.name for file in out.files}
        more = [
            Problem(name, "added: it did not go out")
            for name in names_in(place)
            if name not in known
        ]
        return sorted(differing(place, out.files) + more)
    if not os.path.lexists(place):
        return None
    return differing(place.parent, [file._replace(name=place.name) for file in out.files[:1]])


def _likeness(event: Event, place: Path) -> tuple[int, bool]:
    """How many files are the very ones that went out, and whether the name is."""
    files: tuple[FileDigest, ...] = event.out.files if event.out else ()
    noted = Path(event.out.path).name if event.out else ""
    if place.is_dir():
        return len(files) - len(differing(place, files)), noted == place.name
    if len(files) != 1:
        return 0, False
    same = not differing(place.parent, [files[0]._replace(name=place.name)])
    return int(same), noted == place.name
