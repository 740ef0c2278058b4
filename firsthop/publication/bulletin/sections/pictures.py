"""The messages in time, as a picture: one row for each relay that is met most."""

from __future__ import annotations

from collections import defaultdict

from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.document import (
    Block,
    Paragraph,
    Period,
    Quoted,
    Timeline,
    Value,
    Word,
)

MOST_ROWS = 7


def timeline(investigation: Investigation) -> tuple[Block, ...]:
    """The picture and what it says in words; nothing where no time is known."""
    timed, zone = investigation.timed, investigation.audience.time_zone
    if len(timed) < 2:
        return ()
    by_relay: dict[str, list[int]] = defaultdict(list)
    for t in timed:
        by_relay[t.relay or ""].append(t.instant or 0)
    ordered = sorted(by_relay.items(), key=lambda one: (not one[0], -len(one[1]), one[1][0]))
    shown, rest = ordered[:MOST_ROWS], ordered[MOST_ROWS:]
    rows: list[tuple[Value, tuple[int, ...]]] = [
        (Quoted(relay) if relay else Word("timeline.no_relay"), tuple(row)) for relay, row in shown
    ]
    if rest:
        others = tuple(instant for _, row in rest for instant in row)
        rows.append((Word("timeline.others", {"n": str(len(rest))}), others))
    alt = Paragraph(
        "timeline.alt",
        {
            "n": str(len(timed)),
            "relays": str(len(by_relay)),
            "period": Period(timed[0].instant, timed[-1].instant, zone),
        },
    )
    return (Timeline(tuple(rows), zone, alt),)
