"""Does the boundary have the shape that the named mail client gives it, and the time of
the message inside?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding
from firsthop.judgement.mailer_views import look_at

NAME = "mailer_boundary"


def _look(facts: MessageFacts, case_file: CaseFile) -> Finding | None:
    return look_at(NAME, "boundary", facts, case_file)


CHECK = Check(
    NAME,
    "mailer",
    "A boundary that the named program does not make, or one whose embedded time is not that "
    "of Date.",
    "Programs build boundaries from their own clock and counters; who copies a template "
    "copies an old time with it.",
    "Lists that add a footer and filters that rebuild the body write a boundary of their "
    "own: those known are in a table and give no finding.",
    "firsthop/evidence/mailers/*.toml, each with its own source; counted on the corpora",
    _look,
)
