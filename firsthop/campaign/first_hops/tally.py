"""How many messages of a heap show what, for all sections of a bulletin at once: each
pass over the summaries of a heap makes all of them once."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, MutableSequence
from dataclasses import dataclass, field

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.host.address_space import network_of
from firsthop.evidence.identity.identities import FieldState
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.finding import Finding, Outcome
from firsthop.mail.message import Evidence

Together = tuple[str | None, str | None, str | None]  # HELO, relay, network of the client
PATH_CHECKS = frozenset(check.name for check in CHECKS if check.question == "path")


@dataclass(slots=True)
class MailerFindings:
    """What the messages say of the programs that they name."""

    # one finding for each program, marks and resemblance, with the number of messages
    contradicted: dict[tuple[str, ...], tuple[Finding, int]] = field(default_factory=dict)
    fitting: Counter[str] = field(default_factory=Counter)  # by program, with its Message-ID
    unread: int = 0

    def add(self, finding: Finding) -> None:
        """The finding of one more message."""
        values = dict(finding.values)
        if finding.outcome is Outcome.CONTRADICTS:
            kind = (finding.message_key, values["mailer"], values["marks"], values["looks_like"])
            first, n = self.contradicted.get(kind, (finding, 0))
            self.contradicted[kind] = first, n + 1
        elif finding.outcome is Outcome.SUPPORTS:
            self.fitting[values["mailer"]] += 1
        self.unread += finding.message_key.startswith("mailer.message_id_")


@dataclass(slots=True)
class Tally:
    """The counts that several sections of a bulletin speak of."""

    evidence: Counter[Evidence] = field(default_factory=Counter)
    basis: Counter[Basis] = field(default_factory=Counter)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)  # question and answer
    domains: Counter[str] = field(default_factory=Counter)  # of authors
    excerpts: int = 0  # published texts that show no author
    contradicted: int = 0  # messages that some check of the path contradicts
    contradicting: Counter[str] = field(default_factory=Counter)  # by check
    repaired: Counter[str] = field(default_factory=Counter)  # messages, by repair
    lost: Counter[str] = field(default_factory=Counter)  # messages, by what was lost
    marks: Counter[str] = field(default_factory=Counter)  # messages, by what they show
    mailers: MailerFindings = field(default_factory=MailerFindings)
    # messages, by what occurs together in their first hops
    together: Counter[Together] = field(default_factory=Counter)
    hops: int = 0  # messages with a first hop
    logged_in: int = 0  # whose client had logged in at its server
    _verdicts: list[str] = field(default_factory=list)  # on senders, each once
    # by message: the place of its verdict there
    _senders: MutableSequence[int] = field(default_factory=lambda: array("B"))

    def add(self, one: MessageSummary) -> None:
        """One more message."""
        self.evidence[one.evidence] += 1
        self.basis[one.basis] += 1
        self.answers.update(one.answers)
        if one.author_domain:
            self.domains[one.author_domain] += 1
        elif one.evidence is Evidence.PUBLICATION:
            self.excerpts += 1
        against = {f.check for f in one.findings if f.outcome is Outcome.CONTRADICTS}
        if against := against & PATH_CHECKS:
            self.contradicted += 1
            self.contradicting.update(against)
        if one.message_id_state is FieldState.VALUE_LOST:
            self.lost["message_id"] += 1
        self.marks.update(_marks(one))
        if named := one.finding("mailer_message_id"):
            self.mailers.add(named)
        if one.first:
            address = one.first.client_address
            self.together[one.helo, one.relay, network_of(address) if address else None] += 1
            self._add_hop(one.first)
        verdict = dict(one.answers).get("sender", "")
        if verdict not in self._verdicts:
            self._verdicts.append(verdict)
        self._senders.append(self._verdicts.index(verdict))

    def _add_hop(self, hop: Hop) -> None:
        self.hops += 1
        self.logged_in += hop.authenticated
        self.repaired.update(set(hop.repairs))
        self.lost.update(hop.value_lost)

    @property
    def senders(self) -> Iterator[str]:
        """The verdict on the sender of each message, "" where there is none."""
        return map(self._verdicts.__getitem__, self._senders)


def _marks(one: MessageSummary) -> Iterator[str]:
    """What is counted of a message: whether its HELO can be compared with its
    Message-ID (`readable`) and is the same (`helo_is_id_domain`), whether its
    recipients are named nowhere, whether its queue id tells a time and fits it."""
    if one.message_id and one.helo:
        yield "readable"
        finding = one.finding("helo_is_message_id_domain")
        if finding and finding.message_key == "helo_id.equal":
            yield "helo_is_id_domain"
    if one.finding("recipients_not_named"):
        yield "unnamed"
    if one.first and one.first.mta == "Postfix":
        yield "by_postfix"
    if (finding := one.finding("queue_id_time")) and finding.strength:
        yield "dated"
        if finding.outcome is Outcome.SUPPORTS:
            yield "agrees"
