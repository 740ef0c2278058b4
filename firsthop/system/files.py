"""Files that several folders hold."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def share(file: Path, other: Path) -> None:
    """Make a finished file reachable under another name too, which goes before what was
    called so: a link, or a copy where the file system has no links. Whoever shares a
    file writes to it no more."""
    other.unlink(missing_ok=True)
    try:
        os.link(file, other)
    except OSError:
        shutil.copyfile(file, other)
