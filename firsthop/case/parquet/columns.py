"""The columns of a case's evidence tables: one name, one SQL type and one reading of
the facts for each.

Tables:     messages (one row a message), hops (one row a Received line, newest first),
            findings and verdicts (only where messages were examined). `message` numbers
            the messages in the order of reading, from 1, in all four. `*_start` and
            `*_stop` are byte places in the message.
Types:      INSTANT columns hold seconds since 1970 here and become TIMESTAMP WITH TIME
            ZONE in the table. Lists stay lists. A number that fits no column (invented
            queue ids decode to any length) is NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.path.path import Path, Step
from firsthop.evidence.received.queue_id import QueueId
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import Finding, Verdict
from firsthop.system.duckdb import INSTANT

LAST_INSTANT = 253_402_300_799  # 9999-12-31T23:59:59Z
LARGEST_NUMBER = 2**63 - 1


class Column(NamedTuple):
    """One column: `take` reads its value off a row's object."""

    name: str
    type: str
    take: Callable[[Any], Any]


class Table(NamedTuple):
    """One table, written to NAME.parquet."""

    name: str
    columns: tuple[Column, ...]


class HopRow(NamedTuple):
    """A step with its queue id decoded once."""

    step: Step
    queue_id: QueueId | None


Row = MessageFacts | HopRow | Finding | Verdict


def hop_rows(path: Path) -> Iterator[HopRow]:
    """The rows of a message's hops."""
    return (HopRow(step, step.hop.queue_id_decoded) for step in path.steps)


def _read(kind: str, place: str, *names: str) -> tuple[Column, ...]:
    """Columns called as the attributes they are read from, which stand at `place` of a
    row."""
    return tuple(
        Column(
            name,
            kind,
            _list(attrgetter(f"{place}.{name}"))
            if kind.endswith("[]")
            else attrgetter(f"{place}.{name}"),
        )
        for name in names
    )


def _list(take: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    return lambda row: list(take(row))


def _of(take: Callable[[Any], Any], part: str) -> Callable[[Any], Any]:
    """The attribute `part` of what `take` finds, or None where it finds nothing."""
    read = attrgetter(part)
    return lambda row: None if (found := take(row)) is None else read(found)


def _fitting(
    take: Callable[[Any], Any], largest: int = LARGEST_NUMBER
) -> Callable[[Any], int | None]:
    """A number that the column can hold, or None."""
    return lambda row: value if (value := take(row)) is not None and 0 <= value <= largest else None


def _claim(name: str, place: str) -> tuple[Column, ...]:
    return (
        Column(name, "VARCHAR", attrgetter(f"{place}.value")),
        Column(f"{name}_state", "VARCHAR", attrgetter(f"{place}.state.value")),
        *_place(name, attrgetter(f"{place}.field")),
    )


def _place(name: str, take: Callable[[Any], Any]) -> tuple[Column, Column]:
    return Column(f"{name}_start", "BIGINT", _of(take, "span.start")), Column(
        f"{name}_stop", "BIGINT", _of(take, "span.stop")
    )


def _field(name: str) -> tuple[Column, Column]:
    return _place(name, lambda facts: facts.message.first(name))


def _stamp(name: str, place: str) -> tuple[Column, ...]:
    take = attrgetter(place)
    return (
        Column(name, INSTANT, _fitting(_of(take, "instant"), LAST_INSTANT)),
        Column(f"{name}_raw", "VARCHAR", _of(take, "raw")),
        Column(f"{name}_offset_minutes", "INTEGER", _of(take, "utc_offset")),
        Column(f"{name}_zone_name", "VARCHAR", _of(take, "zone_name")),
        Column(
            f"{name}_defects",
            "VARCHAR[]",
            lambda row: list(stamp.defects) if (stamp := take(row)) else [],
        ),
    )


def _author(part: str) -> Column:
    return Column(f"from_{part}", "VARCHAR", _of(attrgetter("author"), part))


def _decoded(part: str, kind: str, largest: int | None = None) -> Column:
    take = _of(attrgetter("queue_id"), "instant" if part == "time" else part)
    return Column(f"queue_id_{part}", kind, take if largest is None else _fitting(take, largest))


MESSAGES = Table(
    "messages",
    (
        *_read("VARCHAR", "message.source", "uri", "container"),
        Column("source_offset", "BIGINT", attrgetter("message.source.offset")),
        Column("sha256", "VARCHAR", attrgetter("message.source.sha256")),
        Column("evidence", "VARCHAR", attrgetter("message.source.evidence.value")),
        Column("enclosed_in", "VARCHAR", attrgetter("message.source.enclosed_in")),
        Column("source_notes", "VARCHAR[]", _list(attrgetter("message.source.notes"))),
        *_claim("message_id", "message_id"),
        *(_author(part) for part in ("display_name", "address", "local_part", "domain")),
        *_field("from"),
        *_claim("subject", "subject"),
        *_stamp("date", "date"),
        *_field("date"),
        *_claim("mailer", "mailer"),
        Column("hops", "INTEGER", lambda facts: len(facts.path.steps)),
        Column("boundary_position", "INTEGER", attrgetter("path.boundary.position")),
        Column("boundary_reason", "VARCHAR", attrgetter("path.boundary.reason")),
        Column(
            "field_names", "VARCHAR[]", lambda facts: [field.name for field in facts.message.fields]
        ),
        Column(
            "defects", "VARCHAR[]", lambda facts: [defect.name for defect in facts.message.defects]
        ),
    ),
)

HOPS = Table(
    "hops",
    (
        Column("position", "INTEGER", attrgetter("step.position")),
        Column("trust", "VARCHAR", attrgetter("step.trust.value")),
        *_place("span", attrgetter("step.field")),
        *_read("VARCHAR", "step.hop", "raw", "dialect", "kind", "helo", "client_name"),
        *_read("BOOLEAN", "step.hop", "client_name_verified"),
        *_read("VARCHAR", "step.hop", "client_address"),
        Column("client_port", "BIGINT", _fitting(attrgetter("step.hop.client_port"))),
        Column("by_host", "VARCHAR", attrgetter("step.hop.by")),
        *_read("VARCHAR", "step.hop", "by_address", "mta", "mta_version", "protocol"),
        *_read("BOOLEAN", "step.hop", "authenticated"),
        *_read("VARCHAR", "step.hop", "auth_mechanism", "auth_identity"),
        *_read("BOOLEAN", "step.hop", "tls"),
        *_read("VARCHAR", "step.hop", "tls_version", "tls_cipher", "queue_id"),
        _decoded("scheme", "VARCHAR"),
        _decoded("time", INSTANT, LAST_INSTANT),
        _decoded("microseconds", "BIGINT", LARGEST_NUMBER),
        _decoded("inode", "BIGINT", LARGEST_NUMBER),
        _decoded("pid", "BIGINT", LARGEST_NUMBER),
        _decoded("possible", "BOOLEAN"),
        *_read("VARCHAR", "step.hop", "reverse_path", "forward_path", "ident"),
        *_stamp("stamp", "step.hop.stamp"),
        *_read("VARCHAR[]", "step.hop", "repairs", "value_lost", "unread", "notes"),
    ),
)

OBSERVATIONS = (
    'STRUCT("key" VARCHAR, "value" VARCHAR, field VARCHAR, span_start BIGINT, span_stop BIGINT, '
    "asserted BOOLEAN)[]"
)


def _observations(finding: Finding) -> list[dict[str, Any]]:
    return [
        {
            "key": seen.key,
            "value": seen.value,
            "field": seen.field,
            "span_start": seen.span and seen.span.start,
            "span_stop": seen.span and seen.span.stop,
            "asserted": seen.asserted,
        }
        for seen in finding.observations
    ]


FINDINGS = Table(
    "findings",
    (
        Column("check_name", "VARCHAR", attrgetter("check")),
        Column("outcome", "VARCHAR", attrgetter("outcome.value")),
        Column("says", "VARCHAR", attrgetter("message_key")),
        Column("bits", "DOUBLE", _of(attrgetter("strength"), "bits")),
        Column("corpus", "VARCHAR", _of(attrgetter("strength"), "corpus")),
        Column("holds", "BIGINT[]", _of(attrgetter("strength"), "holds")),
        Column("fails", "BIGINT[]", _of(attrgetter("strength"), "fails")),
        Column("observations", OBSERVATIONS, _observations),
    ),
)

VERDICTS = Table(
    "verdicts",
    (
        Column("question", "VARCHAR", attrgetter("question")),
        Column("answer", "VARCHAR", attrgetter("answer")),
        Column(
            "because", "VARCHAR[]", lambda verdict: [finding.check for finding in verdict.because]
        ),
    ),
)

TABLES = (MESSAGES, HOPS, FINDINGS, VERDICTS)
Values = tuple[Any, ...]  # of one row, column by column
# of one message, table by table; the last two only where it was examined
EvidenceRows = tuple[list[Values], ...]


def evidence_rows(found: Examination | MessageFacts) -> EvidenceRows:
    """The rows of one message in every table."""
    facts = found.facts if isinstance(found, Examination) else found
    rows: list[Iterable[Row]] = [(facts,), hop_rows(facts.path)]
    if isinstance(found, Examination):
        rows += [found.findings, found.verdicts]
    return tuple(
        [tuple(column.take(row) for column in table.columns) for row in many]
        for table, many in zip(TABLES, rows, strict=False)
    )
