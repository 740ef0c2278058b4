"""The format csv: the campaign as three tables for other programs (RFC 4180): what can
be looked for, its messages, its hosts.

Never:      writes a cell that a spreadsheet would take for a formula
            (formats/csv_table.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.publication.exports.exporter import Exported, Exporter
from firsthop.publication.exports.observed import Observed, moment, observed, refusals
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.formats.csv_table import Cell, csv_table
from firsthop.publication.json.values import time_text

INDICATORS = (
    *("family", "value", "part", "use", "messages", "first_seen", "last_seen"),
    *("valid_until", "never_because", "campaign", "tlp"),
)
MEMBERS = (
    *("number", "sha256", "source", "offset", "evidence", "message_id", "author_domain"),
    *("time_utc", "relay", "helo", "client_address", "client_name", "protocol", "logged_in"),
    *("queue_id", "hops", "sender", "mailer", "campaign", "tlp"),
)
HOSTS = ("family", "value", "messages", "first_seen", "last_seen", "campaign", "tlp")


def write(source: ExportSource) -> Exported:
    """The tables."""
    told = observed(source)
    tables = {
        "indicators.csv": csv_table(INDICATORS, (_indicator(source, one) for one in told)),
        "members.csv": csv_table(MEMBERS, _members(source)),
        "hosts.csv": csv_table(HOSTS, _hosts(source)),
    }
    return Exported({name: table.encode() for name, table in tables.items()}, refusals(told))


def _indicator(source: ExportSource, one: Observed) -> tuple[Cell, ...]:
    return (
        *(one.family, one.value, one.part.name, one.use, one.messages),
        *map(time_text, (one.first_seen, one.last_seen, one.valid_until)),
        *(one.never, source.campaign.id, source.tlp),
    )


def _members(source: ExportSource) -> Iterator[tuple[Cell, ...]]:
    for number, one in enumerate(source.summaries, 1):
        answers = dict(one.answers)
        yield (
            *(number, one.sha256, one.uri, one.offset, one.evidence, one.message_id),
            *(one.author_domain, *_first(one), one.hops),
            *(answers.get("sender"), answers.get("mailer"), source.campaign.id, source.tlp),
        )


def _first(one: MessageSummary) -> tuple[Cell, ...]:
    hop = one.first
    if hop is None:
        return (None,) * 8
    return (
        *(time_text(moment(one)), hop.by, hop.helo, hop.client_address, hop.client_name),
        *(hop.protocol, "yes" if hop.authenticated else "", hop.queue_id),
    )


def _hosts(source: ExportSource) -> Iterator[tuple[Cell, ...]]:
    for one in source.full.infrastructure:
        times = map(time_text, (one.first_seen, one.last_seen))
        yield one.family, one.value, one.messages, *times, source.campaign.id, source.tlp


CSV = Exporter(
    "csv",
    "The campaign as three tables: what can be looked for, its messages, its hosts.",
    "Python's csv module",
    write,
)
