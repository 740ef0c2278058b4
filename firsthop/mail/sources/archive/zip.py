"""The members of a zip file (PKWARE APPNOTE 6.3), each unpacked in chunks so that a
bomb is stopped where its limit is."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from firsthop.mail.buffer import BufferFile, read_chunks, spool
from firsthop.mail.limits import Allowance
from firsthop.mail.sources.raw import Skipped

if TYPE_CHECKING:
    from firsthop.mail.sources.archive import Member

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
        yield Skipped(uri, "an Office document: no mail in it is read")
        return
    for info in infos:
        if info.filename.endswith("/"):  # not is_dir(), which stumbles over a name that is empty
            continue
        if (refusal := allowance.count_member()) is not None:
            yield Skipped(uri, refusal)
            return
        yield from _member(archive, info, f"{uri}!/{info.filename}", allowance)


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
        yield Skipped(uri, "encrypted: unpack it with its password first")
        return
    try:
        chunks = _chunks(archive.open(info), info.CRC)
    except Exception as fault:  # noqa: BLE001 - as above; also NotImplementedError for a method Python lacks
        yield Skipped(uri, f"unreadable zip member: {fault}")
        return
    data, problem = spool(chunks, info.compress_size, allowance)
    if problem is not None:
        yield Skipped(uri, problem)
    if problem is None or len(data):
        yield Member(uri, data)
