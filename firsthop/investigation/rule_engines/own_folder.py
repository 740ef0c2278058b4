"""The folder in which an engine keeps its configuration and its socket."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwnam

from firsthop.errors import EngineError


@contextmanager
def own_folder(user: str) -> Iterator[Path]:
    """A folder that goes away with the `with`. Its path is short, for that of a socket
    may have 107 octets; where this process is root it belongs to `user`, whom the
    engine runs as."""
    with tempfile.TemporaryDirectory(prefix="firsthop-") as name:
        if is_root():
            try:
                entry = getpwnam(user)
            except KeyError:
                raise EngineError(f"there is no user {user} to run the engine as") from None
            os.chown(name, entry.pw_uid, entry.pw_gid)
        yield Path(name)


def is_root() -> bool:
    """Whether this process is root."""
    return os.geteuid() == 0
