"""Notes in the journal of a case what a command did with it that leaves it as it is:
what was published, exported or packed, who checked it.

    with in_custody(case) as custody:
        ...make the files, beside the place that they are for...
        out = custody.went_out(folder, files, tlp="AMBER", scan="nothing found")
        custody.note("export", arguments_of(format="stix"), "1 file written", out=out)
        ...now let them take their place...

Promises:   nothing goes out that is not noted: the entry is on the disk before the
            files take their place. Who is killed in between has noted what did not
            happen, never the other way round. An entry is added as a seal is made
            (sealing.py): whole or not at all. While it is held no other command writes
            the case. A second entry that would say what the last one says, and has no
            time, is not written: the same commands leave the same bytes.
Raises:     CaseError where another run holds the case, the case is not as its journal
            says, or the journal cannot be written: nothing may go out then.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from firsthop.case.arguments import Arguments
from firsthop.case.event import Event, WentOut
from firsthop.case.file_digest import FileDigest, digest_of_file, digests_of
from firsthop.case.intact import demand_intact
from firsthop.case.journal import JOURNAL, digest, journal_text, new_event
from firsthop.case.sealing import Seal, begin_seal, finish_seal, finish_under_lock, is_begun
from firsthop.case.verify import read_journal_of
from firsthop.case.working import new_working_folder, remove_working
from firsthop.errors import CaseError
from firsthop.system.lock import lock_folder, unlock
from firsthop.system.private import owner_only


class Custody:
    """A case that is held still. Get one of `in_custody`."""

    def __init__(self, case: Path) -> None:
        self.case = case

    def note(
        self,
        action: str,
        arguments: Arguments,
        result: str,
        *,
        out: WentOut | None = None,
        time: str | None = None,
    ) -> Event:
        """Add an entry to the journal: the command `action`, its arguments
        (`arguments_of`), its `result` in a few words, what goes `out` by it, and the
        `time` that the operator asked to have noted. Gives the entry that says so."""
        try:
            with owner_only():
                return self._note(action, arguments, result, out, time)
        except OSError as error:
            raise CaseError(
                f"{self.case}: its journal cannot be written ({error.strerror}), and nothing is "
                f"done that it does not note"
            ) from error

    def went_out(
        self,
        place: Path,
        files: tuple[FileDigest, ...],
        *,
        tlp: str | None = None,
        scan: str | None = None,
    ) -> WentOut:
        """What goes to `place`: the folder of a set of files, or the one file. It is
        noted as it is seen from the case folder."""
        return WentOut(_seen_from(self.case, place), tlp, scan, tuple(sorted(files)))

    def _note(
        self,
        action: str,
        arguments: Arguments,
        result: str,
        out: WentOut | None,
        time: str | None,
    ) -> Event:
        reading = read_journal_of(self.case)
        if reading.faults:
            raise CaseError(f"{self.case}: {JOURNAL}: {reading.faults[0]}: nothing is added to it")
        last = reading.lines[-1]
        event = new_event(last, action, arguments, result, out, time)
        if isinstance(last, Event) and last.says_the_same(event):
            return last
        self._seal(journal_text(reading.lines), journal_text((*reading.lines, event)))
        return event

    def _seal(self, before: str, after: str) -> None:
        """Put a journal in the place of the former one."""
        working = new_working_folder(self.case)
        try:
            (working / JOURNAL).write_text(after, encoding="ascii", newline="\n")
            begin_seal(working, Seal(digest(before), digest_of_file(working, JOURNAL), (), ()))
            finish_seal(self.case, working)
        finally:
            if not is_begun(working):  # one that is begun is finished by the next command
                remove_working(working)


@contextmanager
def in_custody(case: Path, *, changed: bool = False) -> Iterator[Custody]:
    """Hold a case still, and note in its journal what is done with it; also one that
    was `changed`, where that is what is to be noted."""
    if not case.is_dir():
        raise CaseError(f"{case}: no such folder")
    if not os.path.lexists(case / JOURNAL):
        raise CaseError(f"{case} is no case: run `firsthop investigate` on its mail")
    lock = lock_folder(case, "case")
    try:
        finish_under_lock(case)
        if not changed:
            demand_intact(case, read_journal_of(case))
        yield Custody(case)
    finally:
        unlock(lock)


def note_going_out(
    case: Path,
    action: str,
    arguments: Arguments,
    place: Path,
    files: Mapping[str, bytes],
    *,
    tlp: str | None,
    scan: str | None,
    time: str | None = None,
) -> Event:
    """The same in one call, for a command that has its files in memory; to be called
    before they take their `place`, a folder:

    note_going_out(case, "export", arguments_of(format="stix"), folder, files,
                   tlp="AMBER", scan="nothing found", time=time)
    """
    with in_custody(case) as custody:
        out = custody.went_out(place, digests_of(files), tlp=tlp, scan=scan)
        return custody.note(action, arguments, "written", out=out, time=time)


def _seen_from(case: Path, place: Path) -> str:
    """A place relative to the case folder, with "/"; its name alone where it lies on
    another drive."""
    try:
        return Path(os.path.relpath(os.path.realpath(place), os.path.realpath(case))).as_posix()
    except ValueError:
        return place.name
