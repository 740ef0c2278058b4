"""An entry of the journal for a command that leaves the case as it is: what went out of
it, who checked it.

Form:       {"sequence","previous","tool","version","action","arguments","time",
            "result","out","sha256"}; `out` is null where nothing went out, else
            {"path","tlp","scan","files"}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from firsthop.case.arguments import Arguments, arguments_object, read_arguments
from firsthop.case.file_digest import FileDigest, are_file_digests


class WentOut(NamedTuple):
    """Files that went out of a case."""

    path: str  # the folder of a set, or the file of a pack: as seen from the case folder
    tlp: str | None  # its level; None where it has none
    scan: str | None  # what the search for leaks said; None where none was made
    files: tuple[FileDigest, ...]  # sorted by name


@dataclass(frozen=True, slots=True)
class Event:
    """One entry that changes nothing of the case."""

    sequence: int  # from 1, counted through all entries
    previous: str
    tool: str
    version: str
    action: str
    arguments: Arguments
    time: str | None  # RFC 3339, as the operator gave it
    result: str
    out: WentOut | None

    def says_the_same(self, other: Event) -> bool:
        """Whether another entry would tell nothing new; one without a time never tells
        a new time."""
        mine, others = (
            (one.tool, one.version, one.action, one.arguments, one.result, one.out)
            for one in (self, other)
        )
        return mine == others and other.time in (None, self.time)


def event_object(event: Event) -> dict[str, Any]:
    """As a JSON object, without the digest."""
    return {
        "sequence": event.sequence,
        "previous": event.previous,
        "tool": event.tool,
        "version": event.version,
        "action": event.action,
        "arguments": arguments_object(event.arguments),
        "time": event.time,
        "result": event.result,
        "out": event.out
        and {**event.out._asdict(), "files": [file._asdict() for file in event.out.files]},
    }


def read_event(body: dict[str, Any]) -> Event:
    """The event in a JSON object. TypeError, KeyError or ValueError where it is
    none."""
    told = body.pop("out")
    out = None if told is None else _read_out(told)
    event = Event(arguments=read_arguments(body.pop("arguments")), out=out, **body)
    texts = (event.previous, event.tool, event.version, event.action, event.result)
    if not all(type(text) is str for text in texts) or type(event.sequence) is not int:
        raise TypeError
    if event.time is not None and type(event.time) is not str:
        raise TypeError
    return event


def _read_out(told: dict[str, Any]) -> WentOut:
    files = tuple(FileDigest(**file) for file in told.pop("files"))
    out = WentOut(files=files, **told)
    if type(out.path) is not str or not are_file_digests(files):
        raise TypeError
    if not all(text is None or type(text) is str for text in (out.tlp, out.scan)):
        raise TypeError
    return out
