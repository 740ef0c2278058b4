"""Judges messages: runs the checks over their facts and answers the two questions,
sender and mailer."""

from __future__ import annotations

from collections.abc import Sequence

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
    return examine_all([facts], case_file)[0]


def examine_all(facts: Sequence[MessageFacts], case_file: CaseFile) -> list[Examination]:
    """The examination of each of some messages. One check looks at all of them, then
    the next one: its code and its tables stay at hand."""
    told = [[look(one, case_file) for one in facts] for look in _LOOKS]
    found = [
        tuple([finding for finding in of_message if finding is not None])
        for of_message in zip(*told, strict=True)
    ]
    return [Examination(one, of, answer(one, of)) for one, of in zip(facts, found, strict=True)]
