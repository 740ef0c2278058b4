"""Writes a pack: a zip archive (APPNOTE 6.3) that any system opens, the same bytes for
the same files: the order as given, one date, one mode, nothing compressed, since two
versions of a compressor give two archives.

Promises:   the archive is there whole or not at all, and for its owner alone; what
            stands at its place is never written over. A file that is no longer the one
            that was listed stops it. Needs the memory of one chunk.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

from firsthop.case.file_digest import FileDigest
from firsthop.case.originals import open_regular
from firsthop.errors import CaseError
from firsthop.system.durable import folder_to_disk
from firsthop.system.private import FILE_MODE

TOP = "evidence-pack"  # the folder that everything lies in
CHUNK = 1 << 20
_OPEN_FILES = Path("/proc/self/fd")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that the format has


class Member(NamedTuple):
    """A file of a pack, and where its bytes are."""

    file: FileDigest
    content: str | bytes  # a path, or the bytes themselves


def write_pack(out: Path, members: Iterable[Member], note: Callable[[FileDigest], None]) -> None:
    """Write the members to a file that takes its place once `note` has returned."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with _unfinished(out) as file:
        _fill(file, members)
        file.flush()
        os.fsync(file.fileno())
        note(_digest(file, out.name))
        _put(file, out)
    folder_to_disk(out.parent)


def _fill(file: IO[bytes], members: Iterable[Member]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            info = zipfile.ZipInfo(f"{TOP}/{member.file.name}", _EPOCH)
            info.create_system, info.external_attr = 3, (0o100000 | FILE_MODE) << 16
            info.file_size = member.file.size
            with archive.open(info, "w") as target:
                _copy(member, target)


def _copy(member: Member, target: IO[bytes]) -> None:
    """Copy the bytes. CaseError where they are not what was listed."""
    if isinstance(member.content, bytes):
        target.write(member.content)
        return
    source, digest = open_regular(member.content), hashlib.sha256()
    with source or BytesIO() as opened:
        left = member.file.size + 1  # one that grows is found, and not followed
        while left > 0 and (chunk := opened.read(min(CHUNK, left))):
            digest.update(chunk)
            target.write(chunk)
            left -= len(chunk)
    if digest.hexdigest() != member.file.sha256:
        raise CaseError(f"{member.content}: no longer the file that was given: nothing is packed")


def _digest(file: IO[bytes], name: str) -> FileDigest:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return FileDigest(name, file.tell(), digest.hexdigest())


@contextmanager
def _unfinished(out: Path) -> Iterator[IO[bytes]]:
    """A file in the folder of the pack, for its owner alone."""
    nameless = _nameless(out.parent)
    if nameless is not None:
        with os.fdopen(nameless, "w+b") as file:
            yield file
        return
    descriptor, name = tempfile.mkstemp(prefix=f".{out.name}-", suffix=".part", dir=out.parent)
    os.close(descriptor)
    try:
        with Path(name).open("w+b") as file:
            yield file
    finally:
        Path(name).unlink(missing_ok=True)


def _nameless(folder: Path) -> int | None:
    """A file without a name, where the system has such: nothing is left of it when the
    program is killed."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not _OPEN_FILES.is_dir():
        return None
    try:
        return os.open(folder, flag | os.O_RDWR, FILE_MODE)
    except OSError:  # this file system has none
        return None


def _put(file: IO[bytes], out: Path) -> None:
    """Give the file its name. CaseError where another has it."""
    try:
        if isinstance(file.name, str):
            _link(Path(file.name), out)
        else:  # by a descriptor, so that what the name in /proc stands for is meant
            os.link(
                _OPEN_FILES / str(file.fileno()),
                out,
                src_dir_fd=file.fileno(),
                follow_symlinks=True,
            )
    except FileExistsError as error:
        raise CaseError(f"{out} is there already: name another file") from error


def _link(named: Path, out: Path) -> None:
    try:
        os.link(named, out)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(out):
            raise FileExistsError from None
        named.rename(out)
