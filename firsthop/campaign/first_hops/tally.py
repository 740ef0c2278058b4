"""How many messages of a heap show what, counted in one pass over their summaries: each
pass makes all of them once."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, MutableSequence
from dataclasses import dataclass, field

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.identity.identities import FieldState
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.finding import Outcome
from firsthop.mail.message import Evidence

PATH_CHECKS = frozenset(check.name for check in CHECKS if check.question == "path")


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
        against = {f.check for f in one.findings if f.outcome is Outcome.CONTRADICTS} & PATH_CHECKS
        self.contradicted += bool(against)
        self.contradicting.update(against)
        if one.message_id_state is FieldState.VALUE_LOST:
            self.lost["message_id"] += 1
        if one.first:
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


def tally_of(summaries: Iterable[MessageSummary]) -> Tally:
    """The counts of these messages."""
    tally = Tally()
    for one in summaries:
        tally.add(one)
    return tally
