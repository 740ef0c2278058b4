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
from firsthop.mail.field_names import PATH_KINDS
from firsthop.mail.message import Field, Message
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_SEAL_TAGS = ("i", "d", "cv")
_new = tuple.__new__  # a NamedTuple in half the time of its own constructor
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

    @property
    def hop(self) -> Hop | None:
        """What an X-Received line tells."""
        return read_hop(self.value) if self.kind == "received" else None


def trace_fields(message: Message, path: Path) -> tuple[TraceField, ...]:
    """The trace fields of a message in the order of its header. Never raises."""
    in_order = []
    lines = [step.field.span.start for step in path.steps]
    for field in message.among(PATH_KINDS.keys()):
        key = field.key
        kind = PATH_KINDS[key]
        if (value := _tell(kind, field.value)) is None:
            continue
        above = _above(field, lines)
        told = (kind, key, value, above, _trust(above, path), field)
        in_order.append(_new(TraceField, told))
    return tuple(in_order)


def _above(field: Field, lines: list[int]) -> int:
    """The position of the step whose line, of those that start at `lines`, stands next
    below the field."""
    return len(lines) - bisect_right(lines, field.span.start)


def _trust(above: int, path: Path) -> Trust:
    boundary = path.boundary.position
    return Trust.TRUSTED if boundary is not None and above >= boundary else Trust.CLAIMED


def _tell(kind: str, value: str) -> str | None:
    """What a field of such a kind tells; None for an origin without an address."""
    if kind == "origin":
        return next(_addresses(value), None)
    if kind == "seal":
        tags = dict(told_first(value, *_SEAL_TAGS))
        return " ".join([f"{tag}={tags[tag]}" for tag in _SEAL_TAGS if tag in tags])
    return value


def _addresses(text: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(text):
        if address := read_address(match[1]):
            yield address.text
