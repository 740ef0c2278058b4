"""A case folder: opened or made, filled, and sealed with an entry in its journal.

    with CaseFolder.open(path, run) as case:
        with case.manifest() as manifest, case.evidence() as evidence:
            ...manifest.add(raw), evidence.add(examination)...
            case.keep(...)      # from time to time
        case.write_text("bulletin.en.md", text)
        case.list_inputs(...)
        case.seal("investigate")

Promises:   nothing in the folder changes before `seal`; then each file takes its place
            at once (os.replace), the journal last. A run that fails or is interrupted
            leaves the folder as it was; from its last `keep` on, the next run of the
            same kind can go on (`checkpoint`). The same content again leaves the same
            bytes, and the journal gets no further entry. Files of the last entry that
            are not written again are removed; files the journal does not know are left
            alone (`verify` names them).
Raises:     CaseError for a folder that holds something else, a case whose journal is
            damaged, a case another run is writing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from firsthop.case.checkpoint import (
    START,
    Checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from firsthop.case.journal import (
    JOURNAL,
    Entry,
    FileDigest,
    Inputs,
    Replaced,
    digest,
    entry_line,
    is_name_within,
    new_entry,
    read_journal,
)
from firsthop.case.lines import Lines
from firsthop.case.manifest import MANIFEST, Input, Manifest, read_inputs
from firsthop.case.parquet.files import DATABASE, EvidenceFiles
from firsthop.case.sealing import SEALING, begin_seal, undo_half_seals
from firsthop.errors import CaseError, LeftoverError
from firsthop.system.files import share
from firsthop.system.lock import lock_folder, unlock

STAGING = ".staging-"
SUMMARIES = ".summaries.jsonl"


class CaseFolder:
    """A case folder that is being written. Make one with `open`, use it in a `with`."""

    def __init__(
        self, path: Path, entries: tuple[Entry, ...], lock: int | None, run: str = ""
    ) -> None:
        self.path = path
        self._entries = entries
        self._lock = lock
        self._run = run  # a digest of what is asked of the run
        self._staging, self.checkpoint = _staging(path, run)
        self._manifest: Manifest | None = None
        self._listed: Inputs | None = None
        self._evidence: EvidenceFiles | None = None
        self.unchanged = False  # the seal found nothing new

    @classmethod
    def open(cls, path: Path, run: str = "") -> CaseFolder:
        """Open a case folder, or make one; `run` says what is asked, and a run that
        asked the same and was killed is resumed. CaseError if not possible."""
        try:
            path.mkdir(parents=True, exist_ok=True)
            lock = lock_folder(path, "case")
            undo_half_seals(path, path.glob(f"{STAGING}*"))
            entries = _entries(path)
            return cls(path, entries, lock, _run_in(entries, run))
        except FileExistsError as error:
            raise CaseError(f"{path} is a file, not a folder") from error
        except OSError as error:
            raise CaseError(f"{path}: {error.strerror}") from error

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

    def staged_inputs(self) -> Iterator[Input]:
        """The lines of that manifest, in the order of reading."""
        return read_inputs(self.staged(MANIFEST))

    def list_inputs(self, inputs: Sequence[Input]) -> None:
        """What the manifest of the sealed case says, in the place of what this run has
        read."""
        skipped = sum(one.skipped for one in inputs)
        self._listed = Inputs(len(inputs) - skipped, skipped)
        with self.aside(MANIFEST).open("w", encoding="ascii", newline="\n") as file:
            file.writelines(f"{one.line}\n" for one in inputs)

    def sealed(self, name: str) -> Path:
        """A file of the sealed case, where what fills the new one can reach it.
        CaseError where it is no file of the case."""
        file, reachable = self.path / name, self.aside(f"sealed-{name.replace('/', '-')}")
        if file.is_symlink() or not file.is_file():
            raise CaseError(f"{self.path}: {name} is missing: `firsthop verify` says more")
        share(file, reachable)
        return reachable

    def summaries(self) -> Lines:
        """Lines that only a resumed run needs, to be filled in a `with`; they do
        not become part of the case."""
        return Lines(self._staging / SUMMARIES, self.checkpoint.summaries)

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
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging, self.checkpoint = _staging(self.path, self._run)

    def seal(self, action: str, time: str | None = None, replaced: Replaced | None = None) -> Entry:
        """Put everything in its place and note it in the journal; returns the journal's
        last entry. Where it would say nothing new, nothing is touched."""
        if self._listed is not None:
            self.aside(MANIFEST).replace(self.staged(MANIFEST))
        files = [_digest(self._staging, name) for name in _names(self._staging)]
        last = self._entries[-1] if self._entries else None
        entry = new_entry(last, action, self._inputs(files), files, time, replaced)
        if last is not None and last.says_the_same(entry):
            self.unchanged = True
            return last
        begin_seal(self._staging, (file.name for file in files))
        for file in files:
            (self.path / file.name).parent.mkdir(parents=True, exist_ok=True)
            (self._staging / file.name).replace(self.path / file.name)
        self._remove_stale({file.name for file in files})
        self._entries = (*self._entries, entry)
        self._write_journal()
        return entry

    @property
    def last(self) -> Entry | None:
        """The entry that the case was sealed with last; None for a new one."""
        return self._entries[-1] if self._entries else None

    @property
    def files(self) -> list[str]:
        """The names of the case's files as its last entry lists them, the journal
        included."""
        return (
            sorted([file.name for file in self._entries[-1].files] + [JOURNAL])
            if self._entries
            else []
        )

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

    def _remove_stale(self, written: set[str]) -> None:
        for file in self._entries[-1].files if self._entries else ():
            path = self.path / file.name
            if file.name not in written and path.parent.resolve().is_relative_to(
                self.path.resolve()
            ):
                path.unlink(missing_ok=True)

    def _write_journal(self) -> None:
        staged = self._staging / JOURNAL
        staged.write_bytes(b"".join(entry_line(entry).encode() + b"\n" for entry in self._entries))
        staged.replace(self.path / JOURNAL)

    def __enter__(self) -> CaseFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or (self.checkpoint == START and not (self._staging / SEALING).exists()):
            shutil.rmtree(self._staging, ignore_errors=True)
        unlock(self._lock)
        if kind is not None and not any(self.path.iterdir()):
            self.path.rmdir()


def kept_messages(path: Path) -> int:
    """How many messages a run that did not end has kept in a case folder."""
    return max(
        (
            point.messages
            for left in path.glob(f"{STAGING}*")
            if (point := read_checkpoint(left)) is not None
        ),
        default=0,
    )


def _entries(path: Path) -> tuple[Entry, ...]:
    """The entries of the case in the folder; none for an empty folder."""
    journal = path / JOURNAL
    if not os.path.lexists(journal):
        if any(not entry.name.startswith(STAGING) for entry in path.iterdir()):
            raise CaseError(f"{path} is not empty and holds no case: name another folder")
        return ()
    reading = read_journal(
        journal.read_bytes() if journal.is_file() and not journal.is_symlink() else b""
    )
    if reading.faults:
        raise CaseError(
            f"{path}: the journal of this case is damaged ({reading.faults[0]}): name "
            f"another folder, `firsthop verify` says more"
        )
    return reading.entries


def _run_in(entries: tuple[Entry, ...], run: str) -> str:
    """The same is asked only in a case that holds the same."""
    return digest(entry_line(entries[-1]) + run) if entries and run else run


def _staging(path: Path, run: str) -> tuple[Path, Checkpoint]:
    """The folder to write into: what a killed run of the same kind left, else a new
    one. What other runs left goes."""
    kept: tuple[Path, Checkpoint] | None = None
    for left in sorted(path.glob(f"{STAGING}*")):
        point = read_checkpoint(left, run) if run and not left.is_symlink() else None
        if point is not None and kept is None and _is_whole(left, point):
            kept = left, point
        else:
            shutil.rmtree(left, ignore_errors=True)
    return kept or (Path(tempfile.mkdtemp(prefix=STAGING, dir=path)), START)


def _is_whole(folder: Path, point: Checkpoint) -> bool:
    """Whether the files that a checkpoint counts are there, at least as long as it
    says."""
    lengths = {MANIFEST: point.manifest, SUMMARIES: point.summaries, DATABASE: 1}
    return all(
        (path := folder / name).is_file() and path.stat().st_size >= length
        for name, length in lengths.items()
    )


def _names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _digest(folder: Path, name: str) -> FileDigest:
    path = folder / name
    with path.open("rb") as file:
        return FileDigest(
            name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
        )
