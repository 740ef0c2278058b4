"""Answers the two questions from the findings: did the message leave the claimed
provider's servers, and was it written by the program it names?"""

from __future__ import annotations

from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.finding import Finding, Verdict
from firsthop.judgement.verdicts.mailer import mailer_verdict
from firsthop.judgement.verdicts.sender import sender_verdict


def answer(facts: MessageFacts, findings: tuple[Finding, ...]) -> tuple[Verdict, ...]:
    """The verdicts on one message."""
    return (sender_verdict(facts, findings), mailer_verdict(findings))
