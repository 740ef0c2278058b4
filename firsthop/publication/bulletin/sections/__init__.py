"""The sections of a bulletin in their order, one function each: an investigation in,
blocks out; an empty tuple where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.document import Block
from firsthop.publication.bulletin.sections.actions import actions, glossary, indicators
from firsthop.publication.bulletin.sections.brief import brief
from firsthop.publication.bulletin.sections.campaigns import campaigns
from firsthop.publication.bulletin.sections.closing import damage, first_trace, sources, undecided
from firsthop.publication.bulletin.sections.elements import elements
from firsthop.publication.bulletin.sections.excerpts import excerpts
from firsthop.publication.bulletin.sections.hops import path_table, recurrence, spool, submission
from firsthop.publication.bulletin.sections.hypotheses import hypotheses
from firsthop.publication.bulletin.sections.ladders import ladders
from firsthop.publication.bulletin.sections.mailer import mailer
from firsthop.publication.bulletin.sections.overview import description, overview, verdicts
from firsthop.publication.bulletin.sections.pictures import timeline
from firsthop.publication.bulletin.sections.relations import relations

BODY: tuple[tuple[str, Callable[[Investigation], tuple[Block, ...]]], ...] = (
    ("title.brief", brief),
    ("title.actions", actions),
    ("title.overview", overview),
    ("title.description", description),
    ("title.verdicts", verdicts),
    ("title.elements", elements),
    ("title.timeline", timeline),
    ("title.ladder", ladders),
    ("title.relations", relations),
    ("title.path", path_table),
    ("title.campaigns", campaigns),
    ("title.recurrence", recurrence),
    ("title.spool", spool),
    ("title.submission", submission),
    ("title.mailer", mailer),
    ("title.first_trace", first_trace),
    ("title.hypotheses", hypotheses),
    ("title.indicators", indicators),
    ("title.undecided", undecided),
    ("title.damage", damage),
    ("title.excerpts", excerpts),
    ("title.sources", sources),
    ("title.glossary", glossary),
)
