"""Keeps in `__pycache__` what the program makes of its own files and tables, where that
takes long: for this Python, and for those files by their sizes and times, as Python
keeps a module (kept_file.py). Where nothing may be kept it is made in each process, and
then perhaps less of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

from firsthop.system.kept_file import keep_file, read_kept
from firsthop.system.kept_pieces import place_beside

PACKAGE = __file__.rpartition("system")[0]
_ENDS = (".py", ".toml")

Work = tuple[bytes, ...]


def once(
    module: str, folders: tuple[str, ...], make: Callable[[], Work], less: Callable[[], Work]
) -> Work:
    """What is made of the files in some folders of the package: as it is kept beside
    the bytecode of a module, or made now and kept; `less` where it cannot be kept."""
    files = tuple(file for folder in folders for file in _files(PACKAGE + folder))
    made_of, place = (sys.version, *files), place_beside(module)
    match read_kept(place):
        case (kept_of, tuple() as kept) if kept_of == made_of and _is_work(kept):
            return kept
    if not files or not _may_keep(place):  # in an archive there are no files
        return less()
    work = make()
    keep_file(place, (made_of, tuple(work)))
    return work


def _may_keep(place: str) -> bool:
    folder = os.path.dirname(place)  # noqa: PTH120 - as kept_file.py
    return not sys.dont_write_bytecode and (not os.path.isdir(folder) or os.access(folder, os.W_OK))  # noqa: PTH112


def _is_work(kept: tuple[object, ...]) -> bool:
    return bool(kept) and all(isinstance(part, bytes) for part in kept)


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    """The files of a folder and of those in it, with their sizes and times."""
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(_ENDS):
                file = os.stat(os.path.join(place, name))  # noqa: PTH116, PTH118 - as kept_file.py
                yield name, file.st_size, file.st_mtime_ns
