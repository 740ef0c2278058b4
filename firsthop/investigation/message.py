"""What is kept of some messages: the columns of their evidence, and of each its
features, its summary, the DNS answers that were looked at. Made in any process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from firsthop.campaign.archive.records import ArchiveRecords, Rows, records_of
from firsthop.campaign.archive.rows import rows_of
from firsthop.campaign.features import MessageFeatures, features_of_all
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.case.dns_answers import RecordingStore
from firsthop.case.parquet.columns import (
    EvidenceColumns,
    EvidenceRecords,
    evidence_columns,
    evidence_records,
)
from firsthop.case_file import CaseFile
from firsthop.evidence.bulk.batch import Batch
from firsthop.evidence.bulk.read import read_batch
from firsthop.evidence.dns.store import Answer, DnsStore, Zone, dns_store
from firsthop.judgement.examine import Examination, examine_all
from firsthop.mail.read import without_header
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.settings import OwnServers


class ProcessedMessage(NamedTuple):
    """One message, ready to be kept; its evidence and its features stand in the columns
    of its chunk."""

    size: int  # bytes
    warning: Skipped | None  # that it has no header
    summary: MessageSummary
    used: tuple[Answer, ...]


class ProcessedChunk(NamedTuple):
    """Some inputs, ready to be kept."""

    kept: list[ProcessedMessage | Skipped]  # one that could not be read stays what it is
    evidence: EvidenceRecords  # of the messages among them, in order
    archived: ArchiveRecords  # of the same


class MessageProcessor:
    """Reads and examines messages. One with a store of recorded answers can be sent to
    another process."""

    def __init__(self, own: OwnServers, case_file: CaseFile, store: DnsStore) -> None:
        self._own, self._case_file, self._store = own, case_file, store

    def __call__(self, inputs: Sequence[RawMail | Skipped]) -> ProcessedChunk:
        """What is kept of the inputs. Never raises for what stands in them."""
        kept, features, batch, examinations = self._read(inputs)
        return ProcessedChunk(kept, evidence_records(batch, examinations), records_of(features))

    def read(
        self, inputs: Sequence[RawMail | Skipped]
    ) -> tuple[list[ProcessedMessage | Skipped], EvidenceColumns, list[Rows]]:
        """The same with the evidence as values, and the rows of the archive."""
        kept, features, batch, examinations = self._read(inputs)
        return kept, evidence_columns(batch, examinations), list(map(rows_of, features))

    def _read(
        self, inputs: Sequence[RawMail | Skipped]
    ) -> tuple[list[ProcessedMessage | Skipped], list[MessageFeatures], Batch, list[Examination]]:
        mails = [one for one in inputs if isinstance(one, RawMail)]
        batch = read_batch(mails, self._own)
        # one step for all, then the next: code and tables stay at hand
        stores = [RecordingStore(inner=self._store) for _ in mails]
        facts = [batch.facts(number, store) for number, store in enumerate(stores)]
        examinations = examine_all(facts, self._case_file)
        features = features_of_all(facts, self._case_file)
        kept = [
            ProcessedMessage(
                len(mail.data),
                without_header(of_message.message),
                summarize(examination),
                tuple(store.used),
            )
            for mail, of_message, examination, store in zip(
                mails, facts, examinations, stores, strict=True
            )
        ]
        in_turn = iter(kept)
        every = [next(in_turn) if isinstance(one, RawMail) else one for one in inputs]
        return every, features, batch, examinations

    @property
    def can_be_sent(self) -> bool:
        """Whether its DNS store is one of recorded answers: one that asks stays where
        it is."""
        return type(self._store) is DnsStore

    def __reduce__(self) -> tuple[Callable[..., MessageProcessor], tuple[Any, ...]]:
        answers = [answer for of_question in self._store.answers.values() for answer in of_question]
        return _processor, (self._own, self._case_file, answers, self._store.zones)


def _processor(
    own: OwnServers, case_file: CaseFile, answers: list[Answer], zones: tuple[Zone, ...]
) -> MessageProcessor:
    return MessageProcessor(own, case_file, dns_store(answers, zones))
