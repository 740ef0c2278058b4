"""The object view of messages that the kernel read: hops made of the columns, and what
follows from them in Python (receiving.py, path.py), each worked out once and only where
somebody asks."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import accumulate
from typing import Any, NamedTuple

from firsthop.evidence.bulk.header import message_of
from firsthop.evidence.bulk.native.content import native_content
from firsthop.evidence.bulk.native.questions import Answered, Asked
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.path.path import Boundary, find_boundary, path_of, trust_of
from firsthop.evidence.path.receiving import Receiving, receiving_of
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.schema.columns import Values
from firsthop.evidence.timestamp import Stamp, match_stamp
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers

# a NamedTuple of its values, in order
_new = tuple.__new__
_hop: Callable[[tuple[Any, ...]], Hop] = partial(tuple.__new__, Hop)
_COLUMN_OF = {"by": "by_host"}  # where a column is not called as the hop's field
_LISTS = frozenset(("repairs", "value_lost", "unread", "notes"))
_STAMP = ("stamp_raw", "stamp", "stamp_offset_minutes", "stamp_zone_name", "stamp_defects")


class PathRead(NamedTuple):
    """The hops of a message, and how far they are believed."""

    hops: Sequence[Hop]
    receiving: Receiving
    top: int  # index of the hand-over
    boundary: Boundary


@dataclass(frozen=True)
class Views:
    """The views of a batch, made of its tables."""

    mails: Sequence[RawMail]
    own: OwnServers
    answered: Answered
    messages: Mapping[str, Values]
    hops: Mapping[str, Values]
    bounds: array[int]  # of the fields of the messages that were read, one behind the other

    @property
    def counts(self) -> Values:
        """How many hops each message has."""
        return self.messages["hops"]

    def facts(self, number: int, store: DnsStore) -> MessageFacts:
        """All facts of a message."""
        if whole := self.answered.facts.get(number):
            return replace(whole, dns=store, quick_content=native_content)
        mail = self.mails[number]
        message = message_of(mail.source, mail.data, *self._headers[number])
        hops, receiving, top, boundary = self.paths[number]
        path = path_of(message.all("received"), hops, receiving, (top, boundary))
        return establish(message, self.own, store, path, native_content)

    @cached_property
    def _headers(self) -> list[tuple[list[str], list[int]]]:
        """The names of the fields of all messages, and where they begin and stop; of
        those that were handed over whole nothing is known here."""
        bounds, at = self.bounds.tolist(), 0
        headers: list[tuple[list[str], list[int]]] = []
        for number, names in enumerate(self.messages["field_names"]):
            stop = at if number in self.answered.facts else at + len(names) + 1
            headers.append((names, bounds[at:stop]))
            at = stop
        return headers

    @cached_property
    def paths(self) -> Sequence[PathRead]:
        """The paths of all messages."""
        starts = list(accumulate(self.counts, initial=0))
        return [
            self._path(number, self._hops[start : start + count])
            for number, (start, count) in enumerate(zip(starts, self.counts, strict=False))
        ]

    def _path(self, number: int, hops: Sequence[Hop]) -> PathRead:
        if whole := self.answered.facts.get(number):
            boundary = whole.path.boundary
            top = -1 if boundary.position is None else len(hops) - boundary.position
            return PathRead(hops, whole.path.receiving, top, boundary)
        receiving = receiving_of(hops, self.own, published=False)
        return PathRead(hops, receiving, *find_boundary(hops, receiving))

    @cached_property
    def _hops(self) -> list[Hop]:
        """All hops, in the order of the table."""
        columns = self.hops
        values: dict[str, Values] = {
            name: columns[_COLUMN_OF.get(name, name)] for name in Hop._fields if name != "stamp"
        }
        values["stamp"] = list(map(_stamp, *(columns[name] for name in _STAMP)))
        for name in _LISTS:
            values[name] = [tuple(one) if one else () for one in values[name]]
        hops = list(map(_hop, zip(*(values[name] for name in Hop._fields), strict=True)))
        for row, hop in self._read_in_python():
            hops[row] = hop
        return hops

    def _read_in_python(self) -> list[tuple[int, Hop]]:
        """Hops by their rows in the table: the rows of messages that were handed over
        whole stand behind all others in the kernel, and in their places here."""
        facts, hops = self.answered.facts, self.answered.hops
        appended = (count if number in facts else 0 for number, count in enumerate(self.counts))
        before = list(accumulate(appended, initial=0))
        lines = [one for one in self.answered.questions if one.kind == Asked.LINE]
        found = [(one.row + before[one.message], hops[one.row]) for one in lines]
        starts = list(accumulate(self.counts, initial=0))
        for number, whole in facts.items():
            found += enumerate((step.hop for step in whole.path.steps), starts[number])
        return found

    def trust(self) -> Values:
        """The column `trust` of the hops."""
        return [
            str(trust_of(index, path.top)) for path in self.paths for index in range(len(path.hops))
        ]

    def boundary(self, part: str) -> Values:
        """A column of the messages that is taken from the boundary."""
        return [getattr(path.boundary, part) for path in self.paths]


def _stamp(
    raw: str | None, instant: int | None, offset: int | None, name: str | None, defects: Any
) -> Stamp | None:
    if raw is None:
        return None
    if instant is None:  # before 1970 or beyond 9999, which no column holds
        return match_stamp(raw)[0]
    wall = instant + (offset or 0) * 60
    return _new(Stamp, (raw, instant, offset, name, wall, tuple(defects) if defects else ()))
