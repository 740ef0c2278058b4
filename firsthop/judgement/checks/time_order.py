"""Do the times of the lines run with the order of the lines?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.path.claimed import seconds_between
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "time_order"
# seconds a clock may be wrong before the order counts against a line (0.3 % of genuine
# pairs are worse, most of them of 2002)
SKEW = 3_600
MAX_TRANSIT = 5 * 86_400  # seconds; RFC 5321 section 4.5.4.1: servers give up after 4-5 days


def fits(seconds: int) -> bool:
    """Whether the time between two neighbouring lines is one that mail can take."""
    return -SKEW <= seconds <= MAX_TRANSIT


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    told = [
        (upper, lower, s)
        for upper, lower in facts.path.claimed_pairs
        if (s := seconds_between(upper, lower)) is not None
    ]
    if not told:
        return None
    bad = [(upper, lower, s) for upper, lower, s in told if not fits(s)]
    if not bad:
        return Finding(
            NAME, Outcome.SUPPORTS, base_rate(NAME, "fits"), "times.fit", (("n", str(len(told))),)
        )
    upper, lower, seconds = bad[0]
    seen = tuple(
        observe("stamp", step.hop.stamp.raw if step.hop.stamp else "", step.field)
        for step in (upper, lower)
    )
    message_key = "times.backward" if seconds < 0 else "times.too_long"
    return Finding(
        NAME,
        Outcome.CONTRADICTS,
        base_rate(NAME, "breaks"),
        message_key,
        (("seconds", str(abs(seconds))),),
        seen,
    )


CHECK = Check(
    NAME,
    "path",
    "A line more than an hour later than the line above it, or more than five days earlier.",
    "Each server writes its line when it has the message: time runs upward, with the skew of "
    "clocks and the delay of queues.",
    "Wrong clocks, above all before 2005; mail that lay in a mailbox before it was fetched "
    "or forwarded.",
    "RFC 5321 sections 4.4 and 4.5.4.1; counted on the corpora",
    _look,
)
