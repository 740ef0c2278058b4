"""The bulletin: what the evidence of a case carries, in the order in which an analyst
tells it. Everything in it is computed from the input.

What a source only asserts is marked as asserted. What of people and of the operator's
own servers may be shown is decided before (publication/redaction): an investigation
that was not redacted gives a bulletin for the case alone, which says so."""

from __future__ import annotations

from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.document import Document, Quoted, Section, Value, Word
from firsthop.publication.bulletin.sections import BODY
from firsthop.publication.redaction.levels import unredacted_tlp


def bulletin(investigation: Investigation) -> Document:
    """The document of an investigation."""
    case_file = investigation.case_file
    facts: list[tuple[str, Value]] = []
    if case_file.author:
        facts.append(("head.author", Quoted(case_file.author)))
    if case_file.organisation:
        facts.append(("head.organisation", Quoted(case_file.organisation)))
    if case_file.published:
        facts.append(("head.source_published", case_file.published))
    facts.append(("head.status", Word(f"status.{_status(investigation)}")))
    sections = tuple(
        Section(title, blocks) for title, write in BODY if (blocks := write(investigation))
    )
    dated = max((t.instant or 0 for t in investigation.timed), default=0)
    return Document(case_file.title, _tlp(investigation), tuple(facts), sections, dated)


def _status(investigation: Investigation) -> str:
    return "redacted" if investigation.redacted else "unredacted"


def _tlp(investigation: Investigation) -> str:
    tlp = investigation.audience.tlp
    return tlp if investigation.redacted else unredacted_tlp(tlp)
