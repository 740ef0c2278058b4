"""A case redacted for one level: the investigation and its campaigns as publications
take them, and the search that holds finished files against what must not be in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from firsthop.campaign.explain.campaign import CampaignInFull, Campaigns
from firsthop.campaign.explain.senders import senders_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation, assemble
from firsthop.publication.redaction.campaigns import redacted_in_full
from firsthop.publication.redaction.canonical import folded
from firsthop.publication.redaction.examples import redacted_example
from firsthop.publication.redaction.known import Known
from firsthop.publication.redaction.messages import (
    redacted_case_file,
    redacted_question,
    redacted_skipped,
    redacted_summary,
)
from firsthop.publication.redaction.pseudonyms import Pseudonyms
from firsthop.publication.redaction.redactor import Redactor
from firsthop.publication.redaction.scan.lookup import Allowed, Lookup
from firsthop.publication.redaction.withholding import values_with_finds


@dataclass(frozen=True, slots=True)
class Redacted:
    """A case as it may go out at a level."""

    investigation: Investigation
    clusters: tuple[CampaignInFull, ...]
    lookup: Lookup
    given: frozenset[str]  # the values that it shows
    withheld: frozenset[str]  # those that it would show, were nothing found in them
    left_out: int  # pseudonyms that stand for them


def redacted(
    investigation: Investigation,
    clusters: Sequence[CampaignInFull],
    known: Known,
    pseudonyms: Pseudonyms,
    withheld: frozenset[str] | None = None,
) -> Redacted:
    """The case redacted. A value in which the search still finds something, encoded in
    some way, is left out whole; with `withheld`, these are and no others are sought."""
    by = Redactor(known, pseudonyms)
    if withheld is None:
        _redact(investigation, clusters, by)
        withheld = values_with_finds(by.given, lookup_of(known, by))
    return _whole(investigation, clusters, by.without(withheld), withheld)


def lookup_of(known: Known, by: Redactor) -> Lookup:
    """The search for what a redactor must have hidden."""
    ids = frozenset(map(folded, by.shown_ids))
    return Lookup(known, Allowed(frozenset(by.pseudonyms.given), ids))


def _whole(
    investigation: Investigation,
    clusters: Sequence[CampaignInFull],
    by: Redactor,
    withheld: frozenset[str],
) -> Redacted:
    copy, full = _redact(investigation, clusters, by)
    given = frozenset(by.given)
    return Redacted(copy, full, lookup_of(by.known, by), given, withheld, len(by.left_out))


def _redact(
    investigation: Investigation, clusters: Sequence[CampaignInFull], by: Redactor
) -> tuple[Investigation, tuple[CampaignInFull, ...]]:
    numbers = {(t.uri, t.offset): n for n, t in enumerate(investigation.summaries, 1)}
    summaries = [redacted_summary(t, n, by) for n, t in enumerate(investigation.summaries, 1)]
    full = tuple(
        _with_senders(redacted_in_full(one, numbers, by), one, numbers, summaries)
        for one in clusters
    )
    method = investigation.campaigns.method if investigation.campaigns else None
    copy = assemble(
        summaries,
        (redacted_skipped(one, n, by) for n, one in enumerate(investigation.skipped, 1)),
        redacted_case_file(investigation.case_file, by),
        investigation.audience._replace(tlp=by.level.tlp),
        Campaigns(tuple(one.campaign for one in full), method) if method else None,
    )
    causes = tuple(redacted_question(one, by) for one in investigation.hypotheses)
    shown = tuple(
        redacted_example(one, numbers[one.summary.uri, one.summary.offset], by)
        for one in investigation.examples
    )
    told = replace(copy, hypotheses=causes, outside=investigation.outside)  # counts alone
    return replace(told, redacted=True, examples=shown), full


def _with_senders(
    full: CampaignInFull,
    origin: CampaignInFull,
    numbers: Mapping[tuple[str, int], int],
    summaries: Sequence[MessageSummary],
) -> CampaignInFull:
    """The cluster with what its messages, redacted, show of their senders."""
    places = ((member.uri, member.offset) for member in origin.members)
    inside = (summaries[numbers[place] - 1] for place in places if place in numbers)
    return full._replace(campaign=replace(full.campaign, senders=senders_of(inside)))
