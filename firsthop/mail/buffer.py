"""Bytes of any size: held in memory, read from a file window by window, or unpacked
into an anonymous temporary file.

A name out of an archive never names a file here: the temporary file has no name at all
and is gone when its bytes are. Only that file is ever mapped into memory: one that
others may cut while it is mapped would end the program. Nothing is ever written to an
input.
"""

from __future__ import annotations

import errno
import io
import mmap
import os
import re
from collections.abc import Iterator
from typing import IO, TypeAlias

from firsthop.mail.limits import Allowance

CHUNK_BYTES = 1 << 20
WINDOW_BYTES = 1 << 22  # of a large file, held in memory
_SMALL_WINDOW_BYTES = 1 << 16
_BEFORE_BYTES = 1 << 16  # of a window, before what it was moved for: readers step back a little
_LOOK_BYTES = 1 << 10  # so few are read from afar without moving the window there and back


class FileBuffer:
    """The bytes of a large file, read where they are asked for. What the file no longer
    holds is missing from them; `change` says so."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._opened = os.fstat(file.fileno())
        self._size = self._opened.st_size
        self._window, self._base, self._end = b"", 0, 0
        self._fault: OSError | None = None

    def __len__(self) -> int:
        return self._size

    def __bytes__(self) -> bytes:
        return self[:]

    def __getitem__(self, part: slice) -> bytes:
        start, stop = part.start, part.stop
        if start is not None and stop is not None and self._base <= start <= stop <= self._end:
            return self._window[start - self._base : stop - self._base]
        start, stop, _ = part.indices(self._size)
        if stop - start > WINDOW_BYTES:
            return self._read(start, stop)
        if start < self._base or stop > self._end:
            if stop - start <= _LOOK_BYTES and not self._is_near(start):
                return self._read(start, stop)
            self._move(start, stop - start)
        return self._window[start - self._base : max(stop, start) - self._base]

    def find(self, wanted: bytes, start: int = 0, stop: int | None = None) -> int:
        """Where `wanted` begins first; -1 where it is not."""
        if self._base <= start < self._end:
            end = self._end if stop is None else min(stop, self._end)
            place = self._window.find(wanted, start - self._base, end - self._base)
            if place >= 0 or end == stop:
                return self._base + place if place >= 0 else -1
        for at, end in self._stretches(start, stop, len(wanted)):
            place = self._window.find(wanted, at - self._base, end - self._base)
            if place >= 0:
                return self._base + place
        return -1

    def search(self, pattern: re.Pattern[bytes], start: int, stop: int) -> tuple[int, int] | None:
        """The place of the first match between two places that are not far apart."""
        if self._base <= start <= stop <= self._end:
            match = pattern.search(self._window, start - self._base, stop - self._base)
            return match and (self._base + match.start(), self._base + match.end())
        match = pattern.search(self[start:stop])
        return match and (start + match.start(), start + match.end())

    def _stretches(self, start: int, stop: int | None, longest: int) -> Iterator[tuple[int, int]]:
        """From where to where something so long at most is looked for, window by
        window."""
        at, stop = start, self._size if stop is None else min(stop, self._size)
        reached = -1
        while reached < at < stop:
            reached = at
            if not self._base <= at < self._end - longest:
                self._move(at, max(WINDOW_BYTES, 2 * longest))
            end = min(self._end, stop)
            yield at, end
            at = end if end == stop else end - longest

    def change(self) -> str | None:
        """What kept it from being read to its end; how the file differs from what it
        was when it was opened."""
        if self._fault is not None:
            return str(self._fault.strerror)
        return change_of(self._opened, os.fstat(self._file.fileno()))

    def _is_near(self, start: int) -> bool:
        return abs(start - self._base) <= WINDOW_BYTES

    def _move(self, start: int, wanted: int) -> None:
        """The window begins a little before `start`; far from where it was it is a
        small one."""
        size = max(wanted, WINDOW_BYTES if self._is_near(start) else _SMALL_WINDOW_BYTES)
        base = max(start - _BEFORE_BYTES, 0)
        self._window, self._base = self._read(base, min(start + size, self._size)), base
        self._end = base + len(self._window)

    def _read(self, start: int, stop: int) -> bytes:
        pieces = []
        try:
            self._file.seek(start)
            while start < stop and (piece := self._file.read(stop - start)):
                pieces.append(piece)
                start += len(piece)
        except OSError as fault:
            self._fault = fault
        return b"".join(pieces)


Buffer: TypeAlias = bytes | mmap.mmap | FileBuffer


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


def change_of(before: os.stat_result, after: os.stat_result) -> str | None:
    """How a file was changed between two looks at it; None where it was not."""
    if before.st_size != after.st_size:
        return f"it had {before.st_size} bytes, and has {after.st_size}"
    return "it was written to" if before.st_mtime_ns != after.st_mtime_ns else None


def search(
    pattern: re.Pattern[bytes], data: Buffer, start: int, stop: int
) -> tuple[int, int] | None:
    """The place of the first match between two places that are not far apart."""
    if isinstance(data, FileBuffer):
        return data.search(pattern, start, stop)
    match = pattern.search(data, start, stop)
    return match.span() if match else None


def release(data: Buffer, stop: int) -> None:
    """Let go of the pages of a mapped file before `stop`: they come back from the file
    if they are asked for again."""
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED") and stop >= mmap.PAGESIZE:
        data.madvise(mmap.MADV_DONTNEED, 0, stop - stop % mmap.PAGESIZE)


def spool(
    chunks: Iterator[bytes], packed: int | None, allowance: Allowance
) -> tuple[Buffer, str | None]:
    """All the chunks together, and the refusal or the fault that cut them short."""
    import tempfile  # with all the packers behind it, for what is unpacked alone

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
