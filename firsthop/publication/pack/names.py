"""What the originals are called in a pack. A name that every system takes, and that
nothing can be hidden in, stays; any other becomes a number. `ORIGINALS.jsonl` of the
pack says what each was called.

Promises:   no name leads out of the pack, begins with a hyphen or a dot, needs an
            escape in SHA256SUMS, is a device of Windows, or is on a system that does
            not tell upper from lower case that of another.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence

KEPT, NUMBERED = "originals", "originals-by-number"
MAX_PART, MAX_NAME = 100, 180  # characters, of a path's part and of all of it
_BESIDE_LETTERS = frozenset(" _.,+=@()-")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))]
)


def pack_names(names: Sequence[str]) -> list[str]:
    """For each path as it was given, sorted by its bytes, its place in a pack."""
    taken = _Taken()
    return [
        f"{KEPT}/{name}" if _is_plain(name) and taken.take(name) else f"{NUMBERED}/{number:06}"
        for number, name in enumerate(_within(names), 1)
    ]


class _Taken:
    """The names that are given away; a file is no folder of another."""

    def __init__(self) -> None:
        self._files, self._folders = set[str](), set[str]()

    def take(self, name: str) -> bool:
        """Take a name. False where another one stands in its way."""
        folded = unicodedata.normalize("NFKC", name).casefold()
        parts = folded.split("/")
        above = {"/".join(parts[:end]) for end in range(1, len(parts))}
        if folded in self._files | self._folders or above & self._files:
            return False
        self._files.add(folded)
        self._folders |= above
        return True


def _within(names: Sequence[str]) -> list[str]:
    """The paths below the folder that all of their kind, absolute or not, have in
    common."""
    tops = {kind: _top(one for one in names if _is_absolute(one) is kind) for kind in (True, False)}
    return [os.path.relpath(one, tops[_is_absolute(one)] or ".") for one in names]


def _is_absolute(name: str) -> bool:
    return os.path.isabs(name)  # noqa: PTH117 - a path as it was given


def _top(names: Iterable[str]) -> str:
    folders = [os.path.dirname(one) for one in names]  # noqa: PTH120 - a path as it was given
    return os.path.commonpath(folders) if folders else ""


def _is_plain(name: str) -> bool:
    return len(name) <= MAX_NAME and all(_is_plain_part(part) for part in name.split("/"))


def _is_plain_part(part: str) -> bool:
    plain = all(sign.isalnum() or sign in _BESIDE_LETTERS for sign in part)
    return (
        plain
        and 0 < len(part) <= MAX_PART
        and part[0] not in " .-"
        and part[-1] not in " ."
        and unicodedata.normalize("NFC", part) == part
        and part.partition(".")[0].casefold() not in _DEVICES
    )
