"""Bytes that are only added to and read again in pieces: in memory as long as they are
few, else in a file without a name, which is gone with the program.

Never:      leaves a file behind, or one that others can open."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
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


class SpooledTexts:
    """Texts by number, put in any order and read in theirs; the file would lie in
    `folder`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._bytes, self._size = Spooled(folder), 0
        self._starts, self._stops = array("Q"), array("Q")

    def put(self, number: int, text: str) -> None:
        """The text of a number; one that gets none is empty."""
        if (more := number + 1 - len(self._starts)) > 0:
            self._starts.extend([0] * more)
            self._stops.extend([0] * more)
        self._starts[number] = self._size
        self._stops[number] = self._size = self._bytes.append(text.encode("utf-8"))

    def __iter__(self) -> Iterator[str]:
        for start, stop in zip(self._starts, self._stops, strict=True):
            yield self._bytes.read(start, stop).decode("utf-8")
