"""The columns of the bulk path: rows as they come in, turned into one list a column at
the end of a batch.

Names, order and values are those of a case's tables (case/parquet/columns.py; a test
compares them). A number that no column holds is None."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.queue_id import QueueId
from firsthop.evidence.timestamp import Stamp

LAST_INSTANT = 253_402_300_799  # 9999-12-31T23:59:59Z
LARGEST_NUMBER = 2**63 - 1
Columns = dict[str, list[Any]]

_CLAIM = ("", "_state", "_start", "_stop")
MESSAGE_ROW = (
    *(f"message_id{part}" for part in _CLAIM),
    "from_display_name",
    "from_address",
    "from_local_part",
    "from_domain",
    "from_start",
    "from_stop",
    *(f"subject{part}" for part in _CLAIM),
    "date",
    "date_start",
    "date_stop",
    *(f"mailer{part}" for part in _CLAIM),
    "hops",
    "boundary_position",
    "boundary_reason",
    "field_names",
    "defects",
)
_LISTS = ("repairs", "value_lost", "unread", "notes")
_RENAMED = {"by": "by_host"}
_NOT_STORED = ("via", "orcpt")


class Rows:
    """The rows of a batch."""

    def __init__(self) -> None:
        self._messages: list[tuple[Any, ...]] = []
        self._hops: list[Hop] = []
        self._places: Columns = {
            name: [] for name in ("message", "position", "trust", "span_start", "span_stop")
        }

    def add_message(self, row: tuple[Any, ...]) -> None:
        """One message in the order of MESSAGE_ROW, its date as a Stamp."""
        self._messages.append(row)

    def add_hops(
        self, hops: Sequence[Hop], trusts: list[str], spans: Sequence[tuple[int | None, int | None]]
    ) -> None:
        """The hops of the message that was added last."""
        if not hops:
            return
        self._hops += hops
        starts, stops = zip(*spans, strict=True)
        places = [len(self._messages) - 1] * len(hops), range(len(hops), 0, -1)
        new: tuple[Iterable[Any], ...] = (*places, trusts, starts, stops)
        for column, values in zip(self._places.values(), new, strict=True):
            column.extend(values)

    def messages(self) -> Columns:
        """The messages, column by column."""
        columns = _transposed(MESSAGE_ROW, self._messages)
        return columns | _stamps("date", columns["date"])

    def hops(self) -> Columns:
        """The hops, column by column."""
        columns = _transposed(Hop._fields, self._hops)
        for name in _LISTS:
            columns[name] = [list(values) for values in columns[name]]
        columns["client_port"] = [_fitting(port, LARGEST_NUMBER) for port in columns["client_port"]]
        stamps = _stamps("stamp", columns["stamp"])
        ids = _queue_ids([hop.queue_id_decoded for hop in self._hops])
        kept = {
            _RENAMED.get(name, name): values
            for name, values in columns.items()
            if name not in _NOT_STORED
        }
        return self._places | kept | stamps | ids


def _transposed(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Columns:
    values = zip(*rows, strict=True) if rows else [()] * len(names)
    return {name: list(column) for name, column in zip(names, values, strict=True)}


def _stamps(name: str, stamps: list[Stamp | None]) -> Columns:
    return {
        name: [None if s is None else _fitting(s.instant, LAST_INSTANT) for s in stamps],
        f"{name}_raw": [None if s is None else s.raw for s in stamps],
        f"{name}_offset_minutes": [None if s is None else s.utc_offset for s in stamps],
        f"{name}_zone_name": [None if s is None else s.zone_name for s in stamps],
        f"{name}_defects": [[] if s is None else list(s.defects) for s in stamps],
    }


def _queue_ids(ids: list[QueueId | None]) -> Columns:
    takes: tuple[tuple[str, Callable[[QueueId], Any]], ...] = (
        ("scheme", lambda i: i.scheme),
        ("time", lambda i: _fitting(i.instant, LAST_INSTANT)),
        ("microseconds", lambda i: _fitting(i.microseconds, LARGEST_NUMBER)),
        ("inode", lambda i: _fitting(i.inode, LARGEST_NUMBER)),
        ("pid", lambda i: _fitting(i.pid, LARGEST_NUMBER)),
        ("possible", lambda i: i.possible),
    )
    return {
        f"queue_id_{part}": [None if i is None else take(i) for i in ids] for part, take in takes
    }


def _fitting(value: int | None, largest: int) -> int | None:
    """A number that the column can hold, or None."""
    return value if value is not None and 0 <= value <= largest else None
