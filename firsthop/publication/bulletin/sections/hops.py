"""The first hops: the table, relays that recur, spools, logins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from firsthop.campaign.first_hops.recurrence import Group
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.judgement.rates.base_rates import base_rate
from firsthop.publication.bulletin.document import (
    Block,
    Duration,
    Instant,
    Joined,
    Paragraph,
    Quoted,
    Table,
    Value,
)
from firsthop.publication.bulletin.sections.counts import MAX_ROWS, count_of, strength
from firsthop.publication.clock import local, utc

MAX_GROUPS = 20  # of relay and HELO that are shown, the largest first
PATH_COLUMNS = ("n", "utc", "local", "relay", "helo", "client", "name", "protocol", "queue_id")


def path_table(investigation: Investigation) -> tuple[Block, ...]:
    """Every first hop in the order of time."""
    ordered = [
        *investigation.timed,
        *(t for t in investigation.summaries if t.instant is None and t.first),
    ]
    if not ordered:
        return (Paragraph("path.none"),)
    numbers = {(t.uri, t.offset): str(i) for i, t in enumerate(investigation.summaries, 1)}
    rows = tuple(_path_row(investigation, numbers[t.uri, t.offset], t) for t in ordered[:MAX_ROWS])
    blocks: list[Block] = [
        Paragraph("path.how", {"zone": investigation.audience.time_zone}),
        Table(tuple(f"column.{c}" for c in PATH_COLUMNS), rows),
    ]
    if len(ordered) > MAX_ROWS:
        blocks.append(Paragraph("path.cut", {"shown": str(MAX_ROWS), "total": str(len(ordered))}))
    return tuple(blocks)


def _path_row(investigation: Investigation, number: str, t: MessageSummary) -> tuple[Value, ...]:
    hop = t.first
    if hop is None:
        return (number, *("–" for _ in PATH_COLUMNS[1:]))
    texts = (hop.by, hop.helo, hop.client_address, hop.client_name, hop.protocol, hop.queue_id)
    return (
        number,
        utc(t.instant),
        local(t.instant, investigation.audience.time_zone),
        *(Quoted(text) if text else "–" for text in texts),
    )


def recurrence(investigation: Investigation) -> tuple[Block, ...]:
    """The same relay and HELO in several messages: bursts and different origins."""
    blocks: list[Block] = [Paragraph("recurrence.rule")]
    blocks += [
        block
        for group in investigation.groups[:MAX_GROUPS]
        for block in _group(investigation, group)
    ]
    if len(investigation.groups) > MAX_GROUPS:
        blocks.append(
            Paragraph(
                "recurrence.cut",
                {"shown": str(MAX_GROUPS), "total": str(len(investigation.groups))},
            )
        )
    alone = len(investigation.summaries) - sum(len(g.members) for g in investigation.groups)
    if alone:
        blocks.append(Paragraph("recurrence.alone", count_of(investigation, alone)))
    return tuple(blocks)


def _group(investigation: Investigation, group: Group) -> Iterator[Block]:
    names = {"relay": Quoted(group.relay), "helo": Quoted(group.helo)}
    yield Paragraph(
        "recurrence.group",
        {
            **names,
            **count_of(investigation, len(group.members)),
            "first": Instant(group.first_seen, investigation.audience.time_zone),
            "last": Instant(group.last_seen, investigation.audience.time_zone),
            "id": Quoted(group.id),
        },
    )
    origins = group.client_addresses
    if len(origins) > 1:
        yield Paragraph(
            "recurrence.origins",
            {
                **names,
                "n": str(len(origins)),
                "origins": Joined(tuple(Quoted(o) for o in origins[:20])),
            },
        )
    bursts = group.bursts
    if len(bursts) > 1:
        gap = max(
            (after[0].instant or 0) - (before[-1].instant or 0)
            for before, after in pairwise(bursts)
        )
        yield Paragraph("recurrence.bursts", {**names, "n": str(len(bursts)), "gap": Duration(gap)})


def spool(investigation: Investigation) -> tuple[Block, ...]:
    """Queue files near each other: one mail spool."""
    blocks: list[Block] = [
        Paragraph(
            "spool.pair",
            {
                "relay": Quoted(pair.first.by),
                "first": Quoted(pair.first.queue_id),
                "second": Quoted(pair.second.queue_id),
                "first_inode": Quoted(str(pair.first.inode)),
                "second_inode": Quoted(str(pair.second.inode)),
                "distance": str(pair.distance),
                "time": Duration(pair.seconds),
            },
        )
        for pair in investigation.spools[:20]
    ]
    rate = base_rate("one_spool", "near")
    if blocks and rate:
        blocks.append(Paragraph("spool.rate", strength(rate)))
    return tuple(blocks)


def submission(investigation: Investigation) -> tuple[Block, ...]:
    """Who says that somebody logged in."""
    with_hop = [t for t in investigation.summaries if t.first]
    said = [t for t in with_hop if t.first and t.first.authenticated]
    if not said:
        none = Paragraph("submission.none", {"total": str(len(with_hop))})
        return (none,) if with_hop else ()
    blocks: list[Block] = [
        Paragraph("submission.said", {"n": str(len(said)), "total": str(len(with_hop))})
    ]
    if len(said) < len(with_hop):
        blocks.append(Paragraph("submission.silent", {"n": str(len(with_hop) - len(said))}))
    return tuple(blocks)
