"""Bytes that are only added to and read again in pieces: in memory as long as they are
few, else in a file without a name, which is gone with the program.

Never:      leaves a file behind, or one that others can open."""

from __future__ import annotations

from pathlib import Path
from tempfile import SpooledTemporaryFile
from weakref import finalize

IN_MEMORY = 16 << 20  # bytes


class Spooled:
    """Bytes, the file of which would lie in `folder`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = SpooledTemporaryFile[bytes](IN_MEMORY, dir=str(folder) if folder else None)
        self._size, self._at_end = 0, True
        finalize(self, self._file.close)

    def append(self, data: bytes) -> int:
        """More, at the end; gives the new size."""
        if not self._at_end:
            self._file.seek(self._size)
            self._at_end = True
        self._size += self._file.write(data)
        return self._size

    def read(self, start: int, stop: int) -> bytes:
        """Those from one place up to another."""
        self._at_end = False
        self._file.seek(start)
        return self._file.read(stop - start)
