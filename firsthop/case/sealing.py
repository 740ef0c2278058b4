"""The seal of a case: all its files change, or none.

    1. everything is written and brought to the disk in the folder of the run;
    2. a list of all that is to be moved and removed is put beside it: from here on the
       case is the new one, whatever happens;
    3. what the case no longer has is removed; the files are moved, the journal last;
    4. the list is removed.

Whoever is killed before 2 has changed nothing. What was cut short after it is finished
by the next command that opens the case (`finish_left_seals`), to the same bytes.

Form:       `.sealing.json` in the folder of the run: {"folder","before","journal",
            "files","removed"}: device and inode of that folder, the SHA-256 of the
            former journal, name, size and SHA-256 of each file.
Never:      believes a list that was made in another folder, or a name that leads out of
            the case.
Raises:     CaseError where a list cannot be followed, OSError where the disk fails.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from firsthop.case.checkpoint import CHECKPOINT, identity
from firsthop.case.file_digest import JOURNAL, FileDigest, is_name_within
from firsthop.case.working import remove_working, working_folders
from firsthop.errors import CaseError
from firsthop.system.durable import folder_to_disk, folders_to_disk, to_disk, write_durably
from firsthop.system.lock import lock_folder, unlock
from firsthop.system.private import FOLDER_MODE, owner_only, tighten

SEALING = ".sealing.json"


class Seal(NamedTuple):
    """What a seal moves into the case and removes from it."""

    before: str | None  # SHA-256 of the journal that was there
    journal: FileDigest
    files: tuple[FileDigest, ...]
    removed: tuple[str, ...]


def begin_seal(working: Path, seal: Seal) -> None:
    """Bring all that was written to the disk, then the list of it: once this returns
    the seal is as good as done."""
    names = [file.name for file in (*seal.files, seal.journal)]
    for name in names:
        tighten(working / name)
        to_disk(working / name)
    folders_to_disk(_folders(working, names))
    folder_to_disk(working.parent)
    told = {
        "folder": identity(working),
        "before": seal.before,
        "journal": seal.journal._asdict(),
        "files": [file._asdict() for file in seal.files],
        "removed": list(seal.removed),
    }
    write_durably(working / SEALING, json.dumps(told).encode("ascii"))


def is_begun(working: Path) -> bool:
    """Whether a seal was begun there that is not done."""
    return _read(working) is not None


def finish_seal(case: Path, working: Path) -> None:
    """Move and remove what the list says; from wherever it was cut short."""
    seal = _read(working)
    if seal is None:
        return
    moves = _moves(case, working, seal)
    for name in seal.removed:
        _remove(case, name)
    for name in moves:
        _make_parents(case, name)
        (working / name).replace(case / name)
    folders_to_disk(_folders(case, [*moves, *seal.removed]))
    if _digest(working / JOURNAL) is not None:
        (working / JOURNAL).replace(case / JOURNAL)
    folder_to_disk(case)
    for name in (CHECKPOINT, SEALING):  # nothing is left to resume
        (working / name).unlink(missing_ok=True)
    folder_to_disk(working)


def finish_under_lock(case: Path) -> bool:
    """Finish the seals that were cut short; whether there were any. The caller has the
    lock of the case."""
    begun = [working for working in working_folders(case) if is_begun(working)]
    for working in begun:
        with owner_only():
            finish_seal(case, working)
        remove_working(working)
    return bool(begun)


def finish_left_seals(case: Path) -> bool:
    """The same for a command that only reads the case. CaseError where that cannot be:
    another run is sealing it, or it may not be written."""
    if not case.is_dir() or not any(map(is_begun, working_folders(case))):
        return False
    lock = lock_folder(case, "case")
    try:
        return finish_under_lock(case)
    except OSError as error:
        raise CaseError(
            f"{case}: the seal of a run that was killed is not finished, and cannot be here "
            f"({error.strerror}): run `firsthop verify` where the case can be written"
        ) from error
    finally:
        unlock(lock)


def _moves(case: Path, working: Path, seal: Seal) -> list[str]:
    """The names that are still to be moved, once all are known to be as the list says.
    CaseError where one is not: nothing is moved then."""
    if _digest(case / JOURNAL) not in {seal.before, seal.journal.sha256}:
        raise _wrong(case, JOURNAL)
    if seal.journal.sha256 not in {_digest(working / JOURNAL), _digest(case / JOURNAL)}:
        raise _wrong(case, JOURNAL)
    moves = []
    for file in seal.files:
        if _leads_out(case, file.name):
            raise _wrong(case, file.name)
        if _digest(working / file.name) == file.sha256:
            moves.append(file.name)
        elif _digest(case / file.name) != file.sha256:
            raise _wrong(case, file.name)
    return moves


def _wrong(case: Path, name: str) -> CaseError:
    return CaseError(
        f"{case}: the seal of a run that was killed cannot be finished: {name} is neither the "
        f"former file nor the new one; restore it, or name another folder"
    )


def _remove(case: Path, name: str) -> None:
    if _leads_out(case, name):
        return
    if os.path.lexists(case / name) and not (case / name).is_dir():  # it may be one by now
        (case / name).unlink()
    for folder in list(Path(name).parents)[:-1]:
        with suppress(OSError):  # not there, or not empty
            (case / folder).rmdir()


def _make_parents(case: Path, name: str) -> None:
    for folder in reversed(list(Path(name).parents)[:-1]):
        if not (case / folder).is_dir():
            (case / folder).mkdir(mode=FOLDER_MODE)
            folder_to_disk((case / folder).parent)


def _leads_out(case: Path, name: str) -> bool:
    """Whether a folder on the way is a link."""
    return any((case / folder).is_symlink() for folder in Path(name).parents)


def _folders(top: Path, names: list[str]) -> set[Path]:
    """The folders that hold these names, with all above them up to `top`."""
    above = (top / folder for name in names for folder in Path(name).parents)
    return {folder for folder in above if folder.is_dir()}


def _digest(path: Path) -> str | None:
    """The SHA-256 of a regular file; None where there is none."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(working: Path) -> Seal | None:
    """The list in a folder; None where there is none that was made there."""
    try:
        told = json.loads((working / SEALING).read_text(encoding="ascii"))
        if told["folder"] != identity(working):
            return None
        seal = Seal(
            told["before"],
            FileDigest(**told["journal"]),
            tuple(FileDigest(**file) for file in told["files"]),
            tuple(told["removed"]),
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    names: list[Any] = [*(file.name for file in seal.files), *seal.removed]
    sound = all(type(name) is str and is_name_within(name) for name in names)
    return seal if sound and seal.journal.name == JOURNAL else None
