"""What else a header tells about the path, each in its place between the hops: origins
that webmail names, seals, deliveries, forwarding.

A field that stands above the hand-over line was put there by the reader's own servers,
or by none that the sender could reach; below it is claimed like everything else.
Sources: RFC 8617 (ARC), RFC 5321 section 4.4 (Return-Path), Microsoft's X-MS-Exchange-*
         headers, Google's X-Received and X-Forwarded-*; X-Originating-IP and its kin
         are a habit of webmail without a standard.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from firsthop.evidence.host.address import read_address
from firsthop.evidence.path.path import Path, Trust
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line_templates import read_hop
from firsthop.evidence.tag_list import told_first
from firsthop.mail.field_names import DELIVERY, EXCHANGE, HANDED_ON, ORIGIN, SEAL_AND_TRACE
from firsthop.mail.message import Field, Message
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_READ = ORIGIN | DELIVERY | HANDED_ON | EXCHANGE | SEAL_AND_TRACE
_ADDRESS = compiled(r"\[?([0-9A-Fa-f:.]{7,45})\]?")


class TraceField(NamedTuple):
    """One field that belongs to the path."""

    kind: str  # received | origin | seal | delivery | return_path | forwarding | exchange
    key: str  # the field's name in lower case
    # the address of an origin, "i=1 d=example.net cv=none" of a seal, the text of the
    # rest
    value: str
    above: int  # position of the hop whose line stands next below; 0: below all of them
    trust: Trust
    field: Field
    hop: Hop | None = None  # what an X-Received line tells


def trace_fields(message: Message, path: Path) -> tuple[TraceField, ...]:
    """The trace fields of a message in the order of its header. Never raises."""
    in_order = []
    lines = [step.field.span.start for step in path.steps]
    for field in message.among(_READ):
        if told := _tell(field):
            kind, value, hop = told
            above = _above(field, lines)
            in_order.append(
                TraceField(kind, field.key, value, above, _trust(above, path), field, hop)
            )
    return tuple(in_order)


def _above(field: Field, lines: list[int]) -> int:
    """The position of the step whose line, of those that start at `lines`, stands next
    below the field."""
    return len(lines) - bisect_right(lines, field.span.start)


def _trust(above: int, path: Path) -> Trust:
    boundary = path.boundary.position
    return Trust.TRUSTED if boundary is not None and above >= boundary else Trust.CLAIMED


def _tell(field: Field) -> tuple[str, str, Hop | None] | None:
    """Kind, value and hop of a field among _READ; None for an origin without an
    address."""
    key = field.key
    if key == "x-received":
        return "received", field.value, read_hop(field.value)
    if key in ORIGIN:
        address = next(_addresses(field.value), None)
        return ("origin", address, None) if address else None
    if key == "arc-seal":
        tags = dict(told_first(field.value, "i", "d", "cv"))
        return (
            "seal",
            " ".join(f"{tag}={tags[tag]}" for tag in ("i", "d", "cv") if tag in tags),
            None,
        )
    if key in DELIVERY or key in HANDED_ON or key == "return-path":
        kind = (
            "delivery" if key in DELIVERY else "forwarding" if key in HANDED_ON else "return_path"
        )
        return kind, field.value, None
    return "exchange", field.value, None


def _addresses(text: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(text):
        if address := read_address(match[1]):
            yield address.text
