"""Files and folders whose content is on the disk when the call returns: a machine that
loses its power finds them whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from firsthop.system.private import FILE_MODE

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file for its owner alone, in the place of a former one at once."""
    unfinished = path.with_name(f"{path.name}.new")
    descriptor = os.open(unfinished, _NEW, FILE_MODE)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(unfinished, path)  # noqa: PTH105 - beside the calls above
    folder_to_disk(path.parent)


def to_disk(path: Path) -> None:
    """Bring the bytes of a file to the disk."""
    _fsync(path, os.O_RDWR | getattr(os, "O_BINARY", 0))


def folder_to_disk(folder: Path) -> None:
    """Bring the names in a folder to the disk; Windows has no such call."""
    if os.name != "nt":
        _fsync(folder, os.O_RDONLY)


def folders_to_disk(folders: Iterable[Path]) -> None:
    """The same for several, each once, the deepest first."""
    for folder in sorted(set(folders), key=lambda one: (-len(one.parts), one)):
        folder_to_disk(folder)


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
