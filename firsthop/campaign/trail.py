"""What one message brings to the comparison with others: its first hop and a few marks, small enough to keep for every message of a heap."""

from __future__ import annotations

from typing import NamedTuple

from firsthop.evidence.identities import State
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import Finding
from firsthop.mail.message import Evidence


class Trail(NamedTuple):
    """The first hop of a message, and its findings."""

    uri: str
    offset: int
    sha256: str
    evidence: Evidence
    message_id: str | None
    message_id_state: State
    first: Hop | None  # None: no line tells a client
    hops: int
    boundary_known: bool
    findings: tuple[Finding, ...]
    answers: tuple[tuple[str, str], ...]  # question and answer of each verdict

    @property
    def instant(self) -> int | None:
        """When the first hop's server wrote its line, seconds since 1970."""
        return self.first.stamp.instant if self.first and self.first.stamp else None

    @property
    def relay(self) -> str | None:
        """The server that took the message over, in lower case."""
        return self.first.by.lower() if self.first and self.first.by else None

    @property
    def helo(self) -> str | None:
        """What its client called itself, in lower case."""
        return self.first.helo.lower() if self.first and self.first.helo else None

    def finding(self, check: str) -> Finding | None:
        """The finding of a check, if it had one."""
        return next((f for f in self.findings if f.check == check), None)


def trail(examination: Examination) -> Trail:
    """The trail of an examined message."""
    facts = examination.facts
    source, first = facts.message.source, facts.path.first_smtp
    return Trail(
        source.uri,
        source.offset,
        source.sha256,
        source.evidence,
        facts.message_id.value,
        facts.message_id.state,
        first.hop if first else None,
        len(facts.path.steps),
        facts.path.boundary.position is not None,
        examination.findings,
        tuple((verdict.question, verdict.answer) for verdict in examination.verdicts),
    )
