"""A file of lines that is only added to, and can be taken up again at a place up to
which it is whole."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self


class Lines:
    """Lines in UTF-8, each ended by a line feed; the first `kept` bytes of an earlier
    run stay, what follows them goes."""

    def __init__(self, path: Path, kept: int = 0) -> None:
        self._path, self._kept = path, kept
        self._file = path.open("r+b" if kept else "wb")
        self._file.truncate(kept)
        self._file.seek(kept)

    def add(self, line: str) -> None:
        """Add a line that holds no line feed."""
        self._file.write(line.encode("utf-8") + b"\n")

    def former(self) -> Iterator[str]:
        """The lines that stayed."""
        with self._path.open("rb") as file:
            while file.tell() < self._kept:
                yield file.readline().decode("utf-8").removesuffix("\n")

    def to_disk(self) -> int:
        """Bring what was added to the disk; gives the length in bytes."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


class NumberedLines(Lines):
    """The same, to be read by number; those of an earlier run once `former` gave
    them."""

    def __init__(self, path: Path, kept: int = 0) -> None:
        super().__init__(path, kept)
        self._starts, self._stop = array("Q"), 0

    def add(self, line: str) -> None:
        """Add a line that holds no line feed."""
        super().add(line)
        self._note(line)

    def former(self) -> Iterator[str]:
        """The lines that stayed."""
        for line in super().former():
            self._note(line)
            yield line

    def numbered(self, numbers: Iterable[int]) -> Iterator[str]:
        """The lines of these numbers, from 0; those of a file that was closed too."""
        if not self._file.closed:
            self._file.flush()
        with self._path.open("rb") as file:
            for number in numbers:
                file.seek(self._starts[number])
                yield file.readline().decode("utf-8").removesuffix("\n")

    def _note(self, line: str) -> None:
        self._starts.append(self._stop)
        self._stop += len(line.encode("utf-8")) + 1
