"""The first hops of a case as a table for other programs (RFC 4180): all of them, where
the bulletin shows the first.

A cell that a spreadsheet would take for a formula has an apostrophe before it: mail
chooses HELO and names. Times in UTC (RFC 3339); no address of a person is in it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation

HOPS_CSV = "first_hops.csv"
COLUMNS = (
    *("number", "sha256", "time_utc", "relay", "helo", "client_address", "client_name"),
    *("protocol", "logged_in", "queue_id"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def hops_csv(investigation: Investigation) -> str:
    """The table; a message without a first hop has only its number and digest."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for number, summary in enumerate(investigation.summaries, 1):
        writer.writerow(map(_cell, _row(number, summary)))
    return file.getvalue()


def _row(number: int, summary: MessageSummary) -> tuple[str | int | None, ...]:
    hop = summary.first
    if hop is None:
        return (number, summary.sha256, *[None] * (len(COLUMNS) - 2))
    return (
        number,
        summary.sha256,
        _time(summary.instant),
        hop.by,
        hop.helo,
        hop.client_address,
        hop.client_name,
        hop.protocol,
        "yes" if hop.authenticated else "",
        hop.queue_id,
    )


def _time(instant: int | None) -> str | None:
    return None if instant is None else f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _cell(value: str | int | None) -> str | int:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
