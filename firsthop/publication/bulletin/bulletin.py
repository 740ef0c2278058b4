"""The bulletin: what the evidence of a case carries, in the order in which an analyst
tells it. Everything in it is computed from the input.

What a source only asserts is marked as asserted. Addresses of people, subjects and
local parts do not enter it: the relays, the names their clients gave and the addresses
they saw are enough to say what happened."""

from __future__ import annotations

from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.document import Document, Quoted, Section, Value
from firsthop.publication.bulletin.sections import BODY


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
    sections = tuple(
        Section(title, blocks) for title, write in BODY if (blocks := write(investigation))
    )
    dated = max((t.instant or 0 for t in investigation.timed), default=0)
    return Document(case_file.title, investigation.audience.tlp, tuple(facts), sections, dated)
