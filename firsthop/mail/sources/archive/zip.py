"""The members of a zip file (PKWARE APPNOTE 6.3), each unpacked in chunks so that a
bomb is stopped where its limit is.

Encrypted members are tried with the passwords at hand, in the way of PKWARE and in that
of WinZip (AES). Entries that lie over each other, as no archiver writes them, are told:
one stretch of bytes is unpacked once."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

from firsthop.mail.buffer import Buffer, BufferFile, read_chunks, spool
from firsthop.mail.limits import Allowance
from firsthop.mail.sources.archive import aes
from firsthop.mail.sources.raw import OFFICE_DOCUMENT, Skipped

if TYPE_CHECKING:
    from firsthop.mail.sources.archive import Member

_LOCAL_HEADER_BYTES = 30  # the least of an entry besides its data (APPNOTE 4.3.7)
_ENCRYPTED = 0x1  # general purpose bit 0 (APPNOTE 4.4.4)
_OFFICE = "[Content_Types].xml"  # ISO/IEC 29500-2: the first thing in an Office document


def members(file: BufferFile, uri: str, allowance: Allowance) -> Iterator[Member | Skipped]:
    """Every file in the zip, in the order of its directory."""
    try:
        archive = zipfile.ZipFile(file)
        infos = archive.infolist()
    except Exception as fault:  # noqa: BLE001 - hostile bytes: zipfile lets struct.error, ValueError, OverflowError through
        yield Skipped(uri, f"not a readable zip: {fault}")
        return
    if any(info.filename == _OFFICE for info in infos):
        yield Skipped(uri, OFFICE_DOCUMENT)
        return
    infos, overlapping = _apart(infos)
    if overlapping:
        yield Skipped(uri, f"entries that lie over others in the zip, not read: {overlapping}")
    for info in infos:
        if info.filename.endswith("/"):  # not is_dir(), which stumbles over a name that is empty
            continue
        if (refusal := allowance.count_member()) is not None:
            yield Skipped(uri, refusal)
            return
        yield from _member(archive, info, f"{uri}!/{info.filename}", allowance)


def _apart(infos: list[zipfile.ZipInfo]) -> tuple[list[zipfile.ZipInfo], int]:
    """The entries without those that lie over an earlier one, and how many those
    are."""
    end, over = 0, set()
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            over.add(id(info))
        else:
            end = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size
    return [info for info in infos if id(info) not in over], len(over)


def _chunks(stream: IO[bytes], expected: int) -> Iterator[bytes]:
    """The member's bytes, then the fault if their checksum is wrong; zipfile itself
    would drop its last chunk, often the whole member."""
    stream._expected_crc = None  # type: ignore[attr-defined]
    checksum = 0
    for chunk in read_chunks(stream):
        checksum = zlib.crc32(chunk, checksum)
        yield chunk
    if checksum != expected:
        raise zipfile.BadZipFile("its checksum is wrong")


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, uri: str, allowance: Allowance
) -> Iterator[Member | Skipped]:
    from firsthop.mail.sources.archive import Member  # noqa: PLC0415 - the package imports this module

    if info.flag_bits & _ENCRYPTED:
        data, problem = _decrypted(archive, info, allowance)
    else:
        data, problem = _unpacked(lambda: _chunks(archive.open(info), info.CRC), info, allowance)
    if problem is not None:
        yield Skipped(uri, problem)
    if problem is None or len(data):
        yield Member(uri, data)


def _unpacked(
    chunks: Callable[[], Iterator[bytes]], info: zipfile.ZipInfo, allowance: Allowance
) -> tuple[Buffer, str | None]:
    try:
        opened = chunks()
    except Exception as fault:  # noqa: BLE001 - as above; also NotImplementedError for a method Python lacks
        return b"", f"unreadable zip member: {fault}"
    return spool(opened, info.compress_size, allowance)


def _decrypted(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance
) -> tuple[Buffer, str | None]:
    """The member by the first password that fits; the one that fitted last is tried
    first."""
    for password in allowance.passwords:
        if not allowance.count_try():
            return b"", allowance.limits.refusal("max_password_tries")
        chunks = _with_password(archive, info, password)
        data, problem = _unpacked(chunks, info, allowance)
        if problem is None or problem.startswith("over the limit"):
            allowance.prefer(password)
            return data, problem
    return b"", "encrypted, and no known password opens it: give it with --password"


def _with_password(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: bytes
) -> Callable[[], Iterator[bytes]]:
    if info.compress_type == aes.METHOD:
        return lambda: aes.chunks(archive, info, password)
    return lambda: _chunks(archive.open(info, pwd=password), info.CRC)
