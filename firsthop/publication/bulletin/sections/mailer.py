"""Whether the mail client that is named wrote the messages: what contradicts it, with
how much it weighs, then in one sentence where the Message-IDs fit."""

from __future__ import annotations

from firsthop.campaign.investigation import Investigation
from firsthop.judgement.finding import Finding
from firsthop.publication.bulletin.document import (
    Block,
    Listed,
    Paragraph,
    Quoted,
    Value,
    Word,
)
from firsthop.publication.bulletin.sections.counts import count_of, sentences, strength

MOST_PROGRAMS = 5  # that are named


def mailer(investigation: Investigation) -> tuple[Block, ...]:
    """Whether the named mail client made these messages."""
    blocks: list[Block] = []
    seen = investigation.tally.mailers
    for finding, n in seen.contradicted.values():
        blocks.append(_against(finding, n))
        if finding.strength:
            rate = strength(finding.strength, "times_genuine", "times_forged")
            blocks.append(Paragraph("mailer.rate", rate))
    if fitting := seen.fitting:
        programs = tuple(
            Word("mailer.program_count", {"mailer": Quoted(name), "n": str(n)})
            for name, n in sorted(fitting.items(), key=lambda one: (-one[1], one[0]))
        )
        if rest := programs[MOST_PROGRAMS:]:
            more = Word("mailer.other_programs", {"n": str(len(rest))})
            programs = (*programs[:MOST_PROGRAMS], more)
        values: dict[str, Value] = {"n": str(fitting.total()), "programs": Listed(programs)}
        blocks.append(Paragraph("mailer.fits", values))
    if seen.unread:
        blocks.append(Paragraph("mailer.unread", count_of(investigation, seen.unread)))
    return tuple(blocks)


def _against(finding: Finding, n: int) -> Paragraph:
    """The sentences on one program that did not write so many messages."""
    values: dict[str, Value] = {name: Quoted(value) for name, value in finding.values}
    marks = dict(finding.values).get("marks", "").split(",")
    values["marks"] = Listed(tuple(Word(f"mark.{mark}") for mark in marks if mark))
    told = [Word(f"bulletin.{finding.message_key}", {**values, "n": str(n)})]
    if any(o.asserted for o in finding.observations):
        told.append(Word("mailer.asserted_only", values))
    return sentences(*told)
