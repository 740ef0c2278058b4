"""The path of a message: its hops newest first, and how far they can be believed.

Trust runs from the reader's own servers downward. The last line that one of them wrote is the boundary; its client address is the hand-over, and
everything below is claimed by whoever sent the message. Without own servers the boundary is unknown and says what would fix it: it is never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from firsthop.evidence.address_space import Space, space_of
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.read import read_received
from firsthop.mail.message import Field, Message
from firsthop.settings import OwnServers


class Trust(StrEnum):
    """Who vouches for a hop's line."""

    TRUSTED = "trusted"  # one of the reader's own servers wrote it
    HANDOVER = "handover"  # the last such line: its client address is the first fact about the outside
    CLAIMED = "claimed"  # whoever sent the message may have written it


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where belief ends: the position of the hand-over hop, or None with the reason."""

    position: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """A hop in its place on the path."""

    position: int  # 1 = nearest the origin
    hop: Hop
    field: Field  # the line's bytes
    trust: Trust


@dataclass(frozen=True, slots=True)
class Path:
    """The steps of a message, newest first."""

    steps: tuple[Step, ...]
    boundary: Boundary

    @property
    def first_smtp(self) -> Step | None:
        """The step nearest the origin at which a server took the message over from a client it names; None where no line tells one."""
        return next((s for s in reversed(self.steps) if s.hop.kind in ("smtp", "http") and (s.hop.client_address or s.hop.helo)), None)


def trace_path(message: Message, own: OwnServers) -> Path:
    """The path that the Received fields of a message tell."""
    fields = message.all("received")
    hops = [_lost_in_publication(read_received(f.value), f) for f in fields]
    top, boundary = find_boundary(hops, own)
    steps = tuple(
        Step(len(hops) - index, hop, field, Trust.CLAIMED if index > top else Trust.HANDOVER if index == top else Trust.TRUSTED)
        for index, (hop, field) in enumerate(zip(hops, fields, strict=True))
    )
    return Path(steps, boundary)


def _lost_in_publication(hop: Hop, field: Field) -> Hop:
    """Carries the mends of a published line onto its hop."""
    return hop._replace(repairs=hop.repairs + field.repairs) if field.repairs else hop


def find_boundary(hops: Sequence[Hop], own: OwnServers) -> tuple[int, Boundary]:
    """Index (newest first) of the hand-over hop, -1 where nothing is trusted, and the boundary."""
    if not hops:
        return -1, Boundary(None, "the message has no Received field")
    if not own:
        writer = hops[0].by or hops[0].by_address
        hint = f"; the topmost line names {writer} as its writer: if that is yours, --own {writer}" if writer else ""
        return -1, Boundary(None, f"unknown: no own servers are set{hint}")
    last = -1
    for index, hop in enumerate(hops):
        if not (own.has_name(hop.by) or own.has_address(hop.by_address)):
            break
        last = index
        if hop.client_address and not _inside(hop.client_address, own):
            break
    if last < 0:
        return -1, Boundary(None, "unknown: the topmost line was not written by one of the own servers")
    return _reason(hops, last)


def _inside(address: str, own: OwnServers) -> bool:
    """Our own client: in our ranges, or an address that reaches us only from inside."""
    return own.has_address(address) or space_of(address) is Space.INSIDE


def _reason(hops: Sequence[Hop], last: int) -> tuple[int, Boundary]:
    """The hand-over is the last own line that names a client; local steps below it are still ours."""
    hop = hops[last]
    position = len(hops) - last
    if hop.client_address:
        return last, Boundary(position, f"{hop.by} took the message over from {hop.client_address}")
    return last, Boundary(position, f"{hop.by} is the last own server on the path; its line names no client address")
