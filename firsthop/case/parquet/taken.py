"""The evidence that a run has taken, chunk by chunk in one file, until all of it
becomes Parquet: what the next run goes on from where this one is killed.

Form:       of each chunk numbers of 64 bits as this machine writes them: its messages,
            the CRC-32 of its tables, the size of each of TABLES; behind them the tables
            as `system.arrow_bytes` writes them.
Raises:     CaseError where what an earlier run left is damaged; OSError.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from firsthop.case.parquet.columns import TABLES, EvidenceRecords
from firsthop.errors import CaseError

_NUMBERS = 2 + len(TABLES)


class _Chunk(NamedTuple):
    """The head of a chunk, and where its tables begin."""

    place: int
    messages: int
    check: int
    sizes: array[int]


class TakenEvidence:
    """Such a file. The chunks of an earlier run's first `kept` messages stay."""

    def __init__(self, path: Path, kept: int = 0) -> None:
        self._path = path
        self._file = path.open("r+b" if kept else "w+b")
        try:
            self._stop = self._end_of(kept)
            self._file.truncate(self._stop)
        except BaseException:
            self._file.close()
            raise

    def add(self, evidence: EvidenceRecords) -> None:
        """One more chunk."""
        tables = b"".join(evidence.tables)
        sizes = [*map(len, evidence.tables), *[0] * (len(TABLES) - len(evidence.tables))]
        self._file.seek(self._stop)
        self._file.write(array("q", (evidence.messages, crc32(tables), *sizes)))
        self._file.write(tables)
        self._stop = self._file.tell()

    def tables(self, number: int) -> Iterator[tuple[int, bytes]]:
        """One of TABLES, chunk by chunk, each with the count of the messages before it;
        chunks without it are left out."""
        before = 0
        for chunk in self._chunks():
            if chunk.sizes[number]:
                self._file.seek(chunk.place + sum(chunk.sizes[:number]))
                yield before, self._file.read(chunk.sizes[number])
            before += chunk.messages

    def to_disk(self) -> None:
        """Bring what was added to the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _chunks(self) -> Iterator[_Chunk]:
        place = 0
        while place < self._stop:
            chunk = self._chunk(place)
            yield chunk
            place = chunk.place + sum(chunk.sizes)

    def _chunk(self, place: int) -> _Chunk:
        self._file.seek(place)
        messages, check, *sizes = array("q", self._file.read(8 * _NUMBERS))
        return _Chunk(self._file.tell(), messages, check, array("q", sizes))

    def _end_of(self, kept: int) -> int:
        """Where the chunks of the first `kept` messages end. CaseError where they are
        not as they were written."""
        place = messages = 0
        while messages < kept:
            try:
                chunk = self._chunk(place)
                whole = crc32(self._file.read(sum(chunk.sizes))) == chunk.check
            except (ValueError, OverflowError):  # no head, no sizes
                whole = False
            if not whole or chunk.messages < 1:
                raise CaseError(f"{self._path}: damaged")
            messages += chunk.messages
            place = chunk.place + sum(chunk.sizes)
        return place
