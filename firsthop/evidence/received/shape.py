"""Does a line have the shape that the server it names gives its lines? Which parts
break it (`shapes.toml`).

A broken shape is a mark against the line, worth what was counted: servers are
configured, patched and redacted."""

from __future__ import annotations

import re

from firsthop.evidence.received.hop import Hop
from firsthop.evidence.timestamp import find_stamp
from firsthop.system.expression import Expression
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import demand, package_table

_BY = compiled(r"\sby\s", re.IGNORECASE)
PARTS = ("queue_id", "protocol", "stamp")


class Shape(NamedTuple):
    """The patterns of one dialect, and the parts its lines always have."""

    patterns: tuple[tuple[str, Expression], ...]
    needs: tuple[str, ...]


def _shape(dialect: str, table: dict[str, str | list[str]]) -> Shape:
    demand(f"shapes.toml {dialect}", table, {*PARTS, "needs"})
    return Shape(
        tuple(
            (part, Expression(f"shapes.toml {dialect}", str(table[part])))
            for part in PARTS
            if part in table
        ),
        tuple(table.get("needs", ())),
    )


SHAPES = {
    dialect: _shape(dialect, table)
    for dialect, table in package_table("firsthop.evidence.received", "shapes.toml").items()
}


def broken_parts(hop: Hop) -> tuple[str, ...] | None:
    """The parts of a line that break its dialect's shape; None where no shape is known
    or the line is not the dialect's SMTP line."""
    shape = SHAPES.get(hop.dialect or "")
    if shape is None or hop.kind not in ("smtp", "lmtp"):
        return None
    texts = {
        "queue_id": hop.queue_id,
        "protocol": hop.protocol,
        "stamp": hop.stamp.raw if hop.stamp else None,
    }
    broken = [f"no_{part}" for part in shape.needs if not texts[part]]
    for part, pattern in shape.patterns:
        text = texts[part]
        if text and not pattern.search(text):
            broken.append(part)
    return tuple(broken)


def stands_in_for_address(hop: Hop) -> str | None:
    """A date where a line should name its client's address: no server writes that, some
    mailing kits do."""
    if hop.client_address or hop.raw[:5].lower() != "from ":
        return None
    client = _BY.split(hop.raw[:1_000], maxsplit=1)[0]
    stamp = find_stamp(client)
    return stamp[0].raw if stamp else None
