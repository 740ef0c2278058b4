"""The one member of a compressed stream: gzip (RFC 1952), bzip2, xz; streams that
follow each other in one file are joined."""

from __future__ import annotations

import bz2
import gzip
import lzma
import posixpath
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, cast

from firsthop.mail.buffer import CHUNK_BYTES, Buffer, BufferFile, read_chunks, spool
from firsthop.mail.limits import Allowance
from firsthop.mail.sources.raw import Skipped
from firsthop.mail.sources.sniff import Form, sniff

if TYPE_CHECKING:
    from firsthop.mail.sources.archive import Member

_SHORT_NAMES = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".taz": ".tar"}


def members(
    file: BufferFile, packed: int, form: Form, uri: str, allowance: Allowance
) -> Iterator[Member | Skipped]:
    """What the stream unpacks to: one member. A tar in it keeps the stream's URI, so
    that `a.tar.gz!/x.eml` names its members."""
    from firsthop.mail.sources.archive import Member  # noqa: PLC0415 - the package imports this module

    if (refusal := allowance.count_member()) is not None:
        yield Skipped(uri, refusal)
        return
    data, problem = spool(
        _chunks(file, form, allowance.limits.max_decoder_bytes), packed, allowance
    )
    if problem is not None:
        yield Skipped(uri, problem)
    if problem is None or len(data):
        yield Member(uri if _is_tar(data) else f"{uri}!/{unpacked_name(uri)}", data)


def _is_tar(data: Buffer) -> bool:
    return sniff(data[:512], "") is Form.TAR


def unpacked_name(uri: str) -> str:
    """The name of what is in the stream: that of the stream without its ending."""
    stem, ending = posixpath.splitext(posixpath.basename(uri.rpartition("!/")[2]))
    return (stem + _SHORT_NAMES.get(ending.lower(), "")) or "stream"


def _chunks(file: BufferFile, form: Form, memory: int) -> Iterator[bytes]:
    raw = cast("IO[bytes]", file)
    if form is Form.GZIP:
        return read_chunks(cast("IO[bytes]", gzip.GzipFile(fileobj=raw)))
    if form is Form.BZIP2:
        return read_chunks(cast("IO[bytes]", bz2.BZ2File(raw)))
    return _xz_chunks(file, memory)


def _xz_chunks(file: BufferFile, memory: int) -> Iterator[bytes]:
    """The xz streams of the file; unlike lzma.LZMAFile this bounds the memory that a
    hostile stream can ask for."""
    packed = file.read(CHUNK_BYTES)
    while packed.strip(b"\0"):  # padding between streams is made of NULs
        decoder = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=memory)
        yield decoder.decompress(packed, CHUNK_BYTES)
        while not decoder.eof:
            packed = file.read(CHUNK_BYTES) if decoder.needs_input else b""
            if decoder.needs_input and not packed:
                raise EOFError("the stream ends before its end marker")
            yield decoder.decompress(packed, CHUNK_BYTES)
        packed = decoder.unused_data.lstrip(b"\0") or file.read(CHUNK_BYTES)
