"""What is written of messages to a case's evidence tables: columns, table by table.

What the columns are stands in evidence/schema/ and judgement/schema.py. `message`
numbers the messages in the order of reading, in all six tables: here from 0 in the
batch, in the files from 1 in the case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count, repeat
from typing import NamedTuple, TypeVar

from firsthop.evidence.bulk.batch import Batch
from firsthop.evidence.bulk.read import columns_of
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.kept_fields import kept_parts
from firsthop.evidence.people import Person, people
from firsthop.evidence.schema.columns import Columns, parts_of
from firsthop.evidence.schema.hop import HOPS
from firsthop.evidence.schema.kept_field import HEADER_FIELDS
from firsthop.evidence.schema.message import MESSAGES
from firsthop.evidence.schema.person import PEOPLE
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import Finding
from firsthop.judgement.schema import FINDINGS, VERDICTS
from firsthop.system.arrow_bytes import bytes_of
from firsthop.system.arrow_columns import (
    Column,
    Form,
    column_of,
    record_of,
    record_of_values,
    row_form,
)

TABLES = (MESSAGES, HOPS, FINDINGS, VERDICTS, PEOPLE, HEADER_FIELDS)
BARE = (MESSAGES, HOPS)  # where nobody examined the messages
FORMS = tuple(row_form(table.types) for table in TABLES)
_OBSERVATIONS = "observations"
Row = TypeVar("Row")


class EvidenceColumns(NamedTuple):
    """What is written of some messages."""

    messages: int
    # of each of TABLES; the last four only where the messages were examined
    tables: tuple[Columns, ...]

    def records(self) -> EvidenceRecords:
        """The same as Arrow records."""
        return _as_bytes(self.messages, _records(FORMS, self.tables))


class EvidenceRecords(NamedTuple):
    """What is written of some messages, as Arrow records: what goes from process to
    process, and into files, without an object for each value."""

    messages: int
    tables: tuple[bytes, ...]  # as in EvidenceColumns, each as `system.arrow_bytes` writes it


def evidence_columns(
    batch: Batch, examinations: Sequence[Examination] | None = None
) -> EvidenceColumns:
    """The columns of a batch, with what its examinations found."""
    count = len(batch.views)
    tables = ({"message": list(range(count)), **batch.messages}, batch.hops)
    if examinations is None:
        return EvidenceColumns(count, tables)
    told = _tables_told(examinations)
    return EvidenceColumns(count, (*tables, *told, _header_fields(examinations)))


def evidence_records(
    batch: Batch, examinations: Sequence[Examination] | None = None
) -> EvidenceRecords:
    """The same as Arrow records, without values on the way where the kernel laid the
    columns out."""
    count = len(batch.views)
    numbers, *of_messages = FORMS[0].children
    messages = [column_of(numbers, range(count)), *(batch.column(0, one) for one in of_messages)]
    hops = [batch.column(1, one) for one in FORMS[1].children]
    bare = record_of(messages), record_of(hops)
    if examinations is None:
        return _as_bytes(count, bare)
    told = _records(FORMS[len(BARE) : -1], _tables_told(examinations))
    return _as_bytes(count, (*bare, *told, _header_fields_of(batch, examinations)))


def columns_of_one(message: Examination | MessageFacts) -> EvidenceColumns:
    """The columns of one message that is there as objects."""
    if isinstance(message, Examination):
        return evidence_columns(columns_of([message.facts]), [message])
    return evidence_columns(columns_of([message]))


def _tables_told(examinations: Sequence[Examination]) -> tuple[Columns, ...]:
    """The tables that examinations fill, without the kept fields."""
    return (
        _told([one.findings for one in examinations], _findings),
        _told([one.verdicts for one in examinations], VERDICTS.taken),
        _told([people(one.facts) for one in examinations], _people),
    )


def _as_bytes(messages: int, tables: Iterable[Column]) -> EvidenceRecords:
    return EvidenceRecords(messages, tuple(map(bytes_of, tables)))


def _records(forms: Sequence[Form], tables: Sequence[Columns]) -> tuple[Column, ...]:
    return tuple(map(record_of_values, forms, tables))


def _told(
    by_message: Sequence[Sequence[Row]], columns: Callable[[Sequence[Row]], Columns]
) -> Columns:
    """The columns of what was found, message by message."""
    counts = map(len, by_message)
    numbers = chain.from_iterable(map(repeat, range(len(by_message)), counts))
    return {"message": list(numbers), **columns(list(chain.from_iterable(by_message)))}


def _people(several: Sequence[Person]) -> Columns:
    return PEOPLE.filled(parts_of(Person, several))


def _header_fields_of(batch: Batch, examinations: Sequence[Examination]) -> Column:
    """The kept fields, without values on the way where the kernel read the messages."""
    form, kept = FORMS[-1], batch.kept_fields()
    if kept is None:
        return record_of_values(form, _header_fields(examinations))
    return record_of([kept.column(one) for one in form.children])


def _header_fields(examinations: Sequence[Examination]) -> Columns:
    numbers, parts = kept_parts([one.facts.message for one in examinations])
    return {"message": numbers, **HEADER_FIELDS.filled(parts)}


def _findings(findings: Sequence[Finding]) -> Columns:
    """The columns of findings. Many differ in their observations alone, and what they
    say alike is worked out once."""
    parts = parts_of(Finding, findings)
    # outcome and strength by their ids, for they stay as long as the findings and cost
    # more to compare
    ids = [map(id, parts[name]) for name in ("outcome", "strength")]
    keys = list(zip(parts["check"], *ids, parts["message_key"], strict=True))
    kinds = dict(zip(keys, findings, strict=True))  # a finding of each
    places = dict(zip(kinds, count(), strict=False))
    kind_of = list(map(places.__getitem__, keys))
    told = FINDINGS.taken(list(kinds.values()))
    observed = {_OBSERVATIONS: parts[_OBSERVATIONS]}
    return {
        column.name: column.values(observed)
        if column.part == _OBSERVATIONS
        else list(map(told[column.name].__getitem__, kind_of))
        for column in FINDINGS.columns
    }
