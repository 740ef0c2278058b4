"""Does each line have the shape that the server it names gives its lines?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.received.shape import broken_parts, stands_in_for_address
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "line_shape"


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    steps = facts.path.claimed
    for step in [one for one in steps if not one.hop.client_address]:
        if stamp := stands_in_for_address(step.hop):
            rate = base_rate(NAME, "date_for_address")
            return Finding(
                NAME,
                Outcome.CONTRADICTS,
                rate,
                "shape.date_for_address",
                (("date", stamp),),
                (observe("client", stamp, step.field),),
            )
    judged = [(step, parts) for step in steps if (parts := broken_parts(step.hop)) is not None]
    if not judged:
        return None
    bad = [(step, parts) for step, parts in judged if parts]
    if not bad:
        return Finding(
            NAME,
            Outcome.SUPPORTS,
            base_rate(NAME, "keeps"),
            "shape.kept",
            (("n", str(len(judged))),),
        )
    step, parts = bad[0]
    seen = tuple([observe(",".join(parts), s.hop.raw[:200], s.field) for s, parts in bad])
    values = (
        ("dialect", step.hop.dialect or "?"),
        ("by", step.hop.by or "?"),
        ("parts", ", ".join(parts)),
    )
    return Finding(
        NAME, Outcome.CONTRADICTS, base_rate(NAME, "breaks"), "shape.broken", values, seen
    )


CHECK = Check(
    NAME,
    "path",
    "A line that names a server's software and breaks its form: the id, the protocol's case, "
    "the form of the date; or a date in the address's place.",
    "Each server writes its lines by its own code; who invents a line copies the look and "
    "misses the rule.",
    "Local patches, redaction and anonymised samples.",
    "firsthop/evidence/received/shapes.toml, each entry with its source; counted on the corpora",
    _look,
)
