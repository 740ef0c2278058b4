"""What a check is: one question to the facts of a message, with its reason, its false
positives and its source (`firsthop explain CHECK`)."""

from __future__ import annotations

from collections.abc import Callable

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.finding import Finding
from firsthop.system.named_tuple import NamedTuple


class Check(NamedTuple):
    """One check. `look` returns None where the message has nothing the check could look
    at."""

    name: str
    question: str  # sender | mailer | path
    looks_for: str
    why: str
    false_positives: str
    source: str
    look: Callable[[MessageFacts, CaseFile], Finding | None]
    not_counted: str = ""  # why no base rate stands behind it; "" where one does
