"""Was the message written by the program it names? The answer from the four views of it.

A gateway that writes a header anew changes boundary, fields and order at once, so these three are one witness: together they weigh at most REBUILT,
which is less than a contradiction. The Message-ID, which survives such gateways and where it does not says so, has to agree.
The thresholds stand in docs/reference/mailers.md with the figures they were derived from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from firsthop.judgement.finding import BaseRate, Finding, Outcome, Verdict

VIEWS = ("mailer_message_id", "mailer_boundary", "mailer_fields", "mailer_order")
CAP = 8.0  # bits the Message-ID can weigh
REBUILT = 4.0  # bits the other views can weigh together
CONTRADICTED = -5.0  # bits: 32 times likelier in mail that only names the program
CONSISTENT = 1.0  # bits: twice as likely in the program's own mail


def total(weights: Mapping[str, BaseRate | None]) -> float:
    """The bits for (positive) or against the named program, from the strengths of the checks by name."""
    bits = {check: weight.bits for check, weight in weights.items() if weight is not None}
    return _cut(bits.pop(VIEWS[0], 0.0), CAP) + _cut(sum(bits.values()), REBUILT)


def _cut(bits: float, limit: float) -> float:
    return max(-limit, min(limit, bits))


def answer_of(bits: float) -> str:
    """consistent | contradicted | inconclusive."""
    return "contradicted" if bits <= CONTRADICTED else "consistent" if bits >= CONSISTENT else "inconclusive"


def mailer_verdict(findings: tuple[Finding, ...]) -> Verdict:
    """The verdict on the mailer, with the findings it rests on."""
    because = tuple(f for f in findings if f.check in VIEWS or f.check == "mailer_looks_like")
    return Verdict("mailer", answer_of(total(weights(because))), because)


def weights(findings: Iterable[Finding]) -> dict[str, BaseRate | None]:
    """The strengths of the views that have something to say."""
    return {f.check: f.strength for f in findings if f.check in VIEWS and f.outcome is not Outcome.SILENT}
