"""The first hops of a case as a table for other programs (RFC 4180): all of them, where
the bulletin shows the first.

A cell that a spreadsheet would take for a formula has an apostrophe before it: mail
chooses HELO and names. Times in UTC (RFC 3339); no address of a person is in it."""

from __future__ import annotations

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.evidence.timestamp import utc_text
from firsthop.publication.formats.csv_table import Cell, csv_table

HOPS_CSV = "first_hops.csv"
COLUMNS = (
    *("number", "sha256", "time_utc", "relay", "helo", "client_address", "client_name"),
    *("protocol", "logged_in", "queue_id"),
)


def hops_csv(investigation: Investigation) -> str:
    """The table; a message without a first hop has only its number and digest."""
    return csv_table(
        COLUMNS, (_row(number, one) for number, one in enumerate(investigation.summaries, 1))
    )


def _row(number: int, summary: MessageSummary) -> tuple[Cell, ...]:
    hop = summary.first
    if hop is None:
        return (number, summary.sha256, *[None] * (len(COLUMNS) - 2))
    return (
        number,
        summary.sha256,
        None if summary.instant is None else utc_text(summary.instant),
        hop.by,
        hop.helo,
        hop.client_address,
        hop.client_name,
        hop.protocol,
        "yes" if hop.authenticated else "",
        hop.queue_id,
    )
