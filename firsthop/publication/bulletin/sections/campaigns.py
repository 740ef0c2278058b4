"""The campaigns of a bulletin: which there are, which of them are described and why,
each by a name, a few sentences and a table of what tells it apart, measured against
other mail.

Elements that hold people's addresses, names or words of their subjects stay out of it;
the case's campaigns.json has them. Elements that everybody shares are told as such."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.explain.campaign import Campaign, Campaigns
from firsthop.campaign.explain.method import MethodSummary
from firsthop.campaign.investigation import Investigation
from firsthop.evidence.identity.shared_hosts import is_placeholder
from firsthop.publication.bulletin.choice import (
    DANGEROUS,
    DAYS,
    dangerous,
    described,
    is_running,
    marks,
)
from firsthop.publication.bulletin.document import (
    Block,
    Day,
    Listed,
    Paragraph,
    Period,
    Quoted,
    Table,
    Value,
    Word,
)
from firsthop.publication.bulletin.names import campaign_name
from firsthop.publication.bulletin.sections.counts import sentences
from firsthop.publication.bulletin.sections.elements_of import elements_of, lacks_background
from firsthop.publication.bulletin.sections.origins import origins

LISTED = 20  # campaigns that are named in a table
MOST_OPERATIONS = 5
MOST_DOMAINS = 3  # of authors that are named


def campaigns(investigation: Investigation) -> tuple[Block, ...]:
    """How many there are, the operations that hold several, the described ones, the
    others by name."""
    clusters = investigation.campaigns
    if clusters is None or len(investigation.summaries) < 2:
        return ()
    told, worst = described(investigation), dangerous(investigation)
    return (
        _found(clusters),
        *_chosen(clusters, told, marked=bool(worst)),
        *_operations(investigation, clusters),
        *(block for one in told for block in _campaign(one, investigation, worst)),
        *([Paragraph("campaigns.not_enough")] if any(map(lacks_background, told)) else ()),
        *_others(investigation, clusters, told),
    )


def _found(clusters: Campaigns) -> Paragraph:
    """How messages are gathered, and how many campaigns came of it."""
    n = len(clusters.of_level("campaign"))
    told = [Word("campaigns.how"), Word("campaigns.found", {"n": str(n)})]
    return sentences(*told, *([_chance(clusters.method)] if n else ()))


def _chance(method: MethodSummary) -> Word:
    """What chance does in this heap, and what the rarity is measured against."""
    rates = [rate.rate for rate in method.chance if rate.level == "campaign"]
    values = {
        "rate": f"{100 * max(rates, default=0.0):.2f}",
        "n": str(sum(source.messages for source in method.background)),
    }
    return Word("campaigns.chance" if any(rates) else "campaigns.no_chance", values)


def _chosen(
    clusters: Campaigns, told: tuple[Campaign, ...], *, marked: bool
) -> Iterator[Paragraph]:
    """By what the described ones were chosen, where there are others or dangerous
    ones (`marked`)."""
    every = clusters.of_level("campaign")
    if len(every) < 2:
        return
    if len(every) > len(told):
        yield Paragraph("campaigns.chosen" if marked else "campaigns.chosen_unmarked")
    if marked:
        yield Paragraph("campaigns.danger", {"days": str(DAYS)})


def _operations(investigation: Investigation, clusters: Campaigns) -> Iterator[Paragraph]:
    """The operations that are more than one campaign."""
    zone = investigation.audience.time_zone
    for operation in clusters.of_level("operation")[:MOST_OPERATIONS]:
        inside = [c for c in clusters.of_level("campaign") if c.parent == operation.id]
        if len(inside) != 1 or inside[0].size != operation.size:
            values: dict[str, Value] = {
                "id": Quoted(operation.id),
                "name": campaign_name(operation, investigation),
                "n": str(len(inside)),
                "size": str(operation.size),
                "period": Period(operation.first_seen, operation.last_seen, zone),
            }
            yield Paragraph("campaigns.operation", values)


def _campaign(
    campaign: Campaign, investigation: Investigation, worst: tuple[Campaign, ...]
) -> Iterator[Block]:
    """One of them; `worst` are the dangerous ones."""
    yield sentences(*_description(campaign, investigation, worst))
    yield from elements_of(campaign.signature())
    if countries := campaign.origins.countries:
        places = investigation.campaigns.method.places if investigation.campaigns else ()
        yield origins(campaign.origins, countries, places)


def _description(
    campaign: Campaign, investigation: Investigation, worst: tuple[Campaign, ...]
) -> Iterator[Word]:
    """Name and size, whose name it uses, what the verdicts say, why it is dangerous."""
    zone, senders = investigation.audience.time_zone, campaign.senders
    values: dict[str, Value] = {
        "id": Quoted(campaign.id),
        "name": campaign_name(campaign, investigation),
        "n": str(campaign.size),
        "period": Period(campaign.first_seen, campaign.last_seen, zone),
    }
    yield Word("campaigns.campaign", values)
    yield from _authors(campaign)
    for key, n in (
        ("forged", senders.forged),
        ("unauthenticated", senders.unvouched),
        ("authorised", senders.vouched),
    ):
        if n:
            yield Word(f"brief.{key}", {"n": str(n), "total": str(senders.messages)})
    if len(worst) > 1 and campaign in worst[:DANGEROUS]:
        found = marks(campaign, investigation)
        yield _because(found, is_running(campaign, investigation), investigation)


def _authors(campaign: Campaign) -> Iterator[Word]:
    senders = campaign.senders
    named = [one.domain for one in senders.domains if not is_placeholder(one.domain)]
    domains = Listed(tuple(map(Quoted, named[:MOST_DOMAINS])))
    if not named:
        return
    if senders.distinct == 1:
        size = str(senders.messages)
        yield Word("campaigns.one_author", {"n": size, "total": size, "domains": domains})
        return
    kind = "few_authors"
    if senders.distinct > MOST_DOMAINS:
        once = senders.distinct == senders.messages
        kind = "other_authors" if once else "many_authors"
    yield Word(f"campaigns.{kind}", {"n": str(senders.distinct), "domains": domains})


def _because(found: tuple[str, ...], running: bool, investigation: Investigation) -> Word:
    provider = Quoted(investigation.case_file.provider or "?")
    keys = (*found, *(("running",) if running else ()))
    told = tuple(Word(f"danger.{key}", {"provider": provider, "days": str(DAYS)}) for key in keys)
    return Word("campaigns.because", {"n": str(len(keys)), "marks": Listed(told)})


def _others(
    investigation: Investigation, clusters: Campaigns, told: tuple[Campaign, ...]
) -> Iterator[Block]:
    """The campaigns that are only named, and how many are not even that."""
    others = [one for one in clusters.of_level("campaign") if one not in told]
    if not others:
        return
    zone = investigation.audience.time_zone
    yield Paragraph("campaigns.others", {"n": str(len(others))})
    rows = tuple(
        (campaign_name(one, investigation), str(one.size), Day(one.last_seen, zone))
        for one in others[:LISTED]
    )
    yield Table(("column.campaign", "column.messages", "column.last"), rows)
    if len(others) > LISTED:
        yield Paragraph("campaigns.cut", {"n": str(len(others) - LISTED)})
