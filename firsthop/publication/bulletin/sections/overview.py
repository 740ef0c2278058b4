"""What the case holds, what it shows of the way of the mail, and the verdicts."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.evidence.path.receiving import Basis
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


def overview(investigation: Investigation) -> tuple[Block, ...]:
    """How much there is, what it is evidence of, from when to when."""
    told = [Word("overview.messages", {"n": str(len(investigation.summaries))})]
    if published := investigation.tally.evidence[Evidence.PUBLICATION]:
        told.append(Word("overview.publication", count_of(investigation, published)))
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
        missed = investigation.count(missed_provider)
        touched = investigation.count(_touched)
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
                Paragraph("description.missed", {**count_of(investigation, missed), **provider})
            )
        if touched:
            blocks.append(
                Paragraph("description.touched", {**count_of(investigation, touched), **provider})
            )
    blocks.extend(_boundaries(investigation))
    blocks.append(_consistency(investigation))
    return tuple(blocks)


def missed_provider(t: MessageSummary) -> bool:
    """Whether its path speaks against the servers of the provider."""
    finding = t.finding("left_provider")
    return finding is not None and finding.outcome is Outcome.CONTRADICTS


def _touched(t: MessageSummary) -> bool:
    finding = t.finding("left_provider")
    return finding is not None and finding.message_key == "provider.touched"


def _boundaries(investigation: Investigation) -> Iterator[Paragraph]:
    """For how many messages the trust boundary is known, assumed, or neither."""
    counts = investigation.tally.basis
    known, assumed = counts[Basis.SETTINGS], counts[Basis.ASSUMED]
    if known:
        yield Paragraph("description.boundary_known", count_of(investigation, known))
    if assumed:
        yield Paragraph("description.boundary_assumed", count_of(investigation, assumed))
    if unknown := len(investigation.summaries) - known - assumed:
        yield Paragraph("description.boundary_unknown", count_of(investigation, unknown))


def _consistency(investigation: Investigation) -> Paragraph:
    """What the checks of the path contradict, by check and number of messages."""
    counts, contradicted = investigation.tally.contradicting, investigation.tally.contradicted
    if not contradicted:
        n = len(investigation.summaries)
        return Paragraph("description.consistent", count_of(investigation, n))
    checks = Listed(
        tuple(
            Word("description.check_count", {"check": Word(f"check.{name}"), "n": str(n)})
            for name, n in sorted(counts.items())
        )
    )
    return Paragraph(
        "description.contradicted", {**count_of(investigation, contradicted), "checks": checks}
    )


def verdicts(investigation: Investigation) -> tuple[Block, ...]:
    """How many messages got which answer, question by question."""
    counts = investigation.tally.answers
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
