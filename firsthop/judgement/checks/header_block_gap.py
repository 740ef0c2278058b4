"""Do the Received lines stand together above the author's fields?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.path.path import Step
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate
from firsthop.mail.field_names import AUTHOR_BLOCK

NAME = "header_block_gap"


def below_author_fields(facts: MessageFacts) -> tuple[Step, ...] | None:
    """The claimed steps whose lines stand below two or more of the author's fields;
    None where there is no such field."""
    known = facts.message.by_key
    spans = [one.span for key in AUTHOR_BLOCK if key in known for one in known[key]]
    if len(spans) < 2:
        return None
    claimed = facts.path.claimed
    if not claimed:
        return ()
    start, last = sorted(spans)[1].start, claimed[-1].field.span.start
    if last <= start:
        return ()  # they stand in the order of the header
    return tuple([step for step in claimed if step.field.span.start > start])


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    below = below_author_fields(facts)
    if below is None or not facts.path.steps:
        return None
    if not below:
        return Finding(NAME, Outcome.SUPPORTS, base_rate(NAME, "together"), "gap.none")
    seen = tuple([observe("received", step.hop.by or "", step.field) for step in below])
    return Finding(
        NAME,
        Outcome.CONTRADICTS,
        base_rate(NAME, "gap"),
        "gap.found",
        (("n", str(len(below))),),
        seen,
    )


CHECK = Check(
    NAME,
    "path",
    "A Received line below the author's own fields (From, To, Subject, Date).",
    "Servers put their line on top (RFC 5321 section 4.4); what the sender wrote stands "
    "below the author's fields.",
    "Archives and gateways that reorder the header; old Exchange and Notes gateways.",
    "RFC 5321 section 4.4; counted on the corpora",
    _look,
)
