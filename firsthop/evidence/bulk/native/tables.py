"""What the kernel is given when it is loaded: the pattern of a line, what dialects ask
of the texts that a form leaves open, the words of a boundary. All of it comes from
where the Python path has it: nothing is written a second time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firsthop.evidence import kept_fields, timestamp
from firsthop.evidence.bulk.native import clauses, wire
from firsthop.evidence.bulk.native.clauses import LINE
from firsthop.evidence.bulk.native.programs import program
from firsthop.evidence.path.path import Trust, find_boundary
from firsthop.evidence.path.receiving import receiving_of
from firsthop.evidence.received import dialects
from firsthop.evidence.received.dialects import (
    DIALECTS,
    LOOK,
    Dialect,
    Recogniser,
    notes_fit,
    own_values,
)
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line import BLANK
from firsthop.evidence.received.line_templates import (
    MAX_FAST,
    MAX_FORMS,
    MAX_FROM,
)
from firsthop.evidence.received.names import known
from firsthop.evidence.received.phrases import ADDRESSES
from firsthop.evidence.schema.columns import Column
from firsthop.evidence.schema.hop import HOPS
from firsthop.evidence.schema.kept_field import HEADER_FIELDS
from firsthop.evidence.schema.message import MESSAGES
from firsthop.mail.field_names import ONCE
from firsthop.settings import OwnServers
from firsthop.system.expression import Expression

_OPEN = ("by_comment", "by", "from", "id")  # the parts that the kernel asks
_MARK = "\0"
# the parts of a written time, in the order in which the kernel knows them
_PARTS_OF_TIMES = (
    *("weekday", "day", "month", "monthnumber", "year", "hour", "minute", "second"),
    *("half", "zone", "name", "first", "other"),
)
_KINDS = {"VARCHAR": "t", "BIGINT": "i", "INTEGER": "i", "BOOLEAN": "b", "VARCHAR[]": "l"}


def kind(column: Column) -> str:
    """What the kernel calls a column's type."""
    return "i" if column.type.startswith("TIMESTAMP") else _KINDS[column.type]


# the columns of messages that the kernel fills: all but those of the source
MESSAGE_COLUMNS = tuple(column for column in MESSAGES.columns if column.part != "source")
HOP_COLUMNS = HOPS.columns
NOBODY = -1  # no dialect
DIALECT_NUMBERS = {key: number for number, key in enumerate(DIALECTS)}
# the columns that clauses fill, by the hop's fields
COLUMN_OF = {
    column.part: (number, kind(column))
    for number, column in enumerate(HOP_COLUMNS, 1)  # `message` stands in front
    if column.part in Hop._fields and column.part not in {"raw", "stamp"}
}
RECOGNISERS = {id(one): number for number, one in enumerate(dialects._ALL)}


def tables() -> bytes:
    """All of it, as the kernel reads it."""
    return b"".join(
        (
            program(LINE.expression.pattern, LINE.expression.flags),
            *map(wire.u32, (LINE.by, LINE.from_, LINE.id, LINE.writer)),
            *map(wire.u32, (MAX_FAST, MAX_FROM, MAX_FORMS, LOOK)),
            program(known().pattern, known().flags),
            clauses.told(),
            _blank(),
            wire.many([_alternative(one) for one in dialects._ALL]),
            wire.many([_known(one) for one in DIALECTS.values()]),
            _dialects(),
            wire.many([wire.counted(name.encode()) for name in sorted(ONCE)]),
            *_unknown(),
            _times(),
            _kept_fields(),
        )
    )


def schema() -> str:
    """The columns as the kernel tells its own."""
    messages = ",".join(f"{column.name} {kind(column)}" for column in MESSAGE_COLUMNS)
    rest = (
        ",".join(("message i", *(f"{column.name} {kind(column)}" for column in columns)))
        for columns in (HOP_COLUMNS, HEADER_FIELDS.columns)
    )
    return ";".join((messages, *rest))


def fits() -> bool:
    """Whether there are no more alternatives than the kernel's masks have bits."""
    return len(RECOGNISERS) <= wire.MASK_BITS


def _times() -> bytes:
    """Written times: their expressions, which group of them is which part, and the
    zones."""
    forms = [program(form.pattern, form.flags) + _groups(form) for form in timestamp.FORMS]
    zones = timestamp.ZONES.items()
    return b"".join(
        (
            program(timestamp.USUAL.pattern, timestamp.USUAL.flags),
            program(timestamp.START.pattern, timestamp.START.flags),
            wire.many(forms),
            wire.many([wire.counted(name.encode()) + wire.i64(east) for name, east in zones]),
        )
    )


def _kept_fields() -> bytes:
    """Which header fields are kept, and how much of them."""
    names, but = (
        wire.many([wire.counted(name.encode()) for name in some])
        for some in (sorted(kept_fields.NAMES), kept_fields.OF_RECEIVERS)
    )
    front = wire.counted(kept_fields.OF_PROGRAMS.encode())
    limits = wire.u32(kept_fields.MAX_FIELDS) + wire.u32(kept_fields.MAX_BYTES)
    return names + front + but + limits


def _groups(form: Expression) -> bytes:
    groups = form.compile().groupindex
    return wire.u32s([groups.get(part, 0) for part in _PARTS_OF_TIMES])


def _dialects() -> bytes:
    order = [
        wire.u32(number) + wire.u32(dialects.SETTLING >> number & 1)
        for number in range(len(RECOGNISERS))
    ]
    return wire.many(order) + b"".join(map(asking, _OPEN))


def asking(part: str) -> bytes:
    """What the alternatives ask of a part of a line."""
    told = dialects._ASKING[part]
    asked = [wire.bits(mask) + program(one.pattern, one.flags) for mask, one in told.all]
    return wire.bits(told.nothing) + wire.many(asked)


def _blank() -> bytes:
    """A hop of which nothing is known."""
    told = {name: value for name, value in BLANK.items() if name in COLUMN_OF}
    return columns({name: constant(name, v) for name, v in told.items() if v not in (None, ())})


def _alternative(one: Recogniser) -> bytes:
    """What an alternative says of its lines: unless they say otherwise, and before all;
    and whether an address may stand in the comment that it asks for."""
    told = (
        columns({name: constant(name, value) for name, value in of.items()})
        for of in (one.implies, one.says)
    )
    writer = f"a.example ({LINE.marker(LINE.writer)})"
    return b"".join(
        (
            wire.i64(DIALECT_NUMBERS[one.dialect.key]),
            wire.u32(notes_fit(one, writer)),
            *told,
        )
    )


def _known(dialect: Dialect) -> bytes:
    """What a dialect knows behind "from", and whether it reads an address there."""
    own = own_values(dialect, "from")
    expressions = own.expressions() if own else []
    reads_addresses = any({*ADDRESSES} & {*one.names()} for one in expressions)
    return wire.u32(reads_addresses) + wire.many(
        [program(one.pattern, one.flags) for one in expressions]
    )


def columns(told: Mapping[str, bytes]) -> bytes:
    """Fields of a hop with where each comes from, by the kinds of their columns."""
    parts: dict[str, list[bytes]] = {"t": [], "i": [], "b": [], "l": []}
    for name, source in told.items():
        number, of = COLUMN_OF[name]
        parts[of].append(wire.u32(number) + source)
    return b"".join(wire.many(parts[one]) for one in "tibl")


def constant(name: str, value: Any) -> bytes:
    """A value that is the same in every line."""
    of = COLUMN_OF[name][1]
    if of == "l":
        return wire.many([wire.counted(one.encode()) for one in value])
    if of == "t":
        return wire.u32(2) + wire.counted(value.encode())
    return (wire.u32(2) if of == "i" else b"") + wire.i64(value)


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
