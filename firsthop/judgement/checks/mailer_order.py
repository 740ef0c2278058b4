"""Do the author's fields stand in the order in which the named mail client
writes them?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding
from firsthop.judgement.mailer_views import look_at

NAME = "mailer_order"


def _look(facts: MessageFacts, case_file: CaseFile) -> Finding | None:
    return look_at(NAME, "order", facts, case_file)


CHECK = Check(
    NAME,
    "mailer",
    "Fields of the author's own block that stand in another order than the named program "
    "writes them.",
    "A program writes its fields one after another in its code; relays add theirs above.",
    "Gateways that write the header anew (Exchange, some archives and filters); lists move "
    "single fields.",
    "firsthop/evidence/mailers/*.toml, each with its own source; counted on the corpora",
    _look,
)
