"""Walk what the operator names: files as they are, folders in the order of their names,
each file opened read-only.

Only regular files are opened. A pipe, a device, a dangling link, a link out of the
folder, a folder that may not be read: each is told as Skipped. A link to something
inside the folder is passed over: what it points to is read under its own name. A
Maildir is a folder with `cur`, `new` and `tmp` (https://cr.yp.to/proto/maildir.html).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from firsthop.mail.buffer import CHUNK_BYTES, Buffer, FileBuffer, change_of
from firsthop.mail.sources.maildir import MAILDIR_FOLDERS, is_control_file, is_maildir
from firsthop.mail.sources.raw import Skipped
from firsthop.system.named_tuple import NamedTuple


class Found(NamedTuple):
    """A file to read."""

    path: str
    maildir: str | None = None  # cur, new or tmp, for a message of a Maildir


def walk(path: Path | str) -> Iterator[Found | Skipped]:
    """The files at `path`, or below it when it is a folder."""
    name = os.fspath(path)
    try:
        mode = os.stat(name).st_mode
    except OSError as fault:
        yield Skipped(printable(name), _reason(fault))
        return
    if stat.S_ISDIR(mode):
        yield from _walk_folder(name)
    elif stat.S_ISREG(mode):
        yield Found(name, _folder_of_maildir(name))
    else:
        yield Skipped(printable(name), f"{_kind(mode)}: not opened (use - for standard input)")


def open_buffer(path: str) -> Iterator[Buffer | Skipped]:
    """The bytes of the file at `path`, as long as they are asked for, then whether it
    was changed meanwhile; what else it turns out to be is told. Opening never waits for
    a pipe's other end."""
    try:
        descriptor = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                yield Skipped(printable(path), f"{_kind(before.st_mode)}: not read")
                return
            data = (
                FileBuffer(file) if before.st_size > CHUNK_BYTES else file.read(before.st_size + 1)
            )
            yield data
            change = data.change() if isinstance(data, FileBuffer) else None
            if change or (change := change_of(before, os.fstat(descriptor))):
                yield Skipped(
                    printable(path), f"changed while it was read: {change}; what was read is kept"
                )
    except (OSError, ValueError) as fault:
        yield Skipped(printable(path), _reason(fault))


def read_beside(path: str, name: str, most: int) -> bytes | None:
    """The bytes, `most` at most and one more, of the file called `name` in the folder
    of the file `path`, or in the folder "df" beside a folder "qf"; None where there is
    none."""
    folder = os.path.dirname(os.path.abspath(path))
    places = [folder]
    if os.path.basename(folder) in {"qf", "df"}:
        places.append(os.path.join(os.path.dirname(folder), name[:2]))
    for place in places:
        try:
            flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(os.path.join(place, os.path.basename(name)), flags)
            with os.fdopen(descriptor, "rb") as file:
                if stat.S_ISREG(os.fstat(descriptor).st_mode):
                    return file.read(most + 1)
        except (OSError, ValueError):
            continue
    return None


def printable(path: str) -> str:
    """The path as valid Unicode: bytes of a name that are no UTF-8 are shown
    as \\xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _walk_folder(top: str) -> Iterator[Found | Skipped]:
    """Depth first, names sorted by their bytes: the same folder gives the same order on
    every machine."""
    root = os.path.realpath(top)
    pending = [(top, False)]
    while pending:
        path, in_maildir = pending.pop()
        try:
            entries = sorted(os.scandir(path), key=lambda entry: os.fsencode(entry.name))
        except OSError as fault:
            yield Skipped(printable(path), _reason(fault))
            continue
        maildir = is_maildir(
            {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
        )
        part = os.path.basename(path) if in_maildir else None
        folders = []
        for entry in entries:
            if entry.is_symlink():
                yield from _link(entry, root)
            elif entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, maildir and entry.name in MAILDIR_FOLDERS))
            elif not entry.is_file(follow_symlinks=False):
                yield Skipped(
                    printable(entry.path),
                    f"{_kind(entry.stat(follow_symlinks=False).st_mode)}: not opened",
                )
            elif not (maildir and is_control_file(entry.name)):
                yield Found(entry.path, part)
        pending.extend(reversed(folders))


def _link(entry: os.DirEntry[str], root: str) -> Iterator[Skipped]:
    target = os.path.realpath(entry.path)
    if not os.path.exists(target):
        yield Skipped(printable(entry.path), "a symbolic link to nothing")
    elif target != root and not target.startswith(os.path.join(root, "")):
        yield Skipped(printable(entry.path), "a symbolic link out of the folder: not followed")


def _folder_of_maildir(name: str) -> str | None:
    """The Maildir folder that a file named by itself lies in."""
    folder = os.path.dirname(os.path.abspath(name))
    if os.path.basename(folder) not in MAILDIR_FOLDERS:
        return None
    try:
        siblings = {entry.name for entry in os.scandir(os.path.dirname(folder)) if entry.is_dir()}
    except OSError:
        return None
    return os.path.basename(folder) if is_maildir(siblings) else None


def _kind(mode: int) -> str:
    names = (
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISDIR, "a folder"),
    )
    return next((name for test, name in names if test(mode)), "no regular file")


def _reason(fault: Exception) -> str:
    return (
        f"cannot be read: {fault.strerror}"
        if isinstance(fault, OSError) and fault.strerror
        else f"cannot be read: {fault}"
    )
