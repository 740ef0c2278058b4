"""The first hops: the table, relays that recur, spools, logins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from firsthop.campaign.explain.shared import operator
from firsthop.campaign.first_hops.recurrence import Group
from firsthop.campaign.first_hops.summaries import places_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.judgement.rates.base_rates import base_rate
from firsthop.publication.bulletin.document import (
    Block,
    Day,
    Duration,
    Listed,
    Paragraph,
    Period,
    Quoted,
    Table,
    Value,
    Word,
)
from firsthop.publication.bulletin.sections.counts import (
    MAX_ROWS,
    count_of,
    sentences,
    strength,
    zone_of,
)
from firsthop.publication.bulletin.suspects import VOUCHED, sender_answer, suspects
from firsthop.publication.clock import local, utc

TOLD_GROUPS = 3  # of relay and HELO that are told in sentences
MAX_GROUPS = 20  # of relay and HELO that are shown, the largest first
PATH_COLUMNS = ("n", "utc", "local", "relay", "helo", "client", "name", "protocol", "queue_id")


def path_table(investigation: Investigation) -> tuple[Block, ...]:
    """Every first hop in the order of time."""
    total = investigation.tally.hops
    if not total:
        return (Paragraph("path.none"),)
    shown = _shown(investigation, total)
    wanted = {(t.uri, t.offset) for t in shown}
    places = enumerate(places_of(investigation.summaries), 1)
    numbers = {place: str(i) for i, place in places if place in wanted}
    rows = tuple(_path_row(investigation, numbers[t.uri, t.offset], t) for t in shown)
    blocks: list[Block] = [
        Paragraph("path.how", {"zone": zone_of(investigation)}),
        Table(tuple(f"column.{c}" for c in PATH_COLUMNS), rows),
    ]
    if total > MAX_ROWS:
        blocks.append(Paragraph("path.cut", {"shown": str(MAX_ROWS), "total": str(total)}))
    return tuple(blocks)


def _in_order(investigation: Investigation) -> Iterator[MessageSummary]:
    """The messages with a first hop, those without a time last."""
    yield from investigation.timed
    yield from (t for t in investigation.summaries if t.instant is None and t.first)


def _shown(investigation: Investigation, total: int) -> list[MessageSummary]:
    """The rows that have room, in their order: first of what nothing vouches for."""
    if total <= MAX_ROWS:
        return list(_in_order(investigation))
    loose, vouched = list[tuple[int, MessageSummary]](), list[tuple[int, MessageSummary]]()
    for row in enumerate(_in_order(investigation)):
        rows = vouched if sender_answer(row[1]) in VOUCHED else loose
        if len(rows) < MAX_ROWS:
            rows.append(row)
        if len(loose) == MAX_ROWS:
            break
    return [t for _, t in sorted((*loose, *vouched)[:MAX_ROWS], key=lambda row: row[0])]


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
    """The same relay and HELO in several messages: bursts and different origins. What
    everybody uses ties nothing."""
    total = len(investigation.summaries)
    if total < 2:
        return ()
    blocks: list[Block] = [Paragraph("recurrence.rule")]
    groups = [one for one in investigation.groups if operator(one.relay) is None]
    blocks += [sentences(*_group(investigation, group)) for group in groups[:TOLD_GROUPS]]
    if others := groups[TOLD_GROUPS:MAX_GROUPS]:
        blocks.append(_table(others, investigation.audience.time_zone))
    if len(groups) > MAX_GROUPS:
        cut = {"shown": str(MAX_GROUPS), "total": str(len(groups))}
        blocks.append(Paragraph("recurrence.cut", cut))
    alone = total - sum(len(g.members) for g in investigation.groups)
    if alone == total:
        blocks.append(Paragraph("recurrence.none", count_of(investigation, total)))
    elif alone:
        blocks.append(Paragraph("recurrence.alone", count_of(investigation, alone)))
    return (*blocks, *_at_shared(investigation.groups))


def _at_shared(groups: tuple[Group, ...]) -> Iterator[Paragraph]:
    """How many groups passed what everybody uses."""
    operators = [told for group in groups if (told := operator(group.relay))]
    if operators:
        named = Listed(tuple(map(Quoted, sorted(set(operators)))))
        yield Paragraph("recurrence.shared", {"n": str(len(operators)), "operators": named})


def _table(groups: list[Group], zone: str) -> Table:
    rows = tuple(
        (
            Quoted(group.relay),
            Quoted(group.helo),
            str(len(group.members)),
            Day(group.first_seen, zone),
            Day(group.last_seen, zone),
        )
        for group in groups
    )
    return Table(tuple(f"column.{c}" for c in ("relay", "helo", "messages", "first", "last")), rows)


def _group(investigation: Investigation, group: Group) -> Iterator[Word]:
    names = {"relay": Quoted(group.relay), "helo": Quoted(group.helo)}
    yield Word(
        "recurrence.group",
        {
            **names,
            **count_of(investigation, len(group.members)),
            "period": Period(group.first_seen, group.last_seen, investigation.audience.time_zone),
            "id": Quoted(group.id),
        },
    )
    origins = group.client_addresses
    if len(origins) > 1:
        yield Word(
            "recurrence.origins",
            {
                **names,
                "n": str(len(origins)),
                "origins": Listed(tuple(Quoted(o) for o in origins[:20])),
            },
        )
    bursts = group.bursts
    if len(bursts) > 1:
        gap = max(after.first - before.last for before, after in pairwise(bursts))
        yield Word("recurrence.bursts", {**names, "n": str(len(bursts)), "gap": Duration(gap)})


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
    if blocks:
        blocks.append(Paragraph("spool.meaning"))
    if blocks and rate:
        blocks.append(Paragraph("spool.rate", strength(rate, "times_spool", "even")))
    return tuple(blocks)


def submission(investigation: Investigation) -> tuple[Block, ...]:
    """Who says that somebody logged in."""
    with_hop, said = investigation.tally.hops, investigation.tally.logged_in
    total = {"total": str(with_hop)}
    if not said:
        none = Paragraph("submission.none", {"n": str(with_hop), **total})
        return (none,) if with_hop else ()
    told = [Word("submission.said", {"n": str(said), **total})]
    used = (t for t in suspects(investigation) if t.first and t.first.authenticated)
    own = sum(1 for t in used if operator(t.relay or "") is None)
    if 2 * own > said:
        told.append(Word("submission.abused"))
    if said < with_hop:
        told.append(Word("submission.silent", {"n": str(with_hop - said)}))
    return (sentences(*told),)
