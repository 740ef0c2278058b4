"""What one message brings to the comparison with others: its first hop and a few marks,
small enough to keep for every message of a heap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from sys import intern
from typing import NamedTuple

from firsthop.evidence.identity.identities import FieldState
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import BaseRate, Finding, Outcome
from firsthop.mail.message import Evidence

# findings whose values a bulletin repeats; of the others it says the outcome
KEPT_WHOLE = frozenset(("mailer_message_id",))


class MessageSummary(NamedTuple):
    """The first hop of a message without its line, and its findings without the bytes
    they rest on: those are in the case's evidence files."""

    uri: str
    offset: int
    sha256: str
    evidence: Evidence
    message_id: str | None
    message_id_state: FieldState
    first: Hop | None  # None: no line tells a client
    hops: int
    basis: Basis  # what the trust boundary rests on
    author_domain: str | None  # in lower case; None: no author names one
    author: str | None  # a digest of the author's address: the same for the same one
    findings: tuple[Finding, ...]
    answers: tuple[tuple[str, str], ...]  # question and answer of each verdict

    @property
    def instant(self) -> int | None:
        """When the first hop's server wrote its line, seconds since 1970."""
        return self.first.stamp.instant if self.first and self.first.stamp else None

    @property
    def relay(self) -> str | None:
        """The server that accepted the message, in lower case."""
        return self.first.by.lower() if self.first and self.first.by else None

    @property
    def helo(self) -> str | None:
        """What its client called itself, in lower case."""
        return self.first.helo.lower() if self.first and self.first.helo else None

    def finding(self, check: str) -> Finding | None:
        """The finding of a check, if it had one."""
        for finding in self.findings:
            if finding.check == check:
                return finding
        return None


def repeats(summaries: Iterable[MessageSummary]) -> Iterator[MessageSummary]:
    """The summaries whose message, to the byte, has another one before them."""
    met: set[str] = set()
    for one in summaries:
        if one.sha256 in met:
            yield one
        met.add(one.sha256)


def summarize(examination: Examination) -> MessageSummary:
    """The summary of an examined message."""
    facts = examination.facts
    source, first = facts.message.source, facts.path.first_smtp
    return MessageSummary(
        source.uri,
        source.offset,
        source.sha256,
        source.evidence,
        facts.message_id.value,
        facts.message_id.state,
        first.hop._replace(raw="", unread=(), notes=()) if first else None,
        len(facts.path.steps),
        facts.path.boundary.basis,
        _domain(facts.author),
        _digest(facts.author),
        tuple(map(_kept, examination.findings)),
        tuple((verdict.question, verdict.answer) for verdict in examination.verdicts),
    )


def _domain(author: Mailbox | None) -> str | None:
    """The author's domain, one object for all messages that have it."""
    return intern(author.domain.lower()) if author and author.domain else None


def _digest(author: Mailbox | None) -> str | None:
    """Enough to tell authors apart in one case; the address itself is not kept."""
    if author is None or not author.address:
        return None
    address = author.address.lower().encode("utf-8", "surrogatepass")
    return blake2b(address, digest_size=8).hexdigest()


def _kept(finding: Finding) -> Finding:
    if finding.check in KEPT_WHOLE:
        return finding._replace(
            observations=tuple(seen for seen in finding.observations if seen.asserted)
        )
    return _bare(finding.check, finding.outcome, finding.strength, finding.message_key)


@lru_cache(maxsize=4096)
def _bare(check: str, outcome: Outcome, strength: BaseRate | None, message_key: str) -> Finding:
    """One object for all messages of which it says the same."""
    return Finding(check, outcome, strength, message_key)
