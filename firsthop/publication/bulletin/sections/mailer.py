"""Whether the mail client that is named wrote the messages."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.investigation import Investigation
from firsthop.judgement.finding import Finding, Outcome
from firsthop.publication.bulletin.document import (
    Block,
    Joined,
    Paragraph,
    Quoted,
    Value,
    Word,
)
from firsthop.publication.bulletin.sections.counts import count_of, strength


def mailer(investigation: Investigation) -> tuple[Block, ...]:
    """Whether the named mail client made these messages."""
    blocks: list[Block] = []
    for finding, n in _distinct_mailers(investigation):
        values: dict[str, Value] = {name: Quoted(value) for name, value in finding.values}
        values["n"] = str(n)
        if "marks" in values:
            values["marks"] = Joined(
                tuple(
                    Word(f"mark.{mark}")
                    for mark in dict(finding.values)["marks"].split(",")
                    if mark
                )
            )
        blocks.append(Paragraph(f"bulletin.{finding.message_key}", values))
        if any(o.asserted for o in finding.observations):
            blocks.append(Paragraph("mailer.asserted_only"))
        if finding.strength:
            blocks.append(Paragraph("mailer.rate", strength(finding.strength)))
    unread = [
        t
        for t in investigation.summaries
        if (f := t.finding("mailer_message_id")) and f.message_key.startswith("mailer.message_id_")
    ]
    if unread:
        blocks.append(Paragraph("mailer.unread", count_of(investigation, len(unread))))
    return tuple(blocks)


def _distinct_mailers(investigation: Investigation) -> Iterator[tuple[Finding, int]]:
    """One finding for each program, marks and resemblance, with the number of
    messages."""
    kinds: dict[tuple[str, ...], list[Finding]] = {}
    for t in investigation.summaries:
        f = t.finding("mailer_message_id")
        if f and f.outcome is not Outcome.SILENT:
            values = dict(f.values)
            kinds.setdefault(
                (f.message_key, values["mailer"], values["marks"], values["looks_like"]), []
            ).append(f)
    for findings in kinds.values():
        yield findings[0], len(findings)
