"""Reads and writes what the program keeps of its own work in `__pycache__`: never part
of a file, never where Python itself may keep nothing.

The form is that of Python's bytecode (`marshal`), which lies in the same folder: who
can write the one can write the other. Nothing in it is executed. A checksum stands in
front, for `marshal` takes any bytes for sizes.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from io import FileIO
from typing import Any
from zlib import crc32

SUM = 4  # bytes of the checksum


def read_kept(place: str) -> Any:
    """What a file keeps; None where there is none, or nothing that was written here."""
    try:
        with FileIO(place) as file:
            content = memoryview(file.readall())
        kept = content[SUM:]
        if content[:SUM] != crc32(kept).to_bytes(SUM, "big"):
            return None
        return marshal.loads(kept)  # noqa: S302 - as Python reads its bytecode
    except (OSError, EOFError, TypeError, ValueError):
        return None


def keep_file(place: str, content: Any) -> None:
    """Writes a file anew, whole or not at all; what `marshal` has no form for is not
    kept."""
    if sys.dont_write_bytecode:
        return
    with contextlib.suppress(ValueError):
        write_kept(place, marshal.dumps(content))


def write_kept(place: str, kept: bytes) -> None:
    """Writes the bytes of a file anew, behind their checksum."""
    if sys.dont_write_bytecode:
        return
    passing = f"{place}.{os.getpid()}"
    # PTH: pathlib takes longer to load than all that is read here
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH103, PTH120
        with FileIO(passing, "w") as file:
            file.write(crc32(kept).to_bytes(SUM, "big") + kept)
        os.replace(passing, place)  # noqa: PTH105
