"""The members of a tar file (POSIX.1 pax, GNU, Unix V7). Links, devices and
sparse files are told, never followed or filled up."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from firsthop.mail.buffer import CHUNK_BYTES, BufferFile, spool
from firsthop.mail.limits import Allowance
from firsthop.mail.sources.raw import Skipped

if TYPE_CHECKING:
    from firsthop.mail.sources.archive import Member


def members(file: BufferFile, uri: str, allowance: Allowance) -> Iterator[Member | Skipped]:
    """Every regular file in the tar, in order; what follows a damaged header is lost
    and told."""
    try:
        with tarfile.open(fileobj=file, mode="r:", errors="backslashreplace") as archive:
            while (info := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # tarfile keeps every header it has read: memory would grow with the archive
                if info.isdir():
                    continue
                if (refusal := allowance.count_member()) is not None:
                    yield Skipped(uri, refusal)
                    return
                yield from _member(file, info, f"{uri}!/{info.name}", allowance)
    except Exception as fault:  # noqa: BLE001 - hostile bytes: tarfile lets ValueError, EOFError, RecursionError through
        yield Skipped(uri, f"damaged tar: {fault}; what comes after was not read")


def _member(
    file: BufferFile, info: tarfile.TarInfo, uri: str, allowance: Allowance
) -> Iterator[Member | Skipped]:
    from firsthop.mail.sources.archive import Member  # noqa: PLC0415 - the package imports this module

    if not info.isreg() or info.issparse():
        yield Skipped(uri, f"not a plain file in the tar ({_kind(info)}): not followed")
        return
    data, problem = spool(_chunks(file, info.offset_data, info.size), None, allowance)
    if problem is None and len(data) < info.size:
        problem = f"cut short: {len(data)} of {info.size} bytes"
    if problem is not None:
        yield Skipped(uri, problem)
    if problem is None or len(data):
        yield Member(uri, data)


def _chunks(file: BufferFile, start: int, size: int) -> Iterator[bytes]:
    """The member's bytes, as far as the tar has them."""
    at, stop = start, start + size
    while at < stop:
        file.seek(at)  # the tar's own reading moves the place meanwhile
        if not (chunk := file.read(min(CHUNK_BYTES, stop - at))):
            return
        yield chunk
        at += len(chunk)


def _kind(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "a link"
    return "sparse" if info.issparse() else "a device or pipe"
