"""The manifest of a case, `inputs.jsonl`: one line for each message that was read and
each input that could not be.

Forms:      {"uri","container","offset","bytes","sha256","evidence","enclosed_in"} for a
            message, {"uri","reason"} for a skipped input.
Order:      while it is filled that of reading; in a sealed case that of `in_order`,
            which does not depend on when an input came.
Never:      holds anything of a message but where it stands and its digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from firsthop.case.lines import Lines
from firsthop.mail.sources.raw import MailPlace, Skipped

MANIFEST = "inputs.jsonl"


class Input(NamedTuple):
    """A line of a manifest, with what it is sorted by."""

    uri: str
    skipped: bool
    offset: int
    line: str


def in_order(inputs: Iterable[Input]) -> list[Input]:
    """By URI, messages by their offsets and before what was skipped: an order of the
    inputs alone."""
    return sorted(inputs)


def read_inputs(path: Path) -> Iterator[Input]:
    """The lines of a manifest. ValueError or KeyError for one that is none."""
    uri = ""
    with path.open(encoding="ascii") as file:
        for line in file:
            table = json.loads(line)
            # one text for all messages of a mailbox
            uri = uri if table["uri"] == uri else str(table["uri"])
            yield Input(
                uri,
                "reason" in table,
                int(table.get("offset", 0)),
                line.removesuffix("\n"),
            )


class Listed:
    """The lines of a manifest, read from it each time they are asked for: of a heap
    they are too many to be held."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Input]:
        return read_inputs(self._path)


def skipped_of(one: Input) -> Skipped:
    """The skipped input that a line tells of."""
    return Skipped(one.uri, str(json.loads(one.line)["reason"]))


def key_of(line: str) -> bytes:
    """What a line is known by where very many are."""
    return blake2b(line.encode("ascii"), digest_size=16).digest()


class Manifest:
    """Writes the manifest line by line and counts. Where an earlier run has left lines,
    `repeats` compares the input with them first."""

    def __init__(self, path: Path, kept: int = 0) -> None:
        self._lines = Lines(path, kept)
        self._former = self._lines.former()
        self._next = next(self._former, None)
        self.messages = 0
        self.skipped = 0

    def add(self, one: MailPlace | Skipped) -> None:
        """Note one message, or one input that could not be read."""
        self._count(one)
        self._lines.add(manifest_line(one))

    def repeats(self, one: MailPlace | Skipped) -> bool:
        """Whether the next line that the earlier run left says just that; it is counted
        then. False once all are met, and for anything else."""
        if self._next is None or self._next != manifest_line(one):
            return False
        self._count(one)
        self._next = next(self._former, None)
        return True

    @property
    def whole(self) -> bool:
        """Whether all lines of the earlier run were met."""
        return self._next is None

    def to_disk(self) -> int:
        """Bring the lines to the disk; gives their length in bytes."""
        return self._lines.to_disk()

    def _count(self, one: MailPlace | Skipped) -> None:
        if isinstance(one, Skipped):
            self.skipped += 1
        else:
            self.messages += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.__exit__(kind, error, trace)


def manifest_line(one: MailPlace | Skipped) -> str:
    """The line of an input, in ASCII."""
    line = {"uri": one.uri, "reason": one.reason} if isinstance(one, Skipped) else _line_of(one)
    return json.dumps(line, ensure_ascii=True)


def _line_of(mail: MailPlace) -> dict[str, Any]:
    source = mail.source
    return {
        "uri": source.uri,
        "container": source.container,
        "offset": source.offset,
        "bytes": mail.size,
        "sha256": source.sha256,
        "evidence": str(source.evidence),
        "enclosed_in": source.enclosed_in,
    }
