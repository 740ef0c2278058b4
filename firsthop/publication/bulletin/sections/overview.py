"""What the case holds, what it shows of the way of the mail, and the verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firsthop.campaign.investigation import Investigation
from firsthop.evidence.path.receiving import Basis
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.finding import Outcome
from firsthop.mail.message import Evidence
from firsthop.publication.bulletin.document import (
    Block,
    Instant,
    Listed,
    Paragraph,
    Quoted,
    Table,
    Word,
)
from firsthop.publication.bulletin.sections.counts import count_of, sentences

PATH_CHECKS = frozenset(check.name for check in CHECKS if check.question == "path")


def overview(investigation: Investigation) -> tuple[Block, ...]:
    """How much there is, what it is evidence of, from when to when."""
    told = [Word("overview.messages", {"n": str(len(investigation.summaries))})]
    published = [t for t in investigation.summaries if t.evidence is Evidence.PUBLICATION]
    if published:
        told.append(Word("overview.publication", count_of(investigation, len(published))))
    if timed := investigation.timed:
        zone = investigation.audience.time_zone
        span = {"first": Instant(timed[0].instant, zone), "last": Instant(timed[-1].instant, zone)}
        told.append(Word("overview.seen" if len(timed) > 1 else "overview.seen_once", span))
    blocks: list[Block] = [sentences(*told)]
    if investigation.skipped:
        blocks.append(Paragraph("overview.skipped", {"n": str(len(investigation.skipped))}))
    return tuple(blocks)


def description(investigation: Investigation) -> tuple[Block, ...]:
    """Whose mail it claims to be, and what the path says to that."""
    blocks: list[Block] = []
    if investigation.case_file.provider:
        provider = {"provider": Quoted(investigation.case_file.provider)}
        missed = [
            t
            for t in investigation.summaries
            if (f := t.finding("left_provider")) and f.outcome is Outcome.CONTRADICTS
        ]
        touched = [
            t
            for t in investigation.summaries
            if (f := t.finding("left_provider")) and f.message_key == "provider.touched"
        ]
        asserted = investigation.case_file.claim("author_domain")
        if asserted:
            blocks.append(
                Paragraph(
                    "description.author_asserted",
                    {"domain": Quoted(asserted.value), "source": Quoted(asserted.source)},
                )
            )
        if missed:
            blocks.append(
                Paragraph(
                    "description.missed", {**count_of(investigation, len(missed)), **provider}
                )
            )
        if touched:
            blocks.append(
                Paragraph(
                    "description.touched", {**count_of(investigation, len(touched)), **provider}
                )
            )
    blocks.extend(_boundaries(investigation))
    blocks.append(_consistency(investigation))
    return tuple(blocks)


def _boundaries(investigation: Investigation) -> Iterator[Paragraph]:
    """For how many messages the trust boundary is known, assumed, or neither."""
    counts = Counter(t.basis for t in investigation.summaries)
    known, assumed = counts[Basis.SETTINGS], counts[Basis.ASSUMED]
    if known:
        yield Paragraph("description.boundary_known", count_of(investigation, known))
    if assumed:
        yield Paragraph("description.boundary_assumed", count_of(investigation, assumed))
    if unknown := len(investigation.summaries) - known - assumed:
        yield Paragraph("description.boundary_unknown", count_of(investigation, unknown))


def _consistency(investigation: Investigation) -> Paragraph:
    """What the checks of the path contradict, by check and number of messages."""
    contradicted = [
        names
        for t in investigation.summaries
        if (
            names := {f.check for f in t.findings if f.outcome is Outcome.CONTRADICTS} & PATH_CHECKS
        )
    ]
    if not contradicted:
        n = len(investigation.summaries)
        return Paragraph("description.consistent", count_of(investigation, n))
    counts = Counter(name for names in contradicted for name in names)
    checks = Listed(
        tuple(
            Word("description.check_count", {"check": Word(f"check.{name}"), "n": str(n)})
            for name, n in sorted(counts.items())
        )
    )
    return Paragraph(
        "description.contradicted", {**count_of(investigation, len(contradicted)), "checks": checks}
    )


def verdicts(investigation: Investigation) -> tuple[Block, ...]:
    """How many messages got which answer, question by question."""
    counts = Counter(pair for t in investigation.summaries for pair in t.answers)
    blocks: list[Block] = [Paragraph("verdicts.how")] if counts else []
    for question in sorted({question for question, _ in counts}, reverse=True):
        rows = [
            (Word(f"answer.{question}.{answer}"), str(n))
            for (asked, answer), n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
            if asked == question
        ]
        if {answer for asked, answer in counts if asked == question} != {"inconclusive"}:
            blocks.append(Paragraph(f"question.{question}"))
            blocks.append(Table(("column.answer", "column.messages"), tuple(rows)))
    return tuple(blocks)
