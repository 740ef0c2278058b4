"""Is the client of each line the writer of the line below it?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.path.adjacency import Adjacency
from firsthop.evidence.path.claimed import BROKEN, transfer_meetings
from firsthop.evidence.path.path import Step
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "hops_meet"
MEET = (Adjacency.SAME_HOST, Adjacency.SAME_DOMAIN)
TOLD = MEET + BROKEN


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    told = [
        (upper, lower, how) for upper, lower, how in transfer_meetings(facts.path) if how in TOLD
    ]
    if not told:
        return None
    for mark in BROKEN:
        if apart := [(upper, lower) for upper, lower, how in told if how is mark]:
            return _apart(mark, apart)
    seen = tuple([observe("by", lower.hop.by or "", lower.field) for _, lower, _ in told])
    return Finding(
        NAME,
        Outcome.SUPPORTS,
        base_rate(NAME, "meets"),
        "hops.meet",
        (("n", str(len(told))),),
        seen,
    )


def _apart(mark: Adjacency, pairs: list[tuple[Step, Step]]) -> Finding:
    seen = tuple(
        o
        for upper, lower in pairs
        for o in (
            observe("client", _client(upper), upper.field),
            observe("by", lower.hop.by or "", lower.field),
        )
    )
    upper, lower = pairs[0]
    return Finding(
        NAME,
        Outcome.CONTRADICTS,
        base_rate(NAME, str(mark)),
        "hops.apart",
        (("client", _client(upper)), ("by", lower.hop.by or "?")),
        seen,
    )


def _client(step: Step) -> str:
    return step.hop.client_name or step.hop.client_address or step.hop.helo or "?"


CHECK = Check(
    NAME,
    "path",
    "Neighbouring Received lines whose upper client and lower writer share neither host "
    "name, address nor registrable domain.",
    "The server that wrote the lower line is the client of the upper one; an inserted line "
    "rarely names the right host.",
    "Sites whose outside names differ from their inside ones (libero.it: "
    "smtp-36.italiaonline.it outside, smtp-36.iol.local inside).",
    "RFC 5321 section 4.4; counted on the corpora",
    _look,
)
