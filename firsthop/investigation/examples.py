"""The messages that a bulletin shows: one for each campaign that it describes, read
from what the case keeps of their headers. Reads `header_fields.parquet`; a case that
was written without it has examples without lines, and the bulletin says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from firsthop.campaign.examples import Example, example, most_telling
from firsthop.campaign.explain.campaign import Member
from firsthop.campaign.first_hops.by_place import ByPlace
from firsthop.campaign.first_hops.summaries import places_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.errors import CaseError
from firsthop.evidence.kept_fields import KeptField
from firsthop.evidence.schema.kept_field import HEADER_FIELDS
from firsthop.investigation.kept import relative, roots_of
from firsthop.mail.message import Span
from firsthop.publication.bulletin.choice import described
from firsthop.settings import OwnServers
from firsthop.system.duckdb import open_locked, quoted

FILE = f"{HEADER_FIELDS.name}.parquet"
_MEMORY = "512MB"
_COLUMNS = "name, raw, span_start, span_stop, line, repaired, repairs"
Telling = Mapping[str, MessageSummary]  # the most telling message of campaigns, by their ids
Chosen = Sequence[tuple[str | None, MessageSummary]]  # id of a campaign, and its message


def telling_member(members: Iterable[Member], by_place: ByPlace) -> MessageSummary | None:
    """The most telling message of a campaign."""
    return most_telling(by_place.chosen((one.uri, one.offset) for one in members))


def chosen(investigation: Investigation, telling: Telling) -> Chosen:
    """The messages of the campaigns that are described, by their ids; where there is no
    campaign, the most telling message of all."""
    some = [(one.id, telling[one.id]) for one in described(investigation) if one.id in telling]
    if some:
        return some
    of_all = most_telling(investigation.summaries)
    return [(None, of_all)] if of_all is not None else []


def examples(
    folder: Path, some: Chosen, summaries: Sequence[MessageSummary], own: OwnServers
) -> tuple[Example, ...]:
    """Those messages with their lines; `folder` holds the case's tables, `summaries`
    are of all its messages in their order."""
    wanted = {(one.uri, one.offset) for _, one in some}
    places = places_of(summaries)
    numbers = {place: n for n, place in enumerate(places, 1) if place in wanted}
    kept = _fields(folder, [numbers[one.uri, one.offset] for _, one in some])
    roots = roots_of(uri for uri, _ in places)
    return tuple(
        example(
            campaign,
            one,
            relative(one.uri, roots),
            kept.get(numbers[one.uri, one.offset], ()),
            own,
        )
        for campaign, one in some
    )


def _fields(folder: Path, numbers: Sequence[int]) -> dict[int, list[KeptField]]:
    """The fields that were kept of some messages, by their numbers; none where the case
    has no such table."""
    file = folder / FILE
    if not numbers or not file.is_file():
        return {}
    try:
        rows = _rows(folder.resolve(), numbers)
    except duckdb.Error as error:
        raise CaseError(f"{file}: cannot be read: {str(error).splitlines()[0]}") from error
    fields: dict[int, list[KeptField]] = {}
    for number, name, raw, start, stop, line, repaired, repairs in rows:
        field = KeptField(name, raw, Span(start, stop), line, repaired, tuple(repairs))
        fields.setdefault(number, []).append(field)
    return fields


def _rows(folder: Path, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
    connection = open_locked(":memory:", folder, _MEMORY, threads=1)
    try:
        return connection.execute(
            f"SELECT message, {_COLUMNS} FROM read_parquet({quoted(str(folder / FILE))}) "  # noqa: S608 - names of the program, a quoted path
            "WHERE list_contains(?, message) ORDER BY message, span_start",
            [sorted(set(numbers))],
        ).fetchall()
    finally:
        connection.close()
