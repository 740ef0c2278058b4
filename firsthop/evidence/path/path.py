"""The path of a message: its hops newest first, and how far they can be believed.

Trust runs from the reader's own servers downward (receiving.py says which they are).
The last line that one of them wrote is the boundary; its client address is the
hand-over, and everything below is claimed by whoever sent the message. A boundary that
rests on an assumption says so; an unknown one says what would fix it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, repeat
from math import inf

from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.path.receiving import Basis, Receiving, is_note, receiving_of
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line_templates import read_hop
from firsthop.mail.message import Evidence, Field, Message
from firsthop.settings import OwnServers
from firsthop.system.cached_property import cached_property
from firsthop.system.named_tuple import NamedTuple

_new = tuple.__new__


class Trust(StrEnum):
    """Who vouches for a hop's line."""

    TRUSTED = "trusted"  # one of the reader's own servers wrote it
    # the last such line: its client address is the first fact about the outside
    HANDOVER = "handover"
    CLAIMED = "claimed"  # whoever sent the message may have written it


class Boundary(NamedTuple):
    """Where belief ends: the position of the hand-over hop, or None with the reason."""

    position: int | None
    reason: str
    basis: Basis = Basis.UNKNOWN
    receiver: str | None = None  # who received the message, by name; None where nobody is known
    receiver_key: str | None = None  # of receivers/*.toml, where the hand-over's writer is in it


class Step(NamedTuple):
    """A hop in its place on the path."""

    position: int  # 1 = nearest the origin
    hop: Hop
    field: Field  # the line's bytes
    trust: Trust


@dataclass(frozen=True)
class Path:
    """The steps of a message, newest first; what follows from them is worked out once,
    when it is first asked for."""

    steps: tuple[Step, ...]
    boundary: Boundary
    receiving: Receiving

    @cached_property
    def handover(self) -> Step | None:
        """The step at which one of the reader's servers took the message over from
        outside."""
        if self.boundary.position is None:
            return None
        return self.steps[len(self.steps) - self.boundary.position]

    @cached_property
    def outsider(self) -> str | None:
        """The address of a client outside that handed the message over, which SPF may
        judge (RFC 7208 section 2.3); None where it is not told, is a private one, or
        somebody logged in."""
        hop = self.handover.hop if self.handover else None
        if hop is None or hop.client_address is None or hop.authenticated or hop.kind == "http":
            return None
        return None if space_of(hop.client_address) is Space.INSIDE else hop.client_address

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where the line of each step begins, in bytes of the message."""
        return tuple([step.field.span.start for step in self.steps])

    @cached_property
    def above_handover(self) -> float:
        """Where the line begins that stands next above the hand-over's; before all
        where none does, or nothing is known of the hand-over."""
        top = self.handover.field.span.start if self.handover else -inf
        return max([start for start in self.starts if start < top], default=-inf)

    @cached_property
    def below_handover(self) -> float:
        """Where the line begins that stands next below the hand-over's; behind all
        where none does, or nothing is known of the hand-over."""
        top = self.handover.field.span.start if self.handover else inf
        return min([start for start in self.starts if start > top], default=inf)

    @cached_property
    def claimed(self) -> tuple[Step, ...]:
        """The claimed steps, newest first."""
        return tuple([step for step in self.steps if step.trust is Trust.CLAIMED])

    @cached_property
    def claimed_pairs(self) -> tuple[tuple[Step, Step], ...]:
        """Neighbouring steps, upper and lower, of which the lower is claimed."""
        pairs = zip(self.steps, self.steps[1:], strict=False)
        return tuple([pair for pair in pairs if pair[1].trust is Trust.CLAIMED])

    @cached_property
    def first_smtp(self) -> Step | None:
        """The step nearest the origin at which a server took the message over from a
        client it names; None where no line tells one."""
        return next(
            (
                s
                for s in reversed(self.steps)
                if s.hop.kind in ("smtp", "http") and (s.hop.client_address or s.hop.helo)
            ),
            None,
        )


def trace_path(message: Message, own: OwnServers) -> Path:
    """The path that the Received fields of a message tell."""
    fields = message.all("received")
    hops = [_lost_in_publication(read_hop(f.value), f) for f in fields]
    receiving = receiving_of(hops, own, message.source.evidence is Evidence.PUBLICATION)
    return path_of(fields, hops, receiving, find_boundary(hops, receiving))


def path_of(
    fields: Sequence[Field],
    hops: Sequence[Hop],
    receiving: Receiving,
    handover: tuple[int, Boundary],
) -> Path:
    """The path of lines that were read; `found` is what `find_boundary` gave."""
    top, boundary = handover
    positions = range(len(hops), 0, -1)
    trusts = [trust_of(index, top) for index in range(top + 1)]
    told = zip(positions, hops, fields, chain(trusts, repeat(Trust.CLAIMED)), strict=False)
    return Path(tuple(map(_new, repeat(Step), told)), boundary, receiving)


def trust_of(index: int, top: int) -> Trust:
    """The trust of a line, where `top` is the index of the hand-over."""
    return Trust.CLAIMED if index > top else Trust.HANDOVER if index == top else Trust.TRUSTED


def _lost_in_publication(hop: Hop, field: Field) -> Hop:
    """Carries the repairs of a published line onto its hop."""
    return hop._replace(repairs=hop.repairs + field.repairs) if field.repairs else hop


def find_boundary(hops: Sequence[Hop], receiving: Receiving) -> tuple[int, Boundary]:
    """Index (newest first) of the hand-over hop, -1 where nothing is trusted, and the
    boundary."""
    if not hops:
        return -1, Boundary(None, "the message has no Received field")
    if receiving.basis is Basis.UNKNOWN:
        writer = hops[0].by or hops[0].by_address
        hint = f"; the topmost line names {writer} as its writer: if that is yours, --own {writer}"
        return -1, Boundary(None, f"unknown: no own servers are set{hint if writer else ''}")
    last, leads_on = _last_own(hops, receiving)
    if last < 0:
        reason = "unknown: the topmost line was not written by one of the own servers"
        return -1, Boundary(None, reason, receiver=receiving.name)
    wrote = next((one for one in receiving.receivers if one.wrote(hops[last])), None)
    name = receiving.name if wrote is None else wrote.name
    reason = _reason(hops, last, receiving, leads_on)
    key = None if wrote is None else wrote.key
    boundary = Boundary(len(hops) - last, reason, receiving.basis, name, key)
    return last, boundary


def _last_own(hops: Sequence[Hop], receiving: Receiving) -> tuple[int, bool]:
    """Index of the last line that an own server wrote and handed on without a gap, and
    whether that line says that its client was ours too; a server's note without a
    writer, and what fetched the mail, count with the lines around them."""
    last, leads_on = -1, False
    for index, hop in enumerate(hops):
        if is_note(hop) or (last < 0 and hop.kind == "fetch"):
            continue
        if not receiving.wrote(hop):
            break
        last, leads_on = index, receiving.leads_on(hop)
        if not leads_on:
            break
    return last, leads_on


def _reason(hops: Sequence[Hop], last: int, receiving: Receiving, leads_on: bool) -> str:
    """Who handed over to whom, and what would move the boundary if the next line is
    ours."""
    hop, below = hops[last], hops[last + 1] if last + 1 < len(hops) else None
    writer = hop.by or hop.by_address or "it"
    gap = ""
    if below is not None and not receiving.wrote(below):
        gap = f"; the next line's writer {below.by or '(not named)'} is not among the own servers"
    if leads_on:
        if hop.client_address is None:
            return f"{writer} is the last own server on the path{gap}"
        return f"{writer} took the message over from {hop.client_address}, which is named{gap}"
    if hop.authenticated or hop.kind == "http":
        who = hop.auth_identity or hop.client_address or "a client whose address is not told"
        return f"{writer} took the message over from {who}, who had logged in"
    if hop.client_address is None:
        return f"{writer} took the message over from {_unnamed(hop)}"
    reason = f"{writer} took the message over from {hop.client_address}"
    if space_of(hop.client_address) is Space.INSIDE:
        return f"{reason}, a private address that is not named: if it is yours, --own it{gap}"
    if below is not None and receiving.own.has_name(below.by):
        return (
            f"{reason}; the next line names {below.by} as its writer, but nothing trusted says "
            f"that this is {hop.client_address}: if it is yours, --own it"
        )
    return reason


def _unnamed(hop: Hop) -> str:
    """What a line says of a client without an address."""
    if hop.kind == "local":
        return "the machine itself: if that is your filter, --own localhost"
    return "a client whose address cannot be read"
