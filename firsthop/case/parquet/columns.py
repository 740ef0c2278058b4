"""What is written of messages to a case's evidence tables: columns, table by table.

What the columns are stands in evidence/schema/ and judgement/schema.py. `message`
numbers the messages in the order of reading, in all six tables: here from 0 in the
batch, in the files from 1 in the case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from firsthop.evidence.bulk.batch import Batch
from firsthop.evidence.bulk.read import columns_of
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.kept_fields import KeptField, kept_fields
from firsthop.evidence.people import Person, people
from firsthop.evidence.schema.columns import Columns, Table
from firsthop.evidence.schema.hop import HOPS
from firsthop.evidence.schema.kept_field import HEADER_FIELDS
from firsthop.evidence.schema.message import MESSAGES
from firsthop.evidence.schema.person import PEOPLE
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import Finding, Verdict
from firsthop.judgement.schema import FINDINGS, VERDICTS

TABLES = (MESSAGES, HOPS, FINDINGS, VERDICTS, PEOPLE, HEADER_FIELDS)
BARE = (MESSAGES, HOPS)  # where nobody examined the messages
Told = Finding | Verdict | Person | KeptField


class EvidenceColumns(NamedTuple):
    """What is written of some messages."""

    messages: int
    # of each of TABLES; the last four only where the messages were examined
    tables: tuple[Columns, ...]


def evidence_columns(
    batch: Batch, examinations: Sequence[Examination] | None = None
) -> EvidenceColumns:
    """The columns of a batch, with what its examinations found."""
    count = len(batch.views)
    tables = ({"message": list(range(count)), **batch.messages}, batch.hops)
    if examinations is None:
        return EvidenceColumns(count, tables)
    findings = _told(FINDINGS, [one.findings for one in examinations])
    verdicts = _told(VERDICTS, [one.verdicts for one in examinations])
    named = _told(PEOPLE, [people(one.facts) for one in examinations])
    quotable = _told(HEADER_FIELDS, [kept_fields(one.facts.message) for one in examinations])
    return EvidenceColumns(count, (*tables, findings, verdicts, named, quotable))


def columns_of_one(message: Examination | MessageFacts) -> EvidenceColumns:
    """The columns of one message that is there as objects."""
    if isinstance(message, Examination):
        return evidence_columns(columns_of([message.facts]), [message])
    return evidence_columns(columns_of([message]))


def _told(table: Table, by_message: Sequence[Sequence[Told]]) -> Columns:
    """The columns of what was found, message by message."""
    numbers = [number for number, some in enumerate(by_message) for _ in some]
    return {"message": numbers, **table.taken([one for some in by_message for one in some])}
