"""What is packed in bytes: gzip, zip, zlib, bzip2, xz, PDF and PNG. Whatever cannot be
opened, or holds pixels, is named: nobody has searched it."""

from __future__ import annotations

import bz2
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from firsthop.publication.redaction.scan.pdf import pdf_parts
from firsthop.publication.redaction.scan.unsearchable import UnsearchableError

MAX_UNPACKED = 256 << 20  # bytes of one file, unpacked
MAX_STREAM = 64 << 20  # the same of one compressed stream
MAX_MEMBERS = 10_000

# bytes of the longest digest. Digests are in every set of files, and some begin with
# the few octets of these: so short, and not to be opened, they are none
DIGEST = 64
_DECEIVING = frozenset(("gzip", "zlib", "bzip2"))
_FAULTS = (
    *(OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile),
    *(NotImplementedError, RuntimeError, ValueError),
)
_PIXELS = (b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")
_ZLIB = (b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x78\x5e")


class Unpacked(NamedTuple):
    """One member of what was packed, or why it was not opened."""

    kind: str
    data: bytes | str | None  # text of a PDF comes as text
    reason: str = ""
    as_written: bool = True  # False: pieces were joined that may not belong together


def unpacked(data: bytes) -> Iterator[Unpacked]:
    """What is packed in bytes; nothing where they are no container."""
    kind = _kind(data)
    if kind is None:
        return
    try:
        for member in _OPEN[kind](data):
            yield member if isinstance(member, Unpacked) else Unpacked(kind, member)
    except UnsearchableError as error:
        yield from _unopened(kind, data, str(error))
    except _FAULTS as error:
        yield from _unopened(kind, data, f"it cannot be opened: {error}")


def _unopened(kind: str, data: bytes, reason: str) -> Iterator[Unpacked]:
    if len(data) > DIGEST or kind not in _DECEIVING:
        yield Unpacked(kind, None, reason)


def _kind(data: bytes) -> str | None:
    for kind, magic in (
        ("gzip", b"\x1f\x8b\x08"),  # RFC 1952: deflate, the only method there is
        ("zip", b"PK\x03\x04"),
        ("bzip2", b"BZh"),
        ("xz", b"\xfd7zXZ\0"),
        ("PDF", b"%PDF-"),
        ("PNG", b"\x89PNG\r\n"),
    ):
        if data.startswith(magic):
            return kind
    if data.startswith(_PIXELS) and not data[:64].isascii() and _is_picture(data):
        return "picture"
    return "zlib" if data.startswith(_ZLIB) and _is_zlib(data) else None


def _is_picture(data: bytes) -> bool:
    """Whether two letters alone do not deceive: a digest begins with those of a bitmap
    once in 65,536 times, and a bitmap has four octets of nought behind its size."""
    return not data.startswith(b"BM") or data[6:10] == bytes(4)


def _is_zlib(data: bytes) -> bool:
    try:
        zlib.decompressobj().decompress(data[:256], 1)
    except zlib.error:
        return False
    return True


def _gzip(data: bytes) -> Iterator[bytes]:
    reader = zlib.decompressobj(wbits=31)
    budget = MAX_UNPACKED
    while data:
        yield (part := reader.decompress(data, budget))
        budget -= len(part)
        if reader.unconsumed_tail or budget <= 0:
            raise UnsearchableError(f"more than {MAX_UNPACKED >> 20} MiB")
        data, reader = reader.unused_data, zlib.decompressobj(wbits=31)
    yield b""


def _gzip_names(data: bytes) -> Iterator[bytes]:
    yield data[:300]  # name and comment of the file stand in the open
    yield from _gzip(data)


def _zip(data: bytes) -> Iterator[bytes]:
    budget = MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield archive.comment
        for info in archive.infolist()[:MAX_MEMBERS]:
            budget -= info.file_size
            if budget < 0:
                raise UnsearchableError(f"more than {MAX_UNPACKED >> 20} MiB")
            yield info.filename.encode("utf-8", "replace") + b"\n" + info.comment
            yield archive.read(info)


def _whole(data: bytes, unpack: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> Iterator[bytes]:
    part = unpack.decompress(data, MAX_UNPACKED)
    if not unpack.eof and not unpack.needs_input:
        raise UnsearchableError(f"more than {MAX_UNPACKED >> 20} MiB")
    yield part


def inflated(body: bytes) -> bytes:
    """zlib data decompressed, as far as it is whole. UnsearchableError for none, and
    for too much."""
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(body.lstrip(b"\r\n"), MAX_STREAM)
    except zlib.error as error:
        raise UnsearchableError("a damaged compressed stream") from error
    if reader.unconsumed_tail:
        raise UnsearchableError(f"more than {MAX_STREAM >> 20} MiB in one stream")
    return data


def _pdf(data: bytes) -> Iterator[Unpacked]:
    budget = MAX_UNPACKED
    for part in pdf_parts(data):
        budget -= len(part.data)
        if budget < 0:
            raise UnsearchableError(f"more than {MAX_UNPACKED >> 20} MiB")
        yield Unpacked(f"PDF {part.place}", part.data, as_written=part.as_written)


def _png(data: bytes) -> Iterator[bytes]:
    """The texts of a PNG; what its pixels show cannot be searched."""
    place = 8
    while place + 8 <= len(data):
        size, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + size]
        if kind in (b"tEXt", b"iTXt"):
            yield body
        elif kind == b"zTXt":
            yield inflated(body.partition(b"\0")[2][1:])
        place += 12 + size
    yield from _picture(data)


def _picture(_: bytes) -> Iterator[bytes]:
    """No bytes of it tell what it shows."""
    raise UnsearchableError("a picture of pixels: what it shows cannot be searched")


_OPEN: dict[str, Callable[[bytes], Iterator[bytes | Unpacked]]] = {
    "gzip": _gzip_names,
    "zip": _zip,
    "bzip2": lambda data: _whole(data, bz2.BZ2Decompressor()),
    "xz": lambda data: _whole(data, lzma.LZMADecompressor()),
    "zlib": lambda data: iter((inflated(data),)),
    "PDF": _pdf,
    "PNG": _png,
    "picture": _picture,
}
