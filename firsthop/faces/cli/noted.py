"""The time that the journal of a case is to note: as the operator gives it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from firsthop.errors import SettingsError
from firsthop.evidence.timestamp import utc_text

NOTED = click.option(
    "--time",
    "noted",
    metavar="now|RFC3339",
    help="The time to note in the journal. None by default: a repeated run writes the same bytes.",
)


def time_to_note(noted: str | None) -> str | None:
    """The time for the journal, in UTC: as given, else SOURCE_DATE_EPOCH
    (reproducible-builds.org), else none."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        if noted == "now":
            return utc_text(int(datetime.now(UTC).timestamp()))
        if noted is not None:
            return _rfc3339(noted)
        return utc_text(int(epoch)) if epoch else None
    except (ValueError, OverflowError) as error:
        name = f"--time {noted}" if noted is not None else f"SOURCE_DATE_EPOCH={epoch}"
        raise SettingsError(
            f"{name}: neither a time with its zone nor seconds since 1970"
        ) from error


def _rfc3339(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return utc_text(int(moment.timestamp()))
