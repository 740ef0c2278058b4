"""The distinctive elements: those observed, and those that a source asserts."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.investigation import Investigation
from firsthop.judgement.rates.base_rates import base_rate
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Joined,
    Paragraph,
    Quoted,
    Value,
    Word,
)
from firsthop.publication.bulletin.sections.counts import strength


def elements(investigation: Investigation) -> tuple[Block, ...]:
    """The distinctive elements: what is observed, then what is only asserted."""
    observed = tuple(_observed_elements(investigation))
    asserted = tuple(_asserted_elements(investigation))
    blocks: list[Block] = []
    if observed:
        blocks += [Paragraph("elements.observed"), Bullets(observed)]
    if asserted:
        blocks += [Paragraph("elements.asserted"), Bullets(asserted)]
    return tuple(blocks)


def _observed_elements(investigation: Investigation) -> Iterator[Paragraph]:
    counts = investigation.tally.marks
    if equal := counts["helo_is_id_domain"]:
        values: dict[str, Value] = {"n": str(equal), "total": str(counts["readable"])}
        rate = base_rate("helo_is_message_id_domain", "equal")
        told = Word("elements.helo_id_rate", strength(rate, "even", "even")) if rate else Joined(())
        yield Paragraph("elements.helo_id", {**values, "rate": told})
    if unnamed := counts["unnamed"]:
        values = {"n": str(unnamed), "total": str(counts["by_postfix"])}
        yield Paragraph("elements.recipients", values)
    if dated := counts["dated"]:
        yield Paragraph("elements.queue_ids", {"n": str(counts["agrees"]), "total": str(dated)})


def _asserted_elements(investigation: Investigation) -> Iterator[Paragraph]:
    case_file = investigation.case_file
    for claim in case_file.asserted:
        if claim.key == "subject_is_local_part_of_author" and claim.value == "true":
            yield Paragraph("elements.subject", {"source": Quoted(claim.source)})
        elif claim.key in ("x_mailer", "x_mimeole"):
            yield Paragraph(
                f"elements.{claim.key}",
                {"value": Quoted(claim.value), "source": Quoted(claim.source)},
            )
    mailer, mimeole = case_file.claim("x_mailer"), case_file.claim("x_mimeole")
    if (
        mailer
        and mimeole
        and mailer.value.rsplit(" ", 1)[-1] == mimeole.value.rsplit(" ", 1)[-1].lstrip("V")
    ):
        yield Paragraph("elements.versions_agree")
