"""A folder of files that appears whole or not at all: the files are written beside it,
and the folder takes its place at once.

Never:      overwrites a folder that holds something, follows a link in its place, or
            lets the name of a file leave the folder.
Raises:     CaseError for a target that is not free, or cannot be written.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from firsthop.errors import CaseError


def demand_free(out: Path) -> None:
    """CaseError where a folder is there that holds something, or anything else."""
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise CaseError(f"{out} is not empty: name another folder")


def write_new_folder(
    out: Path, files: Mapping[str, bytes], before: Callable[[], None] = lambda: None
) -> None:
    """Writes files, by their paths below the folder `out`, which is new or empty;
    `before` is called when all is ready, before they take their place."""
    demand_free(out)
    parent = out.absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=parent))
    except OSError as error:
        raise CaseError(f"{out}: {error.strerror}") from error
    try:
        for name, data in files.items():
            path = staged / _inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        staged.chmod(0o755)
        demand_free(out)
        before()
        staged.replace(out)
    except OSError as error:
        raise CaseError(f"{out}: {error.strerror}") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise CaseError(f"{name!r} is no name of a file in a folder")
    return path
