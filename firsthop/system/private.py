"""What is written of mail is for its owner alone, whatever the umask of the operator.

The umask is one for the whole process: while something private is written, files that
another thread of the same program makes are private too. Windows has no such modes.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OWNER_ONLY = 0o077  # as umask: what group and others may not
FOLDER_MODE, FILE_MODE = 0o700, 0o600


class _Umask:
    """Set by the first who needs it, given back by the last, in whatever order they
    end."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._users, self._former = 0, 0

    def take(self) -> None:
        with self._guard:
            if self._users == 0:
                self._former = os.umask(OWNER_ONLY)
            self._users += 1

    def give_back(self) -> None:
        with self._guard:
            self._users -= 1
            if self._users == 0:
                os.umask(self._former)


_umask = _Umask()
begin_private, end_private = _umask.take, _umask.give_back


@contextmanager
def owner_only() -> Iterator[None]:
    """Whatever is made meanwhile, by whatever library, is for its owner alone."""
    begin_private()
    try:
        yield
    finally:
        end_private()


def tighten(path: Path) -> None:
    """Take the rights of group and others from a file or folder; follows no link. On a
    file system without modes, or with those of somebody else, it stays as it is."""
    with suppress(OSError):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & OWNER_ONLY:
            path.chmod(stat.S_IMODE(mode) & ~OWNER_ONLY)
