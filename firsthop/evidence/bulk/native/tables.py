"""What the kernel is given when it is loaded: the pattern of a line, what dialects ask
of the texts that a form leaves open, the words of a boundary. All of it comes from
where the Python path has it: nothing is written a second time."""

from __future__ import annotations

from firsthop.evidence.bulk.native import wire
from firsthop.evidence.bulk.native.programs import program
from firsthop.evidence.path.path import Trust, find_boundary
from firsthop.evidence.path.receiving import receiving_of
from firsthop.evidence.received import dialects
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line_templates import (
    AS_IS,
    BY,
    FROM,
    ID,
    LINE,
    MAX_FAST,
    MAX_FROM,
    VARIABLES,
    WRITER,
)
from firsthop.evidence.schema.columns import Column
from firsthop.evidence.schema.hop import HOPS
from firsthop.evidence.schema.message import MESSAGES
from firsthop.evidence.timestamp import ZONES
from firsthop.mail.field_names import ONCE
from firsthop.settings import OwnServers

_OPEN = ("by_comment", "by", "from", "id")  # the parts that the kernel asks
_MARK = "\0"
_KINDS = {"VARCHAR": "t", "BIGINT": "i", "INTEGER": "i", "BOOLEAN": "b", "VARCHAR[]": "l"}
# the columns of messages that the kernel fills: all but those of the source
MESSAGE_COLUMNS = tuple(column for column in MESSAGES.columns if column.part != "source")
HOP_COLUMNS = HOPS.columns
RECOGNISERS = {id(one): number for number, one in enumerate(dialects._ALL)}


def tables() -> bytes:
    """All of it, as the kernel reads it."""
    return b"".join(
        (
            program(LINE.pattern, LINE.flags),
            wire.u32s(tuple(VARIABLES)),
            wire.u32s(AS_IS),
            *map(wire.u32, (BY, FROM, ID, WRITER, MAX_FAST, MAX_FROM)),
            _dialects(),
            wire.many([wire.counted(name.encode()) for name in sorted(ONCE)]),
            *_unknown(),
            wire.many(
                [wire.counted(name.encode()) + wire.i64(east) for name, east in ZONES.items()]
            ),
        )
    )


def kind(column: Column) -> str:
    """What the kernel calls a column's type."""
    return "i" if column.type.startswith("TIMESTAMP") else _KINDS[column.type]


def schema() -> str:
    """The columns as the kernel tells its own."""
    messages = ",".join(f"{column.name} {kind(column)}" for column in MESSAGE_COLUMNS)
    hops = ",".join(("message i", *(f"{column.name} {kind(column)}" for column in HOP_COLUMNS)))
    return f"{messages};{hops}"


def fits() -> bool:
    """Whether there are no more alternatives than the kernel's masks have bits."""
    return len(RECOGNISERS) <= wire.MASK_BITS


def _dialects() -> bytes:
    _, _, asks = dialects.candidates((1 << len(RECOGNISERS)) - 1)
    order = [
        wire.u32(RECOGNISERS[id(one)]) + wire.u32(not rest and "by" not in dict(one.patterns))
        for _, one, rest in asks
    ]
    return wire.many(order) + b"".join(map(_asking, _OPEN))


def _asking(part: str) -> bytes:
    asking = dialects._ASKING[part]
    asked = [
        wire.bits(mask) + program(expression.pattern, expression.flags)
        for mask, expression in asking.all
    ]
    return wire.bits(asking.nothing) + wire.many(asked)


def _unknown() -> list[bytes]:
    """What is told of the boundary where nothing is known of the receiver, cut around
    the name of the topmost line's writer."""
    silent = OwnServers()
    reasons = []
    for hops in ([], [Hop("")], [Hop("", by=_MARK)]):
        top, boundary = find_boundary(hops, receiving_of(hops, silent, published=False))
        if top >= 0 or boundary.position is not None:
            raise ValueError("nothing is known, and yet a line is believed")
        reasons.append(boundary.reason)
    none, nobody, named = reasons
    return [
        wire.counted(text.encode()) for text in (none, nobody, *named.split(_MARK), Trust.CLAIMED)
    ]
