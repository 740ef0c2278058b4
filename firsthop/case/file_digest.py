"""A file by its name in a folder, its size and its SHA-256; which names are safe."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

JOURNAL = "journal.jsonl"


class FileDigest(NamedTuple):
    """One file of a folder as it was written."""

    name: str  # relative to the folder, with "/"
    size: int
    sha256: str


def digest_of_file(folder: Path, name: str) -> FileDigest:
    """A file in a folder as it is now."""
    path = folder / name
    with path.open("rb") as file:
        return FileDigest(
            name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
        )


def digests_of(files: Mapping[str, bytes]) -> tuple[FileDigest, ...]:
    """Files that are held in memory, by their names."""
    return tuple(
        FileDigest(name, len(data), hashlib.sha256(data).hexdigest())
        for name, data in sorted(files.items())
    )


def is_name_within(name: str) -> bool:
    """Whether a file name stays inside its folder, is no hidden file and is not the
    journal itself."""
    parts = PurePosixPath(name).parts
    plain = (
        bool(parts)
        and name == "/".join(parts)
        and name.isprintable()
        and not set(name) & set('\\:*?"<>|')
    )
    return plain and name != JOURNAL and not any(part.startswith(".") for part in parts)


def are_file_digests(files: tuple[FileDigest, ...]) -> bool:
    """JSON can hold any type in any place; the names decide which files are opened and
    removed. Whether these are well formed, safe, each once and in order."""
    sound = all(
        type(f.name) is str
        and type(f.size) is int
        and type(f.sha256) is str
        and is_name_within(f.name)
        for f in files
    )
    return sound and list(files) == sorted(set(files))
