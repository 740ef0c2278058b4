"""The folder that a run works in, `.staging-…` in the case: what was killed there is
found by the next run and by `verify`.

Form:       `.run.json`: {"folder"}, device and inode of the folder; beside it what the
            run has written so far, its checkpoint, and the list of its seal.
Never:      takes a folder of that name for one of this program where it is not the very
            folder that was made here: a case that came from elsewhere has none.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from firsthop.case.checkpoint import START, Checkpoint, identity, read_checkpoint
from firsthop.case.manifest import MANIFEST
from firsthop.system.durable import write_durably

STAGING = ".staging-"
SUMMARIES = ".summaries.jsonl"
MARK = ".run.json"
TAKEN = ".evidence.taken"  # the facts, before they become Parquet


def working_folders(case: Path) -> Iterator[Path]:
    """The folders of that name, in order; no link."""
    return (
        path for path in sorted(case.glob(f"{STAGING}*")) if path.is_dir() and not path.is_symlink()
    )


def working_folder(case: Path, run: str) -> tuple[Path, Checkpoint]:
    """The folder to write into: what a killed run of the same kind left, else a new
    one. What other runs left goes."""
    kept: tuple[Path, Checkpoint] | None = None
    for left in sorted(case.glob(f"{STAGING}*")):
        point = read_checkpoint(left, run) if run and not left.is_symlink() else None
        if point is not None and kept is None and _is_whole(left, point):
            kept = left, point
        else:
            remove_working(left)
    return kept or (new_working_folder(case), START)


def remove_working(folder: Path) -> None:
    """Remove such a folder, its mark last, so that it is known for what it is until it
    is gone; of a link the link alone."""
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != MARK:
            entry.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def left_by_runs(case: Path) -> dict[str, int]:
    """The names of the folders in which a run has not ended (or is at work), each with
    the messages that are kept in it."""
    return {
        left.name: point.messages if (point := read_checkpoint(left)) is not None else 0
        for left in working_folders(case)
        if _is_ours(left)
    }


def kept_messages(case: Path) -> int:
    """How many messages a run that did not end has kept in a case folder."""
    return max(left_by_runs(case).values(), default=0)


def new_working_folder(case: Path) -> Path:
    """A folder of this run's own, beside what others left."""
    folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=case))
    write_durably(folder / MARK, json.dumps({"folder": identity(folder)}).encode("ascii"))
    return folder


def _is_ours(folder: Path) -> bool:
    """Whether it was made here; also one that was killed before it had its mark, which
    is empty."""
    try:
        told = json.loads((folder / MARK).read_text(encoding="ascii"))
        return bool(told["folder"] == identity(folder))
    except FileNotFoundError:
        return {path.name for path in folder.iterdir()} <= {f"{MARK}.new"}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return False


def _is_whole(folder: Path, point: Checkpoint) -> bool:
    """Whether the files that a checkpoint counts are there, at least as long as it
    says."""
    lengths = {MANIFEST: point.manifest, SUMMARIES: point.summaries, TAKEN: 1}
    return all(
        (path := folder / name).is_file() and path.stat().st_size >= length
        for name, length in lengths.items()
    )
