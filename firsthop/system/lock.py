"""A lock on a folder that one run alone may write to: a case, an archive."""

from __future__ import annotations

import os
from pathlib import Path

from firsthop.errors import CaseError


def lock_folder(folder: Path, holds: str) -> int | None:
    """A lock on the folder itself, as a descriptor: it leaves no file and ends with the
    process; None where the system has no locks.

    `holds` names in the error what another run is writing. Raises CaseError where
    another run has the lock."""
    try:
        import fcntl  # noqa: PLC0415 - Windows has none and goes without the lock
    except ImportError:
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise CaseError(f"{folder}: another run is writing this {holds}") from error
    except OSError:  # a file system without locks
        os.close(descriptor)
        return None
    return descriptor


def unlock(lock: int | None) -> None:
    """Gives the lock back, if there is one."""
    if lock is not None:
        os.close(lock)
