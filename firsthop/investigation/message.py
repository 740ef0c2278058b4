"""What is kept of one message: the rows of its evidence and its features, its summary,
the DNS answers that were looked at. Made in any process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from firsthop.campaign.archive.rows import Row, rows_of
from firsthop.campaign.features import features_of
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.case.dns_answers import RecordingStore
from firsthop.case.parquet.columns import EvidenceRows, evidence_rows
from firsthop.case_file import CaseFile
from firsthop.evidence.dns.store import Answer, DnsStore, Zone, dns_store
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import examine
from firsthop.mail.read import read_mail, without_header
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.settings import OwnServers


class ProcessedMessage(NamedTuple):
    """One message, ready to be kept."""

    size: int  # bytes
    told: Skipped | None  # that it has no header
    evidence: EvidenceRows
    features: tuple[str, Row, list[Row]]  # id, and the rows of the archive
    summary: MessageSummary
    used: tuple[Answer, ...]


class MessageProcessor:
    """Reads and examines messages. One with a store of recorded answers can be sent to
    another process."""

    def __init__(self, own: OwnServers, case_file: CaseFile, store: DnsStore) -> None:
        self._own, self._case_file, self._dns = own, case_file, RecordingStore(inner=store)

    def __call__(self, inputs: Sequence[RawMail | Skipped]) -> list[ProcessedMessage | Skipped]:
        """What is kept of each input; one that could not be read stays what it is."""
        return [self.take(one) if isinstance(one, RawMail) else one for one in inputs]

    def take(self, raw: RawMail) -> ProcessedMessage:
        """What is kept of a message. Never raises for what stands in it."""
        self._dns.used.clear()
        message = read_mail(raw)
        facts = establish(message, self._own, self._dns)
        examination = examine(facts, self._case_file)
        features = features_of(facts, self._case_file)
        return ProcessedMessage(
            len(raw.data),
            without_header(message),
            evidence_rows(examination),
            (features.id, *rows_of(features)),
            summarize(examination),
            tuple(self._dns.used),
        )

    @property
    def can_be_sent(self) -> bool:
        """Whether its DNS store is one of recorded answers: one that asks stays where
        it is."""
        return type(self._dns.inner) is DnsStore

    def __reduce__(self) -> tuple[Callable[..., MessageProcessor], tuple[Any, ...]]:
        answers = [answer for found in self._dns.inner.answers.values() for answer in found]
        return _processor, (self._own, self._case_file, answers, self._dns.inner.zones)


def _processor(
    own: OwnServers, case_file: CaseFile, answers: list[Answer], zones: tuple[Zone, ...]
) -> MessageProcessor:
    return MessageProcessor(own, case_file, dns_store(answers, zones))
