"""Answers the two questions from the findings: did the message leave the claimed provider's servers, and was it written by the program it names?

An answer is only given where a fact carries it. The sender question needs a known trust boundary: below it every line is a claim.
"""

from __future__ import annotations

from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.finding import Finding, Outcome, Verdict

MAILER_BITS = 3.0  # a contradiction must be at least this strong, in bits: 1 in 8


def answer(facts: MessageFacts, findings: tuple[Finding, ...]) -> tuple[Verdict, ...]:
    """The verdicts on one message."""
    return (_sender(facts, findings), _mailer(findings))


def _sender(_facts: MessageFacts, findings: tuple[Finding, ...]) -> Verdict:
    """Insufficient until identities are authenticated against the boundary; the findings that bear on it are named."""
    because = tuple(f for f in findings if f.check in ("path_misses_provider", "authenticated_submission", "helo_is_message_id_domain"))
    return Verdict("sender", "insufficient", because)


def _mailer(findings: tuple[Finding, ...]) -> Verdict:
    because = tuple(f for f in findings if f.check == "mailer_message_id")
    weighed = [f for f in because if f.strength is not None and abs(f.strength.bits) >= MAILER_BITS]
    if any(f.outcome is Outcome.CONTRADICTS for f in weighed):
        return Verdict("mailer", "contradicted", because)
    if any(f.outcome is Outcome.SUPPORTS for f in weighed):
        return Verdict("mailer", "consistent", because)
    return Verdict("mailer", "inconclusive", because)
