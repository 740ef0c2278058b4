"""A case folder: opened or made, filled, and sealed with an entry in its journal.

    with CaseFolder.open(path, run) as case:
        with case.manifest() as manifest, case.evidence() as evidence:
            ...manifest.add(raw), evidence.add(examination)...
            case.keep(...)      # from time to time
        case.write_text("bulletin.en.md", text)
        case.list_inputs(...)
        case.seal("investigate")

Promises:   nothing in the folder changes before `seal`, and then all of it does
            (sealing.py). A run that fails or is interrupted leaves the folder as it
            was; from its last `keep` on, the next run of the same kind can go on
            (`checkpoint`). The same content again leaves the same bytes, and the
            journal gets no further entry. Files of the last entry that are not written
            again are removed; files the journal does not know are left alone (`verify`
            names them). All is readable by its owner only, whatever the umask; a case
            that was more open is tightened.
Raises:     CaseError for a folder that holds something else, a case that is not as its
            journal says, a case another run is writing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from firsthop.case.arguments import Arguments
from firsthop.case.checkpoint import START, Checkpoint, write_checkpoint
from firsthop.case.event import Event
from firsthop.case.file_digest import FileDigest, digest_of_file, is_name_within
from firsthop.case.intact import demand_intact
from firsthop.case.journal import (
    JOURNAL,
    Entry,
    Inputs,
    Replaced,
    digest,
    entry_line,
    journal_text,
    new_entry,
)
from firsthop.case.lines import NumberedLines
from firsthop.case.manifest import MANIFEST, Input, Listed, Manifest, read_inputs
from firsthop.case.parquet.files import EvidenceFiles
from firsthop.case.sealing import Seal, begin_seal, finish_seal, finish_under_lock, is_begun
from firsthop.case.verify import read_journal_of
from firsthop.case.working import STAGING, SUMMARIES, remove_working, working_folder
from firsthop.errors import CaseError, LeftoverError
from firsthop.system.files import share
from firsthop.system.lock import lock_folder, unlock
from firsthop.system.private import FOLDER_MODE, begin_private, end_private, tighten


class CaseFolder:
    """A case folder that is being written. Make one with `open`, use it in a `with`."""

    def __init__(self, path: Path, lock: int | None, run: str = "") -> None:
        self.path = path
        finish_under_lock(path)
        self._lines = _lines(path)
        _tighten(path, self.files)
        self._lock = lock
        self._run = _run_in(self.last, run)  # a digest of what is asked of the run
        self._made: list[Path] = []  # folders that were not there
        self._staging, self.checkpoint = working_folder(path, self._run)
        self._manifest: Manifest | None = None
        self._listed: Inputs | None = None
        self._evidence: EvidenceFiles | None = None
        self.unchanged = False  # the seal found nothing new

    @classmethod
    def open(cls, path: Path, run: str = "") -> CaseFolder:
        """Open a case folder, or make one; `run` says what is asked, and a run that
        asked the same and was killed is resumed. CaseError if not possible."""
        made, lock = _missing(path), None
        begin_private()
        try:
            path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            lock = lock_folder(path, "case")
            case = cls(path, lock, run)
            case._made = made
        except BaseException as error:
            end_private()
            unlock(lock)
            _remove_empty(made)
            if isinstance(error, FileExistsError | NotADirectoryError):
                raise CaseError(f"{path} is a file, not a folder") from error
            if isinstance(error, OSError):
                raise CaseError(f"{path}: {error.strerror}") from error
            raise
        return case

    def write_text(self, name: str, text: str) -> None:
        """Write a text file in UTF-8 with the line endings it has."""
        self.write_bytes(name, text.encode("utf-8"))

    def write_bytes(self, name: str, data: bytes) -> None:
        """Write a file."""
        self.staged(name).write_bytes(data)

    def write_pieces(self, name: str, pieces: Iterable[str]) -> None:
        """Write a text file piece by piece, as they come."""
        with self.staged(name).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)

    def new_subfolder(self, name: str) -> Path:
        """An empty folder of the case that its owner fills; what lies in it at the seal
        belongs to the case."""
        path = self.staged(f"{name}/x").parent
        shutil.rmtree(path)
        path.mkdir()
        return path

    def manifest(self) -> Manifest:
        """The manifest of the inputs of this run, to be filled in a `with`."""
        self._manifest = Manifest(self.staged(MANIFEST), self.checkpoint.manifest)
        return self._manifest

    def staged_inputs(self) -> Listed:
        """The lines of that manifest, in the order of reading."""
        return Listed(self.staged(MANIFEST))

    def list_inputs(self, inputs: Iterable[Input]) -> Inputs:
        """What the manifest of the sealed case says, in the place of what this run has
        read; gives how many they are."""
        messages = skipped = 0
        with self.aside(MANIFEST).open("w", encoding="ascii", newline="\n") as file:
            for one in inputs:
                messages, skipped = messages + (not one.skipped), skipped + one.skipped
                file.write(f"{one.line}\n")
        self._listed = Inputs(messages, skipped)
        return self._listed

    def listed_inputs(self) -> Iterator[Input]:
        """What `list_inputs` was told, in its order."""
        return read_inputs(self.aside(MANIFEST))

    def sealed(self, name: str) -> Path:
        """A file of the sealed case, where what fills the new one can reach it.
        CaseError where it is no file of the case."""
        file, reachable = self.path / name, self.aside(f"sealed-{name.replace('/', '-')}")
        if file.is_symlink() or not file.is_file():
            raise CaseError(f"{self.path}: {name} is missing: `firsthop verify` says more")
        share(file, reachable)
        return reachable

    def summaries(self) -> NumberedLines:
        """The summaries' lines, to be filled in a `with`: a resumed run goes on from
        them."""
        return NumberedLines(self._staging / SUMMARIES, self.checkpoint.summaries)

    def aside(self, name: str) -> Path:
        """A file that only a resumed run needs."""
        return self._staging / f".{name}"

    def evidence(self) -> EvidenceFiles:
        """The Parquet files, to be filled in a `with`. LeftoverError where what a
        killed run left of them is damaged."""
        try:
            self._evidence = EvidenceFiles(self._staging, self.checkpoint.messages)
        except CaseError as error:
            raise error if self.checkpoint == START else LeftoverError(str(error)) from error
        return self._evidence

    def keep(self, point: Checkpoint) -> None:
        """Everything up to here is on the disk: the next run may go on from it."""
        self.checkpoint = point
        write_checkpoint(self._staging, self._run, point)

    def start_anew(self) -> None:
        """Give up what an earlier run left."""
        remove_working(self._staging)
        self._staging, self.checkpoint = working_folder(self.path, self._run)

    def seal(
        self,
        action: str,
        time: str | None = None,
        replaced: Replaced | None = None,
        arguments: Arguments = (),
    ) -> Entry:
        """Put everything in its place and note it in the journal; returns the journal's
        last entry. Where it would say nothing new, nothing is touched."""
        if self._listed is not None:
            self.aside(MANIFEST).replace(self.staged(MANIFEST))
        files = [digest_of_file(self._staging, name) for name in _names(self._staging)]
        last, before = self.last, self._lines[-1] if self._lines else None
        entry = new_entry(before, action, self._inputs(files), files, time, replaced, arguments)
        if last is not None and last.says_the_same(entry):
            self.unchanged = True
            return last
        former = {file.name for file in last.files} if last else set()
        written = {file.name for file in files}
        _demand_free(self.path, written - former)
        journal = self._write_journal(entry)
        former_journal = digest(journal_text(self._lines)) if last else None
        seal = Seal(former_journal, journal, tuple(files), tuple(sorted(former - written)))
        begin_seal(self._staging, seal)
        finish_seal(self.path, self._staging)
        self._lines = (*self._lines, entry)
        return entry

    @property
    def last(self) -> Entry | None:
        """The entry that the case was sealed with last; None for a new one."""
        entries = (one for one in reversed(self._lines) if isinstance(one, Entry))
        return next(entries, None)

    @property
    def files(self) -> list[str]:
        """The names of the case's files as its last entry lists them, the journal
        included."""
        return sorted([file.name for file in self.last.files] + [JOURNAL]) if self.last else []

    def staged(self, name: str) -> Path:
        """Where a file of the case is written until the seal."""
        if not is_name_within(name):
            raise ValueError(f"{name!r} is no name for a file of a case")
        path = self._staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _inputs(self, files: list[FileDigest]) -> Inputs:
        manifest = next((file.sha256 for file in files if file.name == MANIFEST), None)
        if self._listed is not None:
            return self._listed._replace(manifest=manifest)
        return Inputs(
            self._manifest.messages if self._manifest else 0,
            self._manifest.skipped if self._manifest else 0,
            manifest,
        )

    def _write_journal(self, entry: Entry) -> FileDigest:
        (self._staging / JOURNAL).write_text(
            journal_text((*self._lines, entry)), encoding="ascii", newline="\n"
        )
        return digest_of_file(self._staging, JOURNAL)

    def __enter__(self) -> CaseFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._leave(kept=kind is not None and self.checkpoint != START)
        finally:
            unlock(self._lock)
            end_private()
        if kind is not None:
            _remove_empty([*self._made, self.path])

    def _leave(self, *, kept: bool) -> None:
        """Finish a seal that was begun; what a later run cannot resume goes."""
        if is_begun(self._staging):
            with suppress(OSError, CaseError):  # the next command tries again
                finish_seal(self.path, self._staging)
                remove_working(self._staging)
        elif not kept:
            remove_working(self._staging)


def _lines(path: Path) -> tuple[Entry | Event, ...]:
    """The journal of the case in the folder; none for an empty folder."""
    if not os.path.lexists(path / JOURNAL):
        if any(not entry.name.startswith(STAGING) for entry in path.iterdir()):
            raise CaseError(f"{path} is not empty and holds no case: name another folder")
        return ()
    reading = read_journal_of(path)
    demand_intact(path, reading)
    return reading.lines


def _run_in(last: Entry | None, run: str) -> str:
    """The same is asked only in a case that holds the same; what went out of it
    meanwhile is nothing to that."""
    return digest(entry_line(last) + run) if last and run else run


def _demand_free(case: Path, names: set[str]) -> None:
    """CaseError where a file of somebody else has the place of one that comes new."""
    for name in sorted(names):
        if os.path.lexists(case / name):
            raise CaseError(f"{case / name} is not of this case: move it away")


def _tighten(case: Path, names: list[str]) -> None:
    """Take the rights of others from a case as an earlier version, or another program,
    has left it."""
    folders = {case / folder for name in names for folder in Path(name).parents}
    for one in (case, *sorted(folders), *(case / name for name in names)):
        tighten(one)


def _missing(path: Path) -> list[Path]:
    """The folders that are made with this one, the deepest first."""
    return [one for one in (path, *path.parents) if not os.path.lexists(one)]


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # not there, or not empty
            folder.rmdir()


def _names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path != folder / JOURNAL
    )
