"""Judges one message: runs the checks over its facts and answers the two questions,
sender and mailer."""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.finding import Finding, Verdict
from firsthop.judgement.verdicts.verdict import answer
from firsthop.system.named_tuple import NamedTuple

_LOOKS = tuple(check.look for check in CHECKS)


class Examination(NamedTuple):
    """A message's facts, what the checks found in them, and the verdicts."""

    facts: MessageFacts
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]


def examine(facts: MessageFacts, case_file: CaseFile) -> Examination:
    """The examination of one message; `case_file` brings asserted claims and the
    claimed provider."""
    findings = tuple([told for look in _LOOKS if (told := look(facts, case_file)) is not None])
    return Examination(facts, findings, answer(facts, findings))
