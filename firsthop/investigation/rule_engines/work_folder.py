"""A folder in which an engine can work that does not run as the administrator.

Mail servers give up the rights of the administrator before they read mail. Where this
program has them, its folders may be closed to everybody else; then the engine works in
a temporary folder of an account that owns nothing.
"""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

OWNS_NOTHING = "nobody"


class Account(NamedTuple):
    """Whom an engine runs as."""

    user: int
    group: int


@contextmanager
def engine_folder(work: Path, user: str = OWNS_NOTHING) -> Iterator[tuple[Path, Account]]:
    """The folder to work in and whom it belongs to: `work` and this account, or a
    temporary one of `user` where this is the administrator's."""
    if os.geteuid() != 0:
        yield work, Account(os.geteuid(), os.getegid())
        return
    entry = pwd.getpwnam(user)
    with TemporaryDirectory(prefix="firsthop-") as folder:
        account = Account(entry.pw_uid, entry.pw_gid)
        shutil.chown(folder, account.user, account.group)
        yield Path(folder), account


def give(folder: Path, to: Account) -> None:
    """Makes a folder and all in it an account's own."""
    if os.geteuid() != 0:
        return
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, to.user, to.group)
