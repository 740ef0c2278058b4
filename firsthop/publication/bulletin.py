"""The bulletin: what the evidence of a case carries, in the order in which an analyst tells it. Everything in it is computed from the input.

What a source only asserts is marked as asserted. Addresses of people, subjects and local parts do not enter it: the relays, the names they were
told and the addresses they saw are enough to say what happened.
"""

from __future__ import annotations

from firsthop.campaign.investigation import Investigation
from firsthop.publication.document import Document, Quoted, Section, Value
from firsthop.publication.sections import BODY


def bulletin(found: Investigation) -> Document:
    """The document of an investigation."""
    brief = found.brief
    facts: list[tuple[str, Value]] = []
    if brief.author:
        facts.append(("head.author", Quoted(brief.author)))
    if brief.organisation:
        facts.append(("head.organisation", Quoted(brief.organisation)))
    if brief.published:
        facts.append(("head.source_published", brief.published))
    sections = tuple(Section(title, blocks) for title, write in BODY if (blocks := write(found)))
    return Document(brief.title, brief.tlp, tuple(facts), sections)
