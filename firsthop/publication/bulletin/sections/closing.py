"""What is asserted of the beginning, what stays open, what was damaged and read."""

from __future__ import annotations

from firsthop.campaign.investigation import Investigation
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.timestamp import find_stamp
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Day,
    Duration,
    Instant,
    Paragraph,
    Quoted,
    Table,
    Value,
    Word,
)
from firsthop.publication.bulletin.sections.counts import MAX_ROWS, count_of, zone_of
from firsthop.publication.clock import day_of


def first_trace(investigation: Investigation) -> tuple[Block, ...]:
    """The asserted first trace against the first hops."""
    trace, asserted = investigation.first_trace, investigation.case_file.claim("first_trace")
    if trace is None or asserted is None:
        return ()
    values: dict[str, Value] = {
        "written": _written(trace.written, investigation.audience.time_zone),
        "source": Quoted(asserted.source),
        "zone": zone_of(investigation),
    }
    blocks: list[Block] = [Paragraph("trace.zoned" if trace.zoned else "trace.no_zone", values)]
    if (
        trace.offset_hours is not None
        and trace.nearest
        and trace.nearest.first
        and trace.after is not None
        and trace.chance is not None
    ):
        blocks.append(
            Paragraph(
                "trace.fit_after" if trace.after >= 0 else "trace.fit_before",
                {
                    **values,
                    "offset": f"{trace.offset_hours:+d}".replace("-", "−"),
                    "distance": Duration(trace.after),
                    "relay": Quoted(trace.nearest.relay or "?"),
                    "time": Instant(trace.nearest.instant, "UTC"),
                    "chance": f"{100 * trace.chance:.1f}",
                },
            )
        )
    if trace.local_before_first is not None and trace.local_before_first > 0 and not trace.zoned:
        blocks.append(
            Paragraph("trace.local", {**values, "distance": Duration(trace.local_before_first)})
        )
    return tuple(blocks)


def _written(text: str, zone: str) -> Value:
    """The asserted time as a date and a time of day; in `zone` where it names its
    own."""
    match = find_stamp(text)
    stamp = match[0] if match else None
    if stamp and stamp.instant is not None:
        return Word("trace.moment", {"time": Instant(stamp.instant, zone)})
    if stamp is None or stamp.wall is None:
        return Quoted(text)
    clock = f"{day_of(stamp.wall, 'UTC'):%H:%M:%S}"
    return Word("trace.time", {"day": Day(stamp.wall, "UTC"), "time": clock})


def undecided(investigation: Investigation) -> tuple[Block, ...]:
    """What the evidence does not carry."""
    items = (
        [Paragraph("undecided.position", count_of(investigation, len(investigation.summaries)))]
        if investigation.tally.basis[Basis.UNKNOWN] == len(investigation.summaries)
        else []
    )
    if investigation.first_trace and not investigation.first_trace.zoned:
        items.append(Paragraph("undecided.zone"))
    known = {one.key for one in investigation.hypotheses if one.decided}
    if investigation.case_file.provider and "contacts" not in known:
        items.append(
            Paragraph("undecided.cause", {"provider": Quoted(investigation.case_file.provider)})
        )
    hops, said = investigation.tally.hops, investigation.tally.logged_in
    if said < hops < 2 * said:
        items.append(Paragraph("undecided.submission"))
    return (Bullets(tuple(items)),) if items else ()


def damage(investigation: Investigation) -> tuple[Block, ...]:
    """What was repaired and what was lost, by number of messages."""
    repaired, lost = investigation.tally.repaired, investigation.tally.lost
    items = [
        Paragraph("damage.repaired", {"what": Word(f"repair.{name}"), **count_of(investigation, n)})
        for name, n in sorted(repaired.items())
    ]
    items += [
        Paragraph("damage.lost", {"what": Word(f"lost.{name}"), **count_of(investigation, n)})
        for name, n in sorted(lost.items())
    ]
    return (Paragraph("damage.how"), Bullets(tuple(items))) if items else ()


def sources(investigation: Investigation) -> tuple[Block, ...]:
    """What was read: the digests of the messages, so that anybody can check. File names
    stay in the case: they may name people."""
    rows = tuple(
        (str(i), Quoted(t.sha256)) for i, t in enumerate(investigation.summaries[:MAX_ROWS], 1)
    )
    if not rows:
        return ()
    table = Table(("column.n", "column.sha256"), rows)
    total = len(investigation.summaries)
    cut = Paragraph("sources.cut", {"shown": str(MAX_ROWS), "total": str(total)})
    return (Paragraph("sources.how"), table, *((cut,) if total > MAX_ROWS else ()))
