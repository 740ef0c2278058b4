"""The path of a message: its hops newest first, and how far they can be believed.

Trust runs from the reader's own servers downward. The last line that one of them wrote is the boundary; its client address is the hand-over, and
everything below is claimed by whoever sent the message. Without own servers the boundary is unknown and says what would fix it: it is never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from firsthop.evidence.address_space import Space, space_of
from firsthop.evidence.received.fast import read_hop
from firsthop.evidence.received.hop import Hop
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
    hops = [_lost_in_publication(read_hop(f.value), f) for f in fields]
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
    last = _last_own(hops, own)
    if last < 0:
        return -1, Boundary(None, "unknown: the topmost line was not written by one of the own servers")
    return last, Boundary(len(hops) - last, _reason(hops, last, own))


def _last_own(hops: Sequence[Hop], own: OwnServers) -> int:
    """Index of the last line that an own server wrote and handed on without a gap; a server's note without a writer counts with the lines around it."""
    last = -1
    for index, hop in enumerate(hops):
        if _is_note(hop):
            continue
        if not (own.has_name(hop.by) or own.has_address(hop.by_address)):
            break
        last = index
        if hop.client_address and not _inside(hop, own):
            break
    return last


def _is_note(hop: Hop) -> bool:
    """A line such as qmail's "(qmail 2756 invoked from network)": it names neither a writer nor a client."""
    return hop.by is None and hop.by_address is None and hop.client_address is None and hop.helo is None


def _inside(hop: Hop, own: OwnServers) -> bool:
    """Our own client: in our ranges, an address that reaches us only from inside, or one whose name our server checked and that is ours."""
    if hop.client_address is None:
        return True
    if own.has_address(hop.client_address) or space_of(hop.client_address) is Space.INSIDE:
        return True
    return hop.client_name_verified is True and own.has_name(hop.client_name)


def _reason(hops: Sequence[Hop], last: int, own: OwnServers) -> str:
    """Who handed over to whom, and what would move the boundary where the next line looks like ours."""
    hop, below = hops[last], hops[last + 1] if last + 1 < len(hops) else None
    if hop.client_address is None:
        return f"{hop.by} is the last own server on the path; its line names no client address"
    reason = f"{hop.by} took the message over from {hop.client_address}"
    if below is not None and own.has_name(below.by) and not _inside(hop, own):
        return f"{reason}; the next line names {below.by} as its writer, but nothing trusted says that this is {hop.client_address}: if it is yours, --own it"
    if below is not None and _inside(hop, own):
        return f"{reason}, which lies inside; the next line's writer {below.by or '(not named)'} is not among the own servers"
    return reason
