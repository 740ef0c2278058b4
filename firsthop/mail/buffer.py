"""Bytes of any size: held in memory, mapped from a file, or unpacked into an anonymous
temporary file.

A name out of an archive never names a file here: the temporary file has no name at all
and is gone when its bytes are. Nothing is ever written to an input.
"""

from __future__ import annotations

import errno
import io
import mmap
import tempfile
from collections.abc import Iterator
from typing import IO, TypeAlias

from firsthop.mail.limits import Allowance

Buffer: TypeAlias = bytes | mmap.mmap
CHUNK_BYTES = 1 << 20


class BufferFile(io.RawIOBase):
    """A buffer read as a file, without copying it: what the archive readers ask for."""

    def __init__(self, data: Buffer) -> None:
        super().__init__()
        self._data = data
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._data)}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "seek before the start")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        stop = len(self._data) if size is None or size < 0 else self._at + size
        chunk = self._data[self._at : stop]
        self._at += len(chunk)
        return chunk

    def readall(self) -> bytes:
        return self.read()

    def get_size(self) -> int:
        """The number of bytes (what a PST reader asks for)."""
        return len(self._data)


def map_file(file: IO[bytes], size: int) -> Buffer:
    """The file's bytes, mapped read-only; a small or empty file is simply read."""
    if size <= CHUNK_BYTES:
        return file.read(size)
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def release(data: Buffer, stop: int) -> None:
    """Let go of the pages of a mapped file before `stop`: they come back from the file
    if they are asked for again."""
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED") and stop >= mmap.PAGESIZE:
        data.madvise(mmap.MADV_DONTNEED, 0, stop - stop % mmap.PAGESIZE)


def spool(
    chunks: Iterator[bytes], packed: int | None, allowance: Allowance
) -> tuple[Buffer, str | None]:
    """All the chunks together, and the refusal or the fault that cut them short."""
    with tempfile.SpooledTemporaryFile(max_size=allowance.limits.spool_bytes) as file:
        size, problem = 0, None
        try:
            for chunk in chunks:
                size += len(chunk)
                if (problem := allowance.count_bytes(len(chunk), size, packed)) is not None:
                    return b"", problem
                file.write(chunk)
        except Exception as fault:  # noqa: BLE001 - a decoder meets hostile bytes: whatever it raises, what came before it is kept
            problem = f"damaged after {size} unpacked bytes: {str(fault) or type(fault).__name__}"
        file.seek(0)
        if size <= allowance.limits.spool_bytes:
            return file.read(), problem
        file.flush()
        return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ), problem


def read_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The file in chunks, each handed on before the next is tried: a fault further on
    costs nothing that came before it."""
    read = getattr(file, "read1", file.read)
    while chunk := read(CHUNK_BYTES):
        yield chunk
