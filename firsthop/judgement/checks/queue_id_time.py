"""Does the time inside a queue id agree with the time written beside it?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.queue_id import DECODED
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "queue_id_time"
EARLIEST = -30  # seconds the written time may lie before the encoded one (measured: -20)
LATEST = 6 * 3600  # seconds it may lie after it: the server writes the line when the data is in


def agrees(hop: Hop) -> bool | None:
    """Whether the queue id can be this server's at this time; None where the id encodes
    no time."""
    decoded = hop.queue_id_decoded
    if decoded is None:
        return None
    if not decoded.possible:
        return False
    if decoded.instant is None or hop.stamp is None or hop.stamp.instant is None:
        return None
    return EARLIEST <= hop.stamp.instant - decoded.instant <= LATEST


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    told = [
        (step, answer)
        for step in facts.path.steps
        if step.hop.mta in DECODED and (answer := agrees(step.hop)) is not None
    ]
    if not told:
        return None
    bad = [step for step, answer in told if not answer]
    chosen = bad or [step for step, _ in told]
    seen = tuple([observe("queue_id", step.hop.queue_id or "", step.field) for step in chosen])
    if bad:
        return Finding(
            NAME,
            Outcome.CONTRADICTS,
            base_rate(NAME, "differs"),
            "queue_id.differs",
            (("ids", ", ".join([o.value for o in seen])),),
            seen,
        )
    return Finding(
        NAME,
        Outcome.SUPPORTS,
        base_rate(NAME, "agrees"),
        "queue_id.agrees",
        (("ids", ", ".join([o.value for o in seen])),),
        seen,
    )


CHECK = Check(
    NAME,
    "path",
    "A queue id whose encoded time is not the time of its line, or that the named server "
    "cannot have made.",
    "Exim, sendmail and Postfix write the time into the id; an invented line rarely gets "
    "both right. It also confirms the written zone.",
    "Anonymised samples; a clock that was set between queueing and writing.",
    "Exim src/exim_id.c; Postfix src/global/mail_queue.h; sendmail queue.c; counted on the corpora",
    _look,
)
