"""Was the message written by the program it names? The answer from the four views of
it.

A gateway that writes a header anew changes boundary, fields and order at once, so these
three are one witness: together they weigh at most REBUILT, which is less than a
contradiction. The Message-ID, which survives such gateways and where it does not says
so, has to agree. Where it has another form and nobody is known to have given it, the
other views do not make the message consistent. The thresholds stand in
docs/reference/mailers.md with the figures they were derived from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from firsthop.judgement.finding import BaseRate, Finding, Outcome, Verdict

VIEWS = ("mailer_message_id", "mailer_boundary", "mailer_fields", "mailer_order")
BEARING = frozenset((*VIEWS, "mailer_looks_like"))
UNEXPLAINED = "mailer.unexplained_id"  # what a finding says of an id that somebody may have given
CAP = 8.0  # bits the Message-ID can weigh
REBUILT = 4.0  # bits the other views can weigh together
CONTRADICTED = -5.0  # bits: 32 times likelier in mail that only names the program
CONSISTENT = 1.0  # bits: twice as likely in the program's own mail


def total(weights: Mapping[str, BaseRate | None], unexplained: bool = False) -> float:
    """The bits for (positive) or against the named program, from the strengths of the
    checks by name; none for it where its Message-ID is `unexplained`."""
    bits = {check: weight.bits for check, weight in weights.items() if weight is not None}
    told = _cut(bits.pop(VIEWS[0], 0.0), CAP) + _cut(sum(bits.values()), REBUILT)
    return min(told, 0.0) if unexplained else told


def _cut(bits: float, limit: float) -> float:
    return max(-limit, min(limit, bits))


def answer_of(bits: float) -> str:
    """consistent | contradicted | inconclusive."""
    return (
        "contradicted"
        if bits <= CONTRADICTED
        else "consistent"
        if bits >= CONSISTENT
        else "inconclusive"
    )


def mailer_verdict(findings: tuple[Finding, ...]) -> Verdict:
    """The verdict on the mailer, with the findings it rests on."""
    because = tuple([f for f in findings if f.check in BEARING])
    if not because:
        return _NOTHING
    unexplained = any(f.message_key == UNEXPLAINED for f in because)
    return Verdict("mailer", answer_of(total(weights(because), unexplained)), because)


_NOTHING = Verdict("mailer", answer_of(total({})))


def weights(findings: Iterable[Finding]) -> dict[str, BaseRate | None]:
    """The strengths of the views that have something to say."""
    return {
        f.check: f.strength
        for f in findings
        if f.check in VIEWS and f.outcome is not Outcome.SILENT
    }
