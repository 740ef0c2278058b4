"""What a message was judged to be, as text: each verdict with its findings, each
finding with its count and its bytes."""

from __future__ import annotations

from firsthop.faces.cli.screen import Screen
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import BaseRate, Finding, Observation, Outcome
from firsthop.publication.finding_text import finding_text
from firsthop.publication.words import say

OUTCOMES = {
    Outcome.SUPPORTS: ("+ supports", "green"),
    Outcome.CONTRADICTS: ("- contradicts", "red"),
    Outcome.SILENT: ("· silent", "dim"),
}


def show_judgement(screen: Screen, examination: Examination) -> None:
    """The verdicts, then the findings on which none of them rests."""
    for verdict in examination.verdicts:
        screen.gap()
        screen.labelled(
            verdict.question, (say("en", f"answer.{verdict.question}.{verdict.answer}"), "bold")
        )
        for finding in verdict.because:
            _show_finding(screen, finding)
    used = [finding for verdict in examination.verdicts for finding in verdict.because]
    left = [finding for finding in examination.findings if finding not in used]
    if left:
        screen.gap()
        screen.labelled("also seen")
    for finding in left:
        _show_finding(screen, finding)


def _show_finding(screen: Screen, finding: Finding) -> None:
    screen.line(
        OUTCOMES[finding.outcome],
        f"  {finding.check}: {finding_text('en', finding.message_key, dict(finding.values))}",
        indent=4,
    )
    if finding.outcome is not Outcome.SILENT or finding.strength is not None:
        screen.labelled("strength", strength_text(finding.strength), indent=6, width=12)
    for observation in finding.observations:
        screen.labelled("bytes", observation_text(observation), indent=6, width=12)


def strength_text(rate: BaseRate | None) -> str:
    """A strength with the count it comes from."""
    if rate is None:
        return "not counted: it carries no weight by itself"
    holds, fails = ("{:,} of {:,}".format(*count) for count in (rate.holds, rate.fails))
    counts = f"{holds} where the hypothesis holds, {fails} where it does not"
    return (
        f"likelihood ratio {rate.likelihood_ratio:.3g} ({rate.bits:+.1f} bits): {counts} "
        f"({say('en', f'corpus.{rate.corpus}')})"
    )


def observation_text(seen: Observation) -> str:
    """A value and where it stands."""
    if seen.asserted:
        return f"{seen.key} = {seen.value} (asserted by the source, not shown in the message)"
    if seen.span is None:
        return f"{seen.key} = {seen.value} (no such field)"
    return f"{seen.field} at {seen.span.start}-{seen.span.stop}: {seen.key} = {seen.value}"
