"""Does a Received line name no server where its writer's name belongs?"""

from __future__ import annotations

import re

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.path.path import Step
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate
from firsthop.system.kept_expressions import compiled

NAME = "empty_writer"
_NOTHING_BEHIND = compiled(r"(?:^|\s)by\s*(?:;|$|\s(?:with|id|for|via)\s)", re.IGNORECASE)


def has_empty_writer(hop: Hop) -> bool:
    """Whether the line has a by-clause without a name. A name that a publication ate is
    no mark."""
    if hop.by or hop.by_address or "by" in hop.value_lost or "by" in hop.repairs:
        return False
    return _NOTHING_BEHIND.search(hop.raw) is not None


def empty_lines(facts: MessageFacts) -> tuple[Step, ...]:
    """The steps whose line names no writer."""
    nameless = [step for step in facts.path.steps if not step.hop.by]
    return tuple([step for step in nameless if has_empty_writer(step.hop)])


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    lines = empty_lines(facts)
    if not lines:
        return None
    seen = tuple([observe("received", step.hop.raw, step.field) for step in lines])
    values = (("n", str(len(lines))),)
    return Finding(
        NAME, Outcome.CONTRADICTS, base_rate(NAME, "empty"), "writer.empty", values, seen
    )


CHECK = Check(
    NAME,
    "sender",
    "A Received line whose by-clause names nobody: `from 192.0.2.7 by ; Fri, 4 Jul 2014 ...`.",
    "Every server writes its own name there (RFC 5321 section 4.4); a program that invents "
    "the line and was given no name leaves the place empty.",
    "A server whose own name is not configured; archives and publications that take names out.",
    "RFC 5321 section 4.4 (By-domain is not optional); counted on the corpora",
    _look,
)
