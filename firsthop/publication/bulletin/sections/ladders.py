"""The way of the messages that show the campaigns, as ladders: who wrote each line, of
which client it tells, when, how far it can be believed, and where the way breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firsthop.campaign.examples import Example
from firsthop.campaign.examples import Rung as Told
from firsthop.campaign.investigation import Investigation
from firsthop.evidence.path.adjacency import Adjacency
from firsthop.evidence.path.path import Trust
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.received.hop import Hop
from firsthop.mail.message import Evidence
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Duration,
    Instant,
    Joined,
    Ladder,
    Paragraph,
    Quoted,
    Rung,
    Value,
    Word,
)
from firsthop.publication.bulletin.sections.examples import shown_as

MOST_LADDERS = 3
MOST_RUNGS = 12  # of one ladder; those in the middle are left out
_BREAKS = (Adjacency.APART, Adjacency.INSIDE_APART)


def ladders(investigation: Investigation) -> tuple[Block, ...]:
    """A ladder for the first campaigns that are described."""
    shown = [one for one in investigation.examples if one.rungs][:MOST_LADDERS]
    if not shown:
        return ()
    blocks: list[Block] = [Paragraph("ladder.rule")]
    for one in shown:
        blocks += [_intro(investigation, one), _ladder(one)]
    return tuple(blocks)


def _intro(investigation: Investigation, one: Example) -> Paragraph:
    return Paragraph("ladder.intro", {"message": shown_as(investigation, one)})


def _ladder(one: Example) -> Ladder:
    published = one.summary.evidence is Evidence.PUBLICATION
    told = one.rungs
    rungs = _shortened([_rung(*pair) for pair in _neighbours(told)], len(told))
    vouched = sum(rung.vouched for rung in rungs)
    return Ladder(
        Word("ladder.receiver"),
        rungs,
        Word("ladder.origin"),
        Word(_trust_key(one.basis, published, vouched)),
        vouched,
        Word("ladder.no_receiver") if published else None,
        Paragraph(
            "ladder.alt_published" if published else "ladder.alt",
            {"n": str(len(told)), "vouched": str(sum(r.trust is not Trust.CLAIMED for r in told))},
        ),
        (Bullets(tuple(_said(one, published))),),
    )


def _neighbours(rungs: Sequence[Told]) -> list[tuple[Told, Told | None]]:
    """Each line with the one below it."""
    return list(zip(rungs, (*rungs[1:], None), strict=True))


def _trust_key(basis: Basis, published: bool, vouched: int) -> str:
    """What holds below the trust line."""
    if published:
        return "ladder.trust_published"
    if not vouched:
        return "ladder.trust_unknown"
    return "ladder.trust_assumed" if basis is Basis.ASSUMED else "ladder.trust"


def _shortened(rungs: Sequence[Rung], total: int) -> tuple[Rung, ...]:
    """The ends of a long ladder, with what is left out between."""
    if total <= MOST_RUNGS:
        return tuple(rungs)
    half = MOST_RUNGS // 2
    last = rungs[half - 1]
    left_out = _left_out(total - 2 * half, sum(one.cut for one in rungs[half - 1 : -half]))
    return (
        *rungs[: half - 1],
        Rung(last.writer, last.lines, last.vouched, Word(left_out.key, left_out.values)),
        *rungs[-half:],
    )


def _left_out(lines: int, breaks: int) -> Paragraph:
    """How many lines are not shown, and in how many places the way breaks there."""
    if not breaks:
        return Paragraph("ladder.left_out", {"n": str(lines)})
    return Paragraph("ladder.left_out_broken", {"n": str(lines), "breaks": str(breaks)})


def _rung(upper: Told, lower: Told | None) -> Rung:
    hop, vouched = upper.hop, upper.trust is not Trust.CLAIMED
    lines = (*_client(hop, vouched=vouched), _when(hop), *_damage(hop))
    if lower is None:
        return Rung(_writer(hop), lines, vouched)
    if upper.meets in _BREAKS:
        values = {"client": _client_name(hop), "writer": _writer(lower.hop)}
        return Rung(_writer(hop), lines, vouched, Word("ladder.apart", values), cut=True)
    return Rung(_writer(hop), lines, vouched, _step(upper, lower))


def _step(upper: Told, lower: Told) -> Value | None:
    """How long the step took, or why that is not known."""
    late, early = upper.hop.stamp, lower.hop.stamp
    if late is None or early is None or late.instant is None or early.instant is None:
        return Word("ladder.no_duration")
    seconds = late.instant - early.instant
    key = "ladder.took" if seconds >= 0 else "ladder.backward"
    met = "" if upper.meets is not Adjacency.NOT_TOLD else "_not_told"
    return Word(f"{key}{met}", {"time": Duration(seconds)})


def _writer(hop: Hop) -> Value:
    name = hop.by or hop.by_address
    return Quoted(name) if name else Word("ladder.no_writer")


def _client_name(hop: Hop) -> Value:
    name = next((n for n in (hop.client_name, hop.helo, hop.client_address) if n), None)
    return Quoted(name) if name else Word("ladder.no_client")


def _client(hop: Hop, *, vouched: bool) -> tuple[Value, ...]:
    """The client as the line names it: what was seen, and what it called itself."""
    if hop.kind == "unreadable":
        return (Word("ladder.unreadable"),)
    lines: list[Value] = []
    if hop.client_address:
        key = "ladder.address" if vouched else "ladder.address_claimed"
        lines.append(Word(key, {"address": Quoted(hop.client_address)}))
    elif hop.client_name:
        lines.append(Word("ladder.client", {"name": Quoted(hop.client_name)}))
    if hop.helo:
        lines.append(Word("ladder.helo", {"helo": Quoted(hop.helo)}))
    if hop.authenticated:
        lines.append(Word("ladder.login"))
    return tuple(lines) or (Word("ladder.no_client"),)


def _when(hop: Hop) -> Value:
    if hop.stamp is None or hop.stamp.instant is None:
        return Word("ladder.no_time")
    return Instant(hop.stamp.instant, "UTC")


def _damage(hop: Hop) -> Iterator[Value]:
    """What of the line was lost or repaired."""
    if hop.value_lost:
        what = Joined(tuple(Word(f"lost.{name}") for name in hop.value_lost))
        yield Word("ladder.lost", {"what": what})
    if hop.repairs:
        what = Joined(tuple(Word(f"repair.{name}") for name in dict.fromkeys(hop.repairs)))
        yield Word("ladder.repaired", {"what": what})


def _said(one: Example, published: bool) -> Iterator[Paragraph]:
    """The ladder in words, a sentence a rung."""
    if published:
        yield Paragraph("ladder.no_receiver")
    ends = _neighbours(one.rungs)
    vouched = sum(rung.trust is not Trust.CLAIMED for rung in one.rungs)
    half = MOST_RUNGS // 2
    for number, (upper, lower) in enumerate(ends):
        if number == vouched:
            yield Paragraph(_trust_key(one.basis, published, vouched))
        if len(ends) <= MOST_RUNGS or not half <= number < len(ends) - half:
            yield _sentence(_rung(upper, lower))
        elif number == half:
            middle = [_rung(*one).cut for one in ends[half - 1 : -half]]
            yield _left_out(len(ends) - 2 * half, sum(middle))
    if vouched == len(ends):
        yield Paragraph(_trust_key(one.basis, published, vouched))


def _sentence(rung: Rung) -> Paragraph:
    parts = rung.lines if rung.gap is None else (*rung.lines, rung.gap)
    return Paragraph("ladder.said", {"writer": rung.writer, "told": Joined(parts, "; ")})
