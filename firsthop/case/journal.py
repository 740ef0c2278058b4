"""The custody journal of a case: what was done, in order, each entry chained to the one
before by its digest.

Form:       `journal.jsonl`, one entry a line, canonical JSON in ASCII:
                {"sequence","previous","tool","version","action","time","inputs","replaced","files","sha256"}
            `previous` is the SHA-256 of the former line (64 zeros for the first),
            `sha256` that of the entry itself without this key; `replaced` stands there
            only where inputs went on purpose. A line that is not
            written exactly so was changed: every byte of the journal counts.
Never:      reads a clock or a path. An entry's time is what the operator asked to have
            noted, or null; so a repeated run writes the same bytes.
Trusts:     nothing it reads. Whoever can rewrite the whole folder can rewrite the
            journal too: keep its last digest elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePosixPath
from typing import Any, NamedTuple

JOURNAL = "journal.jsonl"
BEFORE_THE_FIRST = "0" * 64


class FileDigest(NamedTuple):
    """One file of the case as it was written."""

    name: str  # relative to the case folder, with "/"
    size: int
    sha256: str


class Inputs(NamedTuple):
    """What went in; the manifest file names each."""

    messages: int
    skipped: int
    manifest: str | None = None  # SHA-256 of the manifest, None where there is none


class Replaced(NamedTuple):
    """What of the entry before went on purpose."""

    messages: int
    skipped: int
    manifest: str  # SHA-256 of the manifest that names them


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the journal."""

    sequence: int  # from 1
    previous: str
    tool: str
    version: str
    action: str
    time: str | None  # RFC 3339, as the operator gave it
    inputs: Inputs
    files: tuple[FileDigest, ...]  # sorted by name
    replaced: Replaced | None = None

    @property
    def folders(self) -> set[str]:
        """The folders of the case that hold files, by their uppermost names."""
        return {file.name.partition("/")[0] for file in self.files if "/" in file.name}

    def says_the_same(self, other: Entry) -> bool:
        """Whether another entry would tell nothing new; one without a time never tells
        a new time."""
        same = (self.tool, self.version, self.action, self.inputs, self.files) == (
            other.tool,
            other.version,
            other.action,
            other.inputs,
            other.files,
        )
        return same and other.replaced is None and other.time in (None, self.time)


class Reading(NamedTuple):
    """What a journal holds: the entries that are whole, and the faults, each with its
    line."""

    entries: tuple[Entry, ...]
    faults: tuple[str, ...]


def new_entry(
    before: Entry | None,
    action: str,
    inputs: Inputs,
    files: list[FileDigest],
    time: str | None = None,
    replaced: Replaced | None = None,
) -> Entry:
    """The entry that follows `before`."""
    sequence, previous = (
        (before.sequence + 1, digest(entry_line(before))) if before else (1, BEFORE_THE_FIRST)
    )
    return Entry(
        sequence,
        previous,
        "firsthop",
        tool_version(),
        action,
        time,
        inputs,
        tuple(sorted(files)),
        replaced,
    )


def tool_version() -> str:
    """The version of firsthop that is installed."""
    try:
        return version("firsthop")
    except PackageNotFoundError:
        return "not installed"


def entry_line(entry: Entry) -> str:
    """The entry as its line in the journal, without the line ending."""
    body: dict[str, Any] = {
        "sequence": entry.sequence,
        "previous": entry.previous,
        "tool": entry.tool,
        "version": entry.version,
        "action": entry.action,
        "time": entry.time,
        "inputs": entry.inputs._asdict(),
        **({"replaced": entry.replaced._asdict()} if entry.replaced else {}),
        "files": [file._asdict() for file in entry.files],
    }
    return _canonical(body | {"sha256": digest(_canonical(body))})


def read_journal(data: bytes) -> Reading:
    """The entries of a journal. Never raises: what is not exactly as it was written is
    a fault."""
    lines = data.split(b"\n")
    faults = [] if lines.pop() == b"" else ["its last line is cut"]
    if not lines:
        return Reading((), (*faults, "it has no entry"))
    entries, previous = [], BEFORE_THE_FIRST
    for number, line in enumerate(lines, 1):
        entry = _read_entry(line)
        if entry is None:
            faults.append(f"line {number} is not as it was written")
        elif (entry.sequence, entry.previous) != (number, previous):
            faults.append(f"line {number} does not follow the line before it")
        else:
            entries.append(entry)
        previous = hashlib.sha256(line).hexdigest()
    return Reading(tuple(entries), tuple(faults))


def is_name_within(name: str) -> bool:
    """Whether a file name stays inside the case folder, is no hidden file and is not
    the journal itself."""
    parts = PurePosixPath(name).parts
    plain = (
        bool(parts)
        and name == "/".join(parts)
        and name.isprintable()
        and not set(name) & set('\\:*?"<>|')
    )
    return plain and name != JOURNAL and not any(part.startswith(".") for part in parts)


def digest(text: str) -> str:
    """SHA-256 of a text, as hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _read_entry(line: bytes) -> Entry | None:
    """The entry in a line; None unless writing it again gives the same bytes."""
    try:
        body = json.loads(line)
        inputs, files = (
            Inputs(**body.pop("inputs")),
            tuple(FileDigest(**file) for file in body.pop("files")),
        )
        replaced = Replaced(**body.pop("replaced")) if "replaced" in body else None
        body.pop("sha256")
        entry = Entry(inputs=inputs, files=files, replaced=replaced, **body)
        whole = entry_line(entry).encode() == line
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return entry if whole and _is_well_formed(entry) else None


def _is_well_formed(entry: Entry) -> bool:
    """JSON can hold any type in any place; the names decide which files are opened and
    removed."""
    sound = all(
        type(f.name) is str
        and type(f.size) is int
        and type(f.sha256) is str
        and is_name_within(f.name)
        for f in entry.files
    )
    return (
        sound
        and type(entry.sequence) is int
        and type(entry.previous) is str
        and list(entry.files) == sorted(set(entry.files))
    )
