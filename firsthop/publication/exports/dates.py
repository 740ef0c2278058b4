"""The clock of an export: what was measured and read, never the time of the export."""

from __future__ import annotations

from datetime import UTC, datetime

from firsthop.evidence.timestamp import LAST_INSTANT
from firsthop.publication.exports.observed import moment
from firsthop.publication.exports.source import ExportSource


def dated(source: ExportSource) -> int:
    """When the newest evidence of the case was made, or the case file says that it was
    published, whichever is later. 0 where neither tells."""
    published = source.investigation.case_file.published
    day = int(datetime.fromisoformat(published).replace(tzinfo=UTC).timestamp()) if published else 0
    newest = max((moment(one) or 0 for one in source.investigation.summaries), default=0)
    return min(max(day, newest, 0), LAST_INSTANT)


def seen(source: ExportSource) -> tuple[int, int] | None:
    """The times of the campaign's first and last message; None where none is told."""
    first, last = source.campaign.first_seen, source.campaign.last_seen
    if first is None or last is None or not 0 <= first <= last <= LAST_INSTANT:
        return None
    return first, last
