"""How far a run has come, so that the next one can go on where it was killed:
`.checkpoint.json` in the folder that the run writes into.

Form:       {"run","folder","messages","archived","manifest","summaries"}: what was
            asked of the run, as a digest; device and inode of the folder; how far it
            came.
Never:      counts in another folder than the one it was made in: a case that came from
            elsewhere brings databases that this program would open. A checkpoint of
            another run, another version or another form is none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from firsthop.system.durable import write_durably

CHECKPOINT = ".checkpoint.json"


class Checkpoint(NamedTuple):
    """One point up to which everything is on the disk."""

    messages: int = 0  # examined
    archived: int = 0  # in the archive: of several with the same bytes one
    manifest: int = 0  # bytes of inputs.jsonl
    summaries: int = 0  # bytes of the summaries' lines


START = Checkpoint()


def write_checkpoint(folder: Path, run: str, point: Checkpoint) -> None:
    """Keep a checkpoint in the place of the former one, at once."""
    told = json.dumps({"run": run, "folder": identity(folder), **point._asdict()})
    write_durably(folder / CHECKPOINT, told.encode("ascii"))


def read_checkpoint(folder: Path, run: str | None = None) -> Checkpoint | None:
    """The checkpoint in a folder; None where there is none, or none of this run where
    one is named."""
    try:
        told = json.loads((folder / CHECKPOINT).read_text(encoding="ascii"))
        point = Checkpoint(**{name: told[name] for name in Checkpoint._fields})
        made_by, made_in = told["run"], told["folder"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    sound = all(type(number) is int and number >= 0 for number in point)
    return point if sound and run in (None, made_by) and made_in == identity(folder) else None


def identity(folder: Path) -> list[int]:
    """Device and inode: what nobody can foresee who sends a folder."""
    status = folder.stat()
    return [status.st_dev, status.st_ino]
