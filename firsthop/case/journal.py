"""The custody journal of a case: every command that wrote it, and every one by which
something went out of it, in order, each entry chained to the one before by its digest.

Form:       `journal.jsonl`, one entry a line, canonical JSON in ASCII:
                {"sequence","previous","tool","version","action","arguments","time",
                 "inputs","replaced","files","sha256"}
            `previous` is the SHA-256 of the former line (64 zeros for the first),
            `sha256` that of the entry itself without this key; `replaced` stands there
            only where inputs went on purpose, `arguments` not in what earlier versions
            wrote. The entry of a command that left the case as it was: event.py. A line
            that is not written exactly so was changed: every byte of the journal
            counts.
Never:      reads a clock or a path. An entry's time is what the operator asked to have
            noted, or null; so a repeated run writes the same bytes.
Trusts:     nothing it reads. Whoever can rewrite the whole folder can rewrite the
            journal too: keep its last digest elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from firsthop.case.arguments import Arguments, arguments_object, read_arguments
from firsthop.case.event import Event, WentOut, event_object, read_event
from firsthop.case.file_digest import JOURNAL, FileDigest, are_file_digests

__all__ = [
    "BEFORE_THE_FIRST",
    "JOURNAL",
    "Entry",
    "Inputs",
    "Reading",
    "Replaced",
    "digest",
    "entry_line",
    "journal_text",
    "new_entry",
    "new_event",
    "read_journal",
    "tool_version",
]
BEFORE_THE_FIRST = "0" * 64


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
    """One entry of a command that wrote the case."""

    sequence: int  # from 1
    previous: str
    tool: str
    version: str
    action: str
    time: str | None  # RFC 3339, as the operator gave it
    inputs: Inputs
    files: tuple[FileDigest, ...]  # all of the case, sorted by name
    replaced: Replaced | None = None
    arguments: Arguments | None = None  # None: written by a version that kept none

    @property
    def folders(self) -> set[str]:
        """The folders of the case that hold files, by their uppermost names."""
        return {file.name.partition("/")[0] for file in self.files if "/" in file.name}

    def says_the_same(self, other: Entry) -> bool:
        """Whether another entry would tell nothing new: the same case, by whatever
        arguments; one without a time never tells a new time."""
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

    lines: tuple[Entry | Event, ...]
    faults: tuple[str, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those that say what the case holds."""
        return tuple(one for one in self.lines if isinstance(one, Entry))

    @property
    def events(self) -> tuple[Event, ...]:
        """Those that left it as it was."""
        return tuple(one for one in self.lines if isinstance(one, Event))


def new_entry(
    before: Entry | Event | None,
    action: str,
    inputs: Inputs,
    files: list[FileDigest],
    time: str | None = None,
    replaced: Replaced | None = None,
    arguments: Arguments | None = None,
) -> Entry:
    """The entry that follows `before` and says what the case holds."""
    sequence, previous = _following(before)
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
        arguments,
    )


def new_event(
    before: Entry | Event,
    action: str,
    arguments: Arguments,
    result: str,
    out: WentOut | None = None,
    time: str | None = None,
) -> Event:
    """The entry that follows `before` and leaves the case as it is."""
    sequence, previous = _following(before)
    return Event(
        sequence, previous, "firsthop", tool_version(), action, arguments, time, result, out
    )


def tool_version() -> str:
    """The version of firsthop that is installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("firsthop")
    except PackageNotFoundError:
        return "not installed"


def entry_line(entry: Entry | Event) -> str:
    """The entry as its line in the journal, without the line ending."""
    body = event_object(entry) if isinstance(entry, Event) else _entry_object(entry)
    return _canonical(body | {"sha256": digest(_canonical(body))})


def journal_text(lines: Iterable[Entry | Event]) -> str:
    """A journal of these entries."""
    return "".join(f"{entry_line(line)}\n" for line in lines)


def _entry_object(entry: Entry) -> dict[str, Any]:
    return {
        "sequence": entry.sequence,
        "previous": entry.previous,
        "tool": entry.tool,
        "version": entry.version,
        "action": entry.action,
        **({} if entry.arguments is None else {"arguments": arguments_object(entry.arguments)}),
        "time": entry.time,
        "inputs": entry.inputs._asdict(),
        **({"replaced": entry.replaced._asdict()} if entry.replaced else {}),
        "files": [file._asdict() for file in entry.files],
    }


def read_journal(data: bytes) -> Reading:
    """The entries of a journal. Never raises: what is not exactly as it was written is
    a fault."""
    lines = data.split(b"\n")
    faults = [] if lines.pop() == b"" else ["its last line is cut"]
    if not lines:
        return Reading((), (*faults, "it has no entry"))
    entries: list[Entry | Event] = []
    previous = BEFORE_THE_FIRST
    for number, line in enumerate(lines, 1):
        entry = _read_entry(line)
        if entry is None:
            faults.append(f"line {number} is not as it was written")
        elif (entry.sequence, entry.previous) != (number, previous):
            faults.append(f"line {number} does not follow the line before it")
        else:
            entries.append(entry)
        previous = hashlib.sha256(line).hexdigest()
    if not faults and not any(isinstance(one, Entry) for one in entries):
        faults.append("no entry says what the case holds")
    return Reading(tuple(entries), tuple(faults))


def digest(text: str) -> str:
    """SHA-256 of a text, as hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _following(before: Entry | Event | None) -> tuple[int, str]:
    """Sequence and previous digest of what follows an entry."""
    return (before.sequence + 1, digest(entry_line(before))) if before else (1, BEFORE_THE_FIRST)


def _read_entry(line: bytes) -> Entry | Event | None:
    """The entry in a line; None unless writing it again gives the same bytes."""
    try:
        body = json.loads(line)
        body.pop("sha256")
        entry = _entry_of(body) if "files" in body else read_event(body)
        whole = entry_line(entry).encode() == line
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return entry if whole else None


def _entry_of(body: dict[str, Any]) -> Entry:
    inputs = Inputs(**body.pop("inputs"))
    files = tuple(FileDigest(**file) for file in body.pop("files"))
    replaced = Replaced(**body.pop("replaced")) if "replaced" in body else None
    arguments = read_arguments(body.pop("arguments")) if "arguments" in body else None
    entry = Entry(inputs=inputs, files=files, replaced=replaced, arguments=arguments, **body)
    if type(entry.sequence) is not int or type(entry.previous) is not str:
        raise TypeError
    if not are_file_digests(files):
        raise ValueError
    return entry
