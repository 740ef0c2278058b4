"""Do servers that name a single recipient in their line name none?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe

NAME = "recipients_not_named"
WRITERS = ("Postfix",)  # they write "for <...>" for a single recipient and leave it out for more


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    first = facts.path.first_smtp
    if (
        first is None
        or first.hop.mta not in WRITERS
        or first.hop.forward_path
        or "forward_path" in first.hop.value_lost
    ):
        return None
    seen = (observe("received", first.hop.queue_id or "", first.field),)
    return Finding(
        NAME,
        Outcome.SUPPORTS,
        None,
        "recipients.not_named",
        (("by", first.hop.by or "?"), ("mta", first.hop.mta)),
        seen,
    )


CHECK = Check(
    NAME,
    "path",
    "A first hop written by Postfix without its 'for <...>' clause.",
    "Postfix names the recipient when there is exactly one; without the clause the message "
    "likely had more than one recipient there.",
    "Whoever published or redacted the header may have cut the clause.",
    "Postfix src/smtpd/smtpd.c: 'for' only when rcpt_count == 1",
    _look,
    "it says something of the relay, and nothing for or against the author",
)
