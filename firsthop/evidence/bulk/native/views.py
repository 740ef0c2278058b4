"""The object view of messages that the kernel read: hops and claims made of what it
writes for all of them at once (kernel/src/views.rs), and what follows from them in
Python (receiving.py, path.py), each worked out once and only where somebody asks."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, NamedTuple

from firsthop.evidence.bulk.header import message_of
from firsthop.evidence.bulk.native import wire
from firsthop.evidence.bulk.native.content import native_content
from firsthop.evidence.bulk.native.library import KernelError, NativeBatch
from firsthop.evidence.bulk.native.questions import Answered, Asked
from firsthop.evidence.bulk.native.tables import HOP_COLUMNS, MESSAGE_COLUMNS
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.identity.author import read_author
from firsthop.evidence.identity.identities import Claim, FieldState, claim
from firsthop.evidence.path.path import Boundary, find_boundary, path_of, trust_of
from firsthop.evidence.path.receiving import Receiving, receiving_of
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.schema.columns import Values
from firsthop.evidence.timestamp import Stamp, find_stamp, match_stamp
from firsthop.mail.message import Field
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers
from firsthop.system.cached_property import cached_property

# NamedTuples of their values, in order
_new = tuple.__new__
_hop: Callable[[list[Any]], Hop] = partial(tuple.__new__, Hop)
_STAMP = Hop._fields.index("stamp")
_COLUMN_OF = {"by": "by_host", "stamp": "stamp_raw"}  # where a column is called otherwise
_OF_MESSAGE = (
    *("message_id", "subject", "mailer"),
    *("date_raw", "date", "date_offset_minutes", "date_zone_name", "date_defects"),
)
_ABSENT = Claim(None, FieldState.ABSENT)


class PathRead(NamedTuple):
    """The hops of a message, and how far they are believed."""

    hops: Sequence[Hop]
    receiving: Receiving
    top: int  # index of the hand-over
    boundary: Boundary


class Row(NamedTuple):
    """What the kernel tells of a message."""

    names: tuple[str, ...]  # of its fields
    keys: tuple[str, ...]  # the same in lower case
    bounds: tuple[int, ...]  # where each of them begins, and where the last one stops
    columns: tuple[Any, ...]  # those of _OF_MESSAGE
    first: int  # the kernel's row of its first line
    hops: tuple[list[Any], ...]  # the columns of each of its lines, in the order of Hop


_WHOLE = Row((), (), (0,), (), 0, ())  # nothing is told of what was handed over whole


@dataclass(frozen=True)
class Views:
    """The views of a batch."""

    mails: Sequence[RawMail]
    own: OwnServers
    answered: Answered
    native: NativeBatch

    def facts(self, number: int, store: DnsStore) -> MessageFacts:
        """All facts of a message."""
        if whole := self._whole.get(number):
            return replace(whole, dns=store, quick_content=native_content)
        mail, row = self.mails[number], self._rows[number]
        message = message_of(mail.source, mail.data, row.names, row.bounds, row.keys)
        hops, receiving, top, boundary = self.paths[number]
        path = path_of(message.all("received"), hops, receiving, (top, boundary))
        message_id, subject, mailer, *date = row.columns
        date_field = claim(message, "date")
        return MessageFacts(
            message,
            path,
            _claim(message.first("message-id"), message_id),
            read_author(message),
            _claim(message.first("subject"), subject),
            date_field,
            _date(date_field, *date),
            _claim(message.first("x-mailer") or message.first("user-agent"), mailer),
            store,
            native_content,
        )

    @cached_property
    def _rows(self) -> Sequence[Row]:
        """What the kernel tells of each message; nothing where it fails."""
        try:
            told = marshal.loads(self.native.views(_wanted()))  # noqa: S302 - the kernel wrote it
        except KernelError:
            return ()
        return [_new(Row, one) if one else _WHOLE for one in told]

    @cached_property
    def _whole(self) -> Mapping[int, MessageFacts]:
        """The facts of messages that Python read: those that were handed over whole, or
        all where the kernel fails."""
        if self._rows:
            return self.answered.facts
        return {
            number: establish(read_mail(mail), self.own) for number, mail in enumerate(self.mails)
        }

    @cached_property
    def paths(self) -> Sequence[PathRead]:
        """The paths of all messages."""
        whole, in_python = self._whole, self._read_in_python
        return [
            _path_of(whole[number])
            if number in whole
            else self._path(self._rows[number].hops, in_python.get(number, {}))
            for number in range(len(self.mails))
        ]

    def _path(self, told: Sequence[list[Any]], in_python: Mapping[int, Hop]) -> PathRead:
        for columns in told:
            columns[_STAMP] = _stamp(columns[_STAMP])
        hops = list(map(_hop, told))
        for place, hop in in_python.items():
            hops[place] = hop
        receiving = receiving_of(hops, self.own, published=False)
        return PathRead(hops, receiving, *find_boundary(hops, receiving))

    @property
    def _read_in_python(self) -> dict[int, dict[int, Hop]]:
        """The hops of single lines that were handed over, by message and place."""
        found: dict[int, dict[int, Hop]] = {}
        for one in self.answered.questions:
            if one.kind == Asked.LINE and self._rows:
                place = one.row - self._rows[one.message].first
                found.setdefault(one.message, {})[place] = self.answered.hops[one.row]
        return found

    def trust(self) -> Values:
        """The column `trust` of the hops."""
        return [
            str(trust_of(index, path.top)) for path in self.paths for index in range(len(path.hops))
        ]

    def boundary(self, part: str) -> Values:
        """A column of the messages that is taken from the boundary."""
        return [getattr(path.boundary, part) for path in self.paths]


def _path_of(facts: MessageFacts) -> PathRead:
    """That of a message whose facts are there."""
    boundary, hops = facts.path.boundary, [step.hop for step in facts.path.steps]
    top = -1 if boundary.position is None else len(hops) - boundary.position
    return PathRead(hops, facts.path.receiving, top, boundary)


@cache
def _wanted() -> bytes:
    """The columns that the kernel tells, by their numbers."""
    messages = {column.name: number for number, column in enumerate(MESSAGE_COLUMNS)}
    hops = {column.name: number for number, column in enumerate(HOP_COLUMNS, 1)}
    of_hop = [hops[_COLUMN_OF.get(name, name)] for name in Hop._fields]
    return wire.u32s([messages[name] for name in _OF_MESSAGE]) + wire.u32s(of_hop)


def _claim(field: Field | None, value: str | None) -> Claim:
    if value is not None:
        return _new(Claim, (value, FieldState.PRESENT, field))
    return _ABSENT if field is None else Claim(None, FieldState.EMPTY, field)


def _date(
    field: Claim,
    raw: str | None,
    instant: int | None,
    offset: int | None,
    name: str | None,
    defects: tuple[str, ...],
) -> Stamp | None:
    """The time of a Date field."""
    if raw is None or field.value is None:
        return None
    if instant is None:  # as in _stamp
        found = find_stamp(field.value)
        return found[0] if found else None
    return _new(Stamp, (raw, instant, offset, name, instant + (offset or 0) * 60, defects))


def _stamp(told: tuple[Any, ...] | str | None) -> Stamp | None:
    """The time of a line; the kernel gives its text alone where it is before 1970 or
    beyond 9999, which no column holds."""
    if told is None:
        return None
    return match_stamp(told)[0] if isinstance(told, str) else _new(Stamp, told)
