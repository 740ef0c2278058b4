"""Is the Subject the local part of the author's address?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "subject_is_local_part"


def equal(facts: MessageFacts) -> bool | None:
    """Whether they are equal, in any case of letters; None where either is missing."""
    local = facts.author.local_part if facts.author else None
    if not local or not facts.subject.value:
        return None
    return facts.subject.value.strip().lower() == local.lower()


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    if not equal(facts):
        return None
    seen = (
        observe("subject", facts.subject.value or "", facts.subject.field),
        observe(
            "author",
            facts.author.address or "" if facts.author else "",
            facts.message.first("from"),
        ),
    )
    return Finding(
        NAME, Outcome.CONTRADICTS, base_rate(NAME, "equal"), "subject.is_local_part", (), seen
    )


CHECK = Check(
    NAME,
    "sender",
    "A Subject that equals the local part of the author's address.",
    "A script that fills a template with the stolen account's name writes it in both places; "
    "people hardly do. The wave of May 2014 did.",
    "A person who mails under their own name as subject.",
    "the published bulletin of 30 May 2014; counted on the corpora",
    _look,
)
