"""A message that was examined on another machine, as a line of JSON and back.

What comes back is data of strangers: it is parsed, never unpickled, and taken only
where every value has its type, every message the bytes that were asked for, every
finding a check of this program. What fits all that may still be untrue: who runs the
server is believed.
Raises:     EngineError for a line that this program did not write.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from firsthop.campaign.archive.records import Rows, records_of_rows
from firsthop.campaign.archive.rows import SEGMENTS, Row
from firsthop.campaign.features import FAMILIES
from firsthop.campaign.features.record import feature_hash
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.first_hops.summary_lines import read_summary, summary_line
from firsthop.case.parquet.columns import TABLES, EvidenceColumns
from firsthop.errors import EngineError
from firsthop.evidence.dns.store import Answer
from firsthop.evidence.schema.columns import Columns
from firsthop.investigation.message import ProcessedChunk, ProcessedMessage
from firsthop.investigation.spark.shape import Fits, column_fits, fits
from firsthop.judgement.checks import CHECKS
from firsthop.mail.message import BodyBytes, Evidence, Source
from firsthop.mail.read import headless
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.publication.words import WORDS

_MESSAGE = [column_fits(kind) for name, kind in SEGMENTS["message"].items() if name != "arrival"]
_FEATURE = [column_fits(kind) for kind in SEGMENTS["feature"].values()]
_QUESTIONS = frozenset(("sender", "mailer"))


class ReadMail(NamedTuple):
    """A message that was read elsewhere: all that is kept of it, and not its bytes."""

    source: Source
    size: int  # of its bytes
    processed: ProcessedMessage
    archived: Rows
    tables: tuple[Columns, ...]  # of its evidence, as in EvidenceColumns


class AlreadyRead:
    """Stands where messages are examined, for those that came back examined."""

    can_be_sent = False

    def __call__(self, inputs: Sequence[ReadMail | Skipped]) -> ProcessedChunk:
        """What is kept of the inputs."""
        return joined(inputs)


class _DifferentError(ValueError):
    """What this program would not have written."""


def mail_line(
    mail: RawMail, processed: ProcessedMessage, archived: Rows, tables: Sequence[Columns]
) -> str:
    """An examined message as a line, in ASCII."""
    source, (message, features) = mail.source, archived
    told = {
        "source": [*_plain(source)],
        "size": processed.size,
        "warned": processed.warning is not None,
        "message": message,
        "features": features,
        "summary": summary_line(processed.summary),
        "used": processed.used,
        "tables": [
            [columns[name] for name in table.types]
            for table, columns in zip(TABLES, tables, strict=True)
        ],
    }
    return json.dumps(told, separators=(",", ":"))


def read_mail_line(line: str) -> ReadMail:
    """The message in a line that `mail_line` wrote. EngineError for any other."""
    try:
        return _read(json.loads(line))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        reason = str(error) if isinstance(error, _DifferentError) else "its form is broken"
        raise EngineError(f"what came back of a message is none of firsthop's: {reason}") from error


def tables_of(evidence: EvidenceColumns) -> list[tuple[Columns, ...]]:
    """The evidence of some messages, message by message; each has the number 0."""
    return [
        tuple(_stretch(columns, number) for columns in evidence.tables)
        for number in range(evidence.messages)
    ]


def evidence_of(messages: Sequence[tuple[Columns, ...]]) -> EvidenceColumns:
    """The evidence of some messages as one."""
    tables = []
    for number, table in enumerate(TABLES):
        several = [one[number] for one in messages]
        columns: Columns = {
            name: list(chain.from_iterable(one[name] for one in several)) for name in table.types
        }
        numbers = [place for place, one in enumerate(several) for _ in one["message"]]
        tables.append(columns | {"message": numbers})
    return EvidenceColumns(len(messages), tuple(tables))


def joined(inputs: Sequence[ReadMail | Skipped]) -> ProcessedChunk:
    """What is kept of inputs that were read elsewhere."""
    read = [one for one in inputs if isinstance(one, ReadMail)]
    return ProcessedChunk(
        [one if isinstance(one, Skipped) else one.processed for one in inputs],
        evidence_of([one.tables for one in read]).records(),
        records_of_rows([one.archived for one in read]),
    )


def _stretch(columns: Columns, number: int) -> Columns:
    """The rows of one message, by number, in columns that are sorted by it."""
    start = bisect_left(columns["message"], number)
    stop = bisect_left(columns["message"], number + 1)
    rows = {name: values[start:stop] for name, values in columns.items()}
    return rows | {"message": [0] * (stop - start)}


def _plain(source: Source) -> tuple[Any, ...]:
    return (
        source.uri,
        source.container,
        source.offset,
        source.sha256,
        source.evidence,
        source.enclosed_in,
        source.notes,
        source.body_bytes,
    )


def _read(told: Any) -> ReadMail:
    source = _source(told["source"])
    size, warned = told["size"], told["warned"]
    _demand(type(size) is int and size >= 0 and type(warned) is bool, "size")
    processed = ProcessedMessage(
        size,
        headless(source.uri) if warned else None,
        _summary(told["summary"], source),
        _used(told["used"]),
    )
    archived, tables = _features(told, source), _tables(told["tables"], source)
    return ReadMail(source, size, processed, archived, tables)


def _source(row: Any) -> Source:
    uri, container, offset, sha256, evidence, report, notes, body = row
    source = Source(
        uri, container, offset, sha256, Evidence(evidence), report, tuple(notes), BodyBytes(body)
    )
    _demand(fits(source, Source) and offset >= 0, "source")
    return source


def _features(told: Any, source: Source) -> Rows:
    message = tuple(told["message"])
    features = [tuple(row) for row in told["features"]]
    place = (source.sha256, source.uri, source.offset)
    _demand(_row_fits(message, _MESSAGE), "message row")
    _demand((message[0], *message[3:5]) == place, "message row")
    for row in features:
        _demand(_row_fits(row, _FEATURE) and row[0] == source.sha256, "feature row")
        _, view, family, value, hashed, *_ = row
        _demand(family in FAMILIES and view == FAMILIES[family].view, "family")
        _demand(hashed == feature_hash(family, value), "hash")
    return message, features


def _row_fits(row: Row, fit: Sequence[Fits]) -> bool:
    pairs = zip(row, fit, strict=True)
    return all(value is None or fits_one(value) for value, fits_one in pairs)


def _summary(line: Any, source: Source) -> MessageSummary:
    summary = read_summary(line)
    _demand(fits(summary, MessageSummary), "summary")
    places = [(one.uri, one.offset, one.sha256, one.evidence) for one in (summary, source)]
    _demand(places[0] == places[1], "place of a summary")
    for finding in summary.findings:
        _demand(_is_said(finding.check, finding.message_key), "finding")
    _demand(all(question in _QUESTIONS for question, _ in summary.answers), "question")
    return summary


def _used(rows: Any) -> tuple[Answer, ...]:
    answers = tuple(
        Answer(name, rtype, tuple(records), rcode, as_of, source)
        for name, rtype, records, rcode, as_of, source in rows
    )
    _demand(all(fits(one, Answer) for one in answers), "DNS answer")
    return answers


def _tables(told: Any, source: Source) -> tuple[Columns, ...]:
    tables = tuple(_columns(number, values) for number, values in enumerate(told))
    _demand(len(tables) == len(TABLES) and len(tables[0]["message"]) == 1, "tables")
    named = {table.name: columns for table, columns in zip(TABLES, tables, strict=True)}
    message, findings = named["messages"], named["findings"]
    place = [message[name] for name in ("uri", "source_offset", "sha256")]
    _demand(place == [[source.uri], [source.offset], [source.sha256]], "place of a table's row")
    pairs = zip(findings["check_name"], findings["says"], strict=True)
    _demand(all(_is_said(check, key) for check, key in pairs), "finding")
    return tables


def _columns(number: int, told: Any) -> Columns:
    """A table's columns: the numbers are all 0, and each value fits."""
    table = TABLES[number]
    columns = dict(zip(table.types, told, strict=True))
    rows = len(columns["message"])
    _demand(columns["message"] == [0] * rows, "number of a message")
    for column in table.columns:
        fit, values = column_fits(column.type), columns[column.name]
        _demand(isinstance(values, list) and len(values) == rows, f"column {column.name}")
        there = [value for value in values if value is not None]
        _demand(
            (bool(column.null) or len(there) == rows) and all(map(fit, there)),
            f"column {column.name}",
        )
    return columns


@cache
def _is_said(check: str, key: str) -> bool:
    """Whether the program has such a check, and a sentence for what it found."""
    known = {one.name for one in CHECKS}
    return check in known and all(key in words for words in WORDS.values())


def _demand(fit: bool, what: str) -> None:
    if not fit:
        raise _DifferentError(f"another {what}")
