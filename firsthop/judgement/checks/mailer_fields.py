"""Are the fields there that the named mail client writes, and only those?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding
from firsthop.judgement.mailer_views import look_at

NAME = "mailer_fields"


def _look(facts: MessageFacts, case_file: CaseFile) -> Finding | None:
    return look_at(NAME, "fields", facts, case_file)


CHECK = Check(
    NAME,
    "mailer",
    "Fields that the named program always writes and that are missing, or that it never "
    "writes and that are there; a date before the program existed.",
    "Companion fields are written by the program whether its user cares or not; a forger "
    "copies those he knows of.",
    "Gateways and archives that drop fields; it says nothing of published excerpts.",
    "firsthop/evidence/mailers/*.toml, each with its own source; counted on the corpora",
    _look,
)
