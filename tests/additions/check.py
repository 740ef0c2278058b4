"""Is the Subject written in capitals only?

The smallest complete check: tests/test_contributing.py adds it to a copy of the
repository, as CONTRIBUTING.md says, and takes it away again."""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe

NAME = "subject_in_capitals"
LEAST = 8  # letters: shorter subjects are names and numbers


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    text = facts.subject.value or ""
    if len(text) < LEAST or not text.isupper():
        return None
    seen = (observe("subject", text, facts.subject.field),)
    values = (("letters", str(len(text))),)
    return Finding(NAME, Outcome.CONTRADICTS, None, "subject.in_capitals", values, seen)


CHECK = Check(
    NAME,
    "sender",
    "A Subject of eight letters or more that is written in capitals only.",
    "Who wants to be opened at any price shouts; people who write to people hardly do.",
    "Machines that send reports, and people who never found the key.",
    "tests/additions: an invented check, the smallest one that passes every test",
    _look,
    "an example: nobody counted it",
)
