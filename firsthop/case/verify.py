"""Compares a case folder with its journal: every changed, missing or added file is a
Problem that names it, the journal included.

Never:      changes anything, follows a link, or opens a file that lies outside the
            folder.
Raises:     CaseError only where there is no folder to look at.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from firsthop.case.file_digest import FileDigest
from firsthop.case.journal import (
    JOURNAL,
    Entry,
    Reading,
    digest,
    entry_line,
    read_journal,
)
from firsthop.case.secret import KEY_FILE
from firsthop.case.working import left_by_runs
from firsthop.errors import CaseError


class Problem(NamedTuple):
    """One difference between a case folder and its journal."""

    file: str  # relative to the case folder
    explanation: str


class Standing(NamedTuple):
    """What a verified case shows for itself when nothing differs."""

    files: int
    entries: int
    last_digest: str  # SHA-256 of the journal's last line: the value to keep elsewhere


def verify(case: Path) -> list[Problem]:
    """Every difference, sorted by file; an empty list means that the folder is as its
    journal says."""
    reading = read_journal_of(case)
    problems = [Problem(JOURNAL, fault) for fault in reading.faults]
    if reading.entries:
        problems += changed(case, reading.entries[-1])
        problems += added(case, reading.entries[-1])
    return sorted(problems)


def changed(case: Path, last: Entry) -> list[Problem]:
    """The files of an entry that are not as it says."""
    return differing(case, last.files)


def differing(folder: Path, files: Iterable[FileDigest]) -> list[Problem]:
    """The files of a folder that are not as they were recorded."""
    compared = (_compare(folder, file) for file in files)
    return [problem for problem in compared if problem is not None]


def added(case: Path, last: Entry) -> list[Problem]:
    """The files that an entry does not know; what a run that has not ended works with
    is none of the case."""
    known = {JOURNAL, KEY_FILE, *(file.name for file in last.files)}
    at_work = left_by_runs(case)
    return [
        Problem(name, "added: the journal does not know it")
        for name in names_in(case)
        if name not in known and name.partition("/")[0] not in at_work
    ]


def standing(case: Path) -> Standing:
    """How many files and entries vouch for a case, and its last digest. Ask it of a
    case that `verify` found whole."""
    reading = read_journal_of(case)
    last = reading.lines[-1]
    return Standing(len(reading.entries[-1].files), last.sequence, digest(entry_line(last)))


def read_journal_of(case: Path) -> Reading:
    """The journal of a case folder. CaseError where there is no folder."""
    if not case.is_dir():
        raise CaseError(f"{case}: no such folder")
    journal = case / JOURNAL
    if journal.is_symlink() or not journal.is_file():
        return Reading((), ("missing: without its journal a folder is no case",))
    return read_journal(journal.read_bytes())


def names_in(case: Path) -> Iterator[str]:
    """Everything below the folder that is no folder, and every empty folder."""
    for folder, folders, files in os.walk(case):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        if not folders and not files and here != case:
            yield f"{here.relative_to(case).as_posix()}/"
        yield from ((here / name).relative_to(case).as_posix() for name in [*files, *links])


def _compare(case: Path, recorded: FileDigest) -> Problem | None:
    path = case / recorded.name
    if not os.path.lexists(path):
        return Problem(recorded.name, "missing")
    if not path.resolve().is_relative_to(case.resolve()) or path.is_symlink() or not path.is_file():
        return Problem(recorded.name, "changed: no longer a regular file of this folder")
    if path.stat().st_size != recorded.size:
        return Problem(
            recorded.name, f"changed: {path.stat().st_size} bytes, the journal says {recorded.size}"
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return (
        None
        if digest == recorded.sha256
        else Problem(recorded.name, "changed: its SHA-256 is not the one in the journal")
    )
