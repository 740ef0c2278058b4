"""The rows of an archive: the columns of its Parquet segments, and what a clustering
leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from firsthop.campaign.features.record import Feature, MessageFeatures, feature_rows, message_row
from firsthop.mail.message import Span

Row = tuple[Any, ...]

SEGMENTS: Mapping[str, Mapping[str, str]] = {
    "message": {
        "id": "VARCHAR",
        "ts": "BIGINT",
        "ts_source": "VARCHAR",
        "uri": "VARCHAR",
        "src_offset": "BIGINT",
        "message_id": "VARCHAR",
        "zone": "BIGINT",
        "authenticated_domain": "VARCHAR",
        "arrival": "BIGINT",
    },
    "feature": {
        "msg": "VARCHAR",
        "view": "VARCHAR",
        "family": "VARCHAR",
        "value": "VARCHAR",
        "hash": "BIGINT",
        "field": "VARCHAR",
        "span_start": "BIGINT",
        "span_stop": "BIGINT",
    },
    "weight": {"hash": "BIGINT", "p": "DOUBLE", "bits": "DOUBLE"},
}
"""The kinds of segments and their columns. arrival: the clustering for which the
message came, from 1."""


class Segment(NamedTuple):
    """One Parquet file."""

    name: str  # KIND-DIGEST.parquet
    kind: str
    arrival: int
    rows: int
    size: int
    sha256: str
    clustered: bool


class ClusteringRecord(NamedTuple):
    """What a clustering made, whole: it replaces what was recorded before."""

    # id, level, parent, first_seen, last_seen, size
    campaigns: Iterable[tuple[str, str, str | None, int | None, int | None, int]] = ()
    members: Iterable[tuple[str, str]] = ()  # campaign, msg
    aliases: Iterable[tuple[str, str, str]] = ()  # old, new, reason, in the order of the merges
    weights: Iterable[tuple[int, float, float]] = ()  # hash, p, bits: the epoch's frozen bits
    facts: Mapping[str, str] = {}  # what else a replay needs, e.g. thresholds, by name


def rows_of(one: MessageFeatures) -> tuple[Row, list[Row]]:
    """A message as its row of `message`, all but the arrival, and its rows of
    `feature`."""
    message = (*message_row(one), one.message_id, one.zone, one.authenticated_domain)
    return message, feature_rows(one)


def place_of(message: Row) -> tuple[str, int]:
    """URI and offset in a row of `message`."""
    return message[3], message[4]


def messages_of(messages: Iterable[Row], features: Iterable[Row]) -> Iterator[MessageFeatures]:
    """The messages of rows in the order in which they were added; the features of a
    message stand together."""
    grouped = groupby(features, key=itemgetter(0))
    waiting = next(grouped, None)
    for message in messages:
        kept: tuple[Feature, ...] = ()
        if waiting is not None and waiting[0] == message[0]:
            kept = tuple(_feature(row) for row in waiting[1])
            waiting = next(grouped, None)
        yield bare_message(message)._replace(features=kept)


def bare_message(row: Row) -> MessageFeatures:
    """The message of a row, without its features."""
    identity, instant, source, uri, offset, message_id, zone, domain, _ = row
    return MessageFeatures(identity, uri, offset, message_id, instant, source, zone, domain, ())


def _feature(row: Row) -> Feature:
    _, _, family, value, _, field, start, stop = row
    return Feature(family, value, field, None if start is None else Span(start, stop))
