"""Keeps what the program makes piece by piece, in one file beside its bytecode, of
which a start takes up the pieces that it asks for.

In front of the pieces stand the checksum, the size of the head, and the head: who made
them, and where the piece of each key begins. They hold for their maker alone, as the
Python that made them. Where nothing can be written each start makes anew
(kept_file.py)."""

from __future__ import annotations

import atexit
import marshal
import mmap
import os
import sys
from collections.abc import Callable, Hashable
from io import FileIO
from itertools import accumulate, pairwise
from typing import Any
from zlib import crc32

from firsthop.system.kept_file import SUM, write_kept

_SIZE = 4  # bytes of the size of the head
_NOTHING: tuple[dict[Hashable, int], memoryview] = {}, memoryview(b"")


class KeptPieces:
    """The pieces that are kept in one file, and those that came since."""

    def __init__(self, place: str, maker: Callable[[], Any], most: Callable[[], int]) -> None:
        self.place = place
        self._maker, self._most = maker, most
        self._starts, self._pieces = self._read()
        self._new: dict[Hashable, Any] = {}

    def get(self, key: Hashable) -> Any:
        """A piece as it is kept; None if it is not."""
        start = self._starts.get(key)
        return None if start is None else marshal.loads(self._pieces[start:])  # noqa: S302 - as kept_file.py

    def add(self, key: Hashable, made: Any) -> None:
        """A piece that was made now; the end of the program keeps it."""
        if not self._new and not sys.dont_write_bytecode:
            atexit.register(self.keep)
        self._new[key] = made

    def keep(self) -> None:
        """Adds what is new to the file, as it is by now; no one sees it in part."""
        starts, pieces = self._read()
        ends = pairwise((*starts.values(), len(pieces)))
        known = {key: bytes(pieces[slice(*end)]) for key, end in zip(starts, ends, strict=True)}
        known |= {key: marshal.dumps(made) for key, made in self._new.items()}
        self._new.clear()
        if len(known) <= self._most():
            begins = accumulate(map(len, known.values()), initial=0)
            head = marshal.dumps((self._maker(), dict(zip(known, begins, strict=False))))
            size = len(head).to_bytes(_SIZE, "big")
            write_kept(self.place, b"".join((size, head, *known.values())))

    def _read(self) -> tuple[dict[Hashable, int], memoryview]:
        """Where each piece begins, in their order, and the pieces; nothing if another
        made them, or none did."""
        try:
            with FileIO(self.place) as file:
                content = memoryview(_mapped(file) if os.name == "posix" else file.readall())
            kept = content[SUM:]
            if content[:SUM] != crc32(kept).to_bytes(SUM, "big"):
                return _NOTHING
            end = _SIZE + int.from_bytes(kept[:_SIZE], "big")
            match marshal.loads(kept[_SIZE:end]):  # noqa: S302 - as kept_file.py
                case (maker, dict() as starts) if maker == self._maker() and end <= len(kept):
                    return starts, kept[end:]
        except (OSError, EOFError, TypeError, ValueError):
            pass
        return _NOTHING


def _mapped(file: FileIO) -> mmap.mmap:
    """A file that is replaced as a whole, never cut; where a mapped one cannot be, it
    is read."""
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def place_beside(cached: str) -> str:
    """A place beside the bytecode of a module; releases of one bytecode have files of
    their own."""
    release = ".".join(map(str, sys.version_info[:3]))
    return f"{cached.rpartition('.')[0]}-{release}.marshal"
