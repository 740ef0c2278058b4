"""One message that shows a campaign: its way, line by line, and the fields that may be
quoted. Which message that is, is a rule and no taste (`most_telling`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.kept_fields import KeptField
from firsthop.evidence.path.adjacency import Adjacency
from firsthop.evidence.path.claimed import transfer_meetings
from firsthop.evidence.path.path import Path, Step, Trust, trace_path
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.finding import Outcome
from firsthop.mail.message import Message, Source
from firsthop.settings import OwnServers

_NEVER = 2**63  # behind every instant


class Rung(NamedTuple):
    """One line of the way, and how the client that it names meets the writer of the
    line below, where that one is claimed and both tell of a transfer."""

    position: int  # 1 = nearest the origin
    hop: Hop
    trust: Trust
    meets: Adjacency | None  # None: not compared


class HeaderLine(NamedTuple):
    """One field as the message writes it, with its line ends."""

    name: str
    text: str  # name and value; bytes that are no UTF-8 as \\xNN
    line: int  # of the message, from 1
    cut: bool  # it goes on
    hop: Hop | None = None  # what a Received line tells
    inner: bool = False  # one of the receiver's own servers wrote it for another one


@dataclass(frozen=True, slots=True)
class Example:
    """One message of a campaign."""

    campaign: str | None  # id; None: of the whole case, which has none
    summary: MessageSummary
    place: str  # its file, below the input's folder
    basis: Basis  # what the trust boundary rests on
    rungs: tuple[Rung, ...]  # the newest first
    header: tuple[HeaderLine, ...]  # empty: the case does not hold it


def most_telling(summaries: Iterable[MessageSummary]) -> MessageSummary | None:
    """The message in which most checks contradict what it claims; of those the one with
    the longest way, then the one of the least damage, then the earliest."""
    return min(summaries, key=_rank, default=None)


def _rank(one: MessageSummary) -> tuple[int, int, int, int, str, str, int]:
    against = sum(finding.outcome is Outcome.CONTRADICTS for finding in one.findings)
    damage = len(one.first.value_lost) if one.first else 0
    instant = _NEVER if one.instant is None else one.instant
    return -against, -one.hops, damage, instant, one.sha256, one.uri, one.offset


def example(
    campaign: str | None,
    summary: MessageSummary,
    place: str,
    kept: Sequence[KeptField],
    own: OwnServers,
) -> Example:
    """The example that a message gives, read anew from the fields that were kept."""
    fields = tuple(one.field for one in kept)
    source = Source(summary.uri, "", summary.offset, summary.sha256, summary.evidence)
    path = trace_path(Message(source, fields, b"", b""), own)
    steps = {step.field.span: step for step in path.steps}
    lines = tuple(_header_line(one, steps.get(one.span)) for one in kept)
    return Example(campaign, summary, place, path.boundary.basis, _rungs(path), lines)


def _rungs(path: Path) -> tuple[Rung, ...]:
    met = {upper.position: how for upper, _, how in transfer_meetings(path)}
    return tuple(
        Rung(step.position, step.hop, step.trust, met.get(step.position)) for step in path.steps
    )


def _header_line(one: KeptField, step: Step | None) -> HeaderLine:
    text = one.raw.encode("latin-1").decode("utf-8", "backslashreplace")
    if step is None:
        return HeaderLine(one.name, text, one.line, one.cut)
    inner = step.trust is Trust.TRUSTED
    return HeaderLine(one.name, text, one.line, one.cut, step.hop, inner)
