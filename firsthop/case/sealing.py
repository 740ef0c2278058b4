"""A seal moves files one by one into the case. One that was cut short is undone by the
next run: what it brought and no journal knows is removed.

Form:       `.sealing.json` in the folder that the run writes into: {"folder","files"},
            device and inode of that folder, and the names that are being moved.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from firsthop.case.checkpoint import identity
from firsthop.case.journal import JOURNAL, is_name_within, read_journal

SEALING = ".sealing.json"


def begin_seal(staging: Path, names: Iterable[str]) -> None:
    """Note what is about to be moved."""
    (staging / SEALING).write_text(
        json.dumps({"folder": identity(staging), "files": list(names)}), encoding="ascii"
    )


def undo_half_seals(path: Path, stagings: Iterable[Path]) -> None:
    """Remove what seals that were cut short brought into the case, and their folders. A
    seal whose journal was written is whole, and nothing goes."""
    for staging in stagings:
        names = _names(staging)
        if names is None:
            continue
        for name in names - _known(path):
            (path / name).unlink(missing_ok=True)
            for folder in list((path / name).relative_to(path).parents)[:-1]:
                with suppress(OSError):  # not there, or not empty
                    (path / folder).rmdir()
        shutil.rmtree(staging, ignore_errors=True)


def _names(staging: Path) -> set[str] | None:
    """The names of a seal that was begun in that very folder; None where there was
    none."""
    try:
        told = json.loads((staging / SEALING).read_text(encoding="ascii"))
        return (
            {name for name in told["files"] if is_name_within(name)}
            if told["folder"] == identity(staging)
            else None
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _known(path: Path) -> set[str]:
    """The files that the case's last entry lists; none without a journal."""
    journal = path / JOURNAL
    entries = (
        read_journal(journal.read_bytes()).entries
        if journal.is_file() and not journal.is_symlink()
        else ()
    )
    return {file.name for file in entries[-1].files} if entries else set()
