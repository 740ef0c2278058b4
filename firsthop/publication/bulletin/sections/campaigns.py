"""The campaigns of a bulletin: who belongs together on which level, and the elements
that tell a campaign apart, measured against other mail.

Elements that hold people's addresses, names or words of their subjects stay out of it;
the case's campaigns.json has them."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.background import PERSONAL
from firsthop.campaign.explain.campaign import Campaign, Campaigns
from firsthop.campaign.explain.method import MethodSummary
from firsthop.campaign.explain.origins import Country, Origins
from firsthop.campaign.features.relation import RELATIONS
from firsthop.campaign.investigation import Investigation
from firsthop.campaign.signature.signature import Atom, Rate, Signature
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.evidence.host.places import PlaceData
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Day,
    Instant,
    Joined,
    Paragraph,
    Quoted,
    Table,
    Value,
    Word,
)
from firsthop.publication.bulletin.names import campaign_name

LARGEST = 5  # campaigns that are described; campaigns.json has all
NEWEST = 3  # and those beside them that were seen last
LISTED = 20  # that are named in a table
MOST_OPERATIONS = 5
MOST_ELEMENTS = 6
MOST_COUNTRIES = 12
_RELATION_KEYS = {value: key for key, value in RELATIONS.items()}


def campaigns(investigation: Investigation) -> tuple[Block, ...]:
    """Operations that hold more than one campaign, then the campaigns with their
    elements."""
    clusters = investigation.campaigns
    if clusters is None or not investigation.summaries:
        return ()
    counts = {level: str(len(clusters.of_level(level))) for level in LEVELS}
    zone, told = investigation.audience.time_zone, described(clusters)
    return (
        Paragraph("campaigns.how", counts),
        _chance(clusters.method),
        *_operations(clusters, zone),
        *(block for one in told for block in _campaign(one, clusters.method.places, zone)),
        *_others(clusters, told, zone),
    )


def described(clusters: Campaigns) -> tuple[Campaign, ...]:
    """The campaigns that a bulletin describes: the largest, and the newest of the
    others."""
    every = clusters.of_level("campaign")
    newest = sorted(every[LARGEST:], key=lambda one: (-(one.last_seen or 0), one.id))
    return (*every[:LARGEST], *newest[:NEWEST])


def _others(clusters: Campaigns, told: tuple[Campaign, ...], zone: str) -> Iterator[Block]:
    """The campaigns that are only named, and how many are not even that."""
    others = [one for one in clusters.of_level("campaign") if one not in told]
    if not others:
        return
    yield Paragraph("campaigns.others", {"n": str(len(others))})
    rows = tuple(
        (campaign_name(one, zone), str(one.size), Day(one.last_seen, zone))
        for one in others[:LISTED]
    )
    yield Table(("column.campaign", "column.messages", "column.last"), rows)
    if len(others) > LISTED:
        yield Paragraph("campaigns.cut", {"n": str(len(others) - LISTED)})


def _chance(method: MethodSummary) -> Paragraph:
    """What chance does in this heap, and what the rarity is measured against."""
    rates = [rate.rate for rate in method.chance if rate.level == "campaign"]
    background = sum(source.messages for source in method.background)
    return Paragraph(
        "campaigns.chance", {"rate": f"{100 * max(rates, default=0.0):.2f}", "n": str(background)}
    )


def _operations(clusters: Campaigns, zone: str) -> Iterator[Paragraph]:
    """The operations that are more than one campaign."""
    for operation in clusters.of_level("operation")[:MOST_OPERATIONS]:
        inside = [c for c in clusters.of_level("campaign") if c.parent == operation.id]
        if len(inside) != 1 or inside[0].size != operation.size:
            yield Paragraph(
                "campaigns.operation", {**_span(operation, zone), "campaigns": str(len(inside))}
            )


def _campaign(campaign: Campaign, places: tuple[PlaceData, ...], zone: str) -> Iterator[Block]:
    yield Paragraph(
        "campaigns.campaign", {**_span(campaign, zone), "name": campaign_name(campaign, zone)}
    )
    if elements := tuple(_elements(campaign.signature())):
        yield Bullets(elements)
    if countries := campaign.origins.countries:
        yield _origins(campaign.origins, countries, places)


def _span(cluster: Campaign, zone: str) -> dict[str, Value]:
    return {
        "id": Quoted(cluster.id),
        "n": str(cluster.size),
        "first": Instant(cluster.first_seen, zone),
        "last": Instant(cluster.last_seen, zone),
    }


def _origins(
    origins: Origins, countries: tuple[Country, ...], places: tuple[PlaceData, ...]
) -> Paragraph:
    """In which countries the client addresses lie, by which data of which day."""
    shown = tuple(_country(one) for one in countries[:MOST_COUNTRIES])
    more = (
        (Word("campaigns.more_countries", {"n": str(len(countries) - MOST_COUNTRIES)}),)
        if len(countries) > MOST_COUNTRIES
        else ()
    )
    values: dict[str, Value] = {
        "n": str(origins.addresses),
        "messages": str(origins.messages),
        "countries": Joined(shown + more),
        "data": Joined(tuple(map(_place_data, places))),
    }
    return Paragraph("campaigns.origins", values)


def _country(one: Country) -> Word:
    name: Value = Quoted(one.country) if one.country else Word("campaigns.no_country")
    return Word("campaigns.country", {"country": name, "n": str(one.addresses)})


def _place_data(one: PlaceData) -> Value:
    if not one.date:
        return Quoted(one.name)
    return Word("campaigns.data_of", {"name": Quoted(one.name), "date": one.date})


def _value(family: str, value: str) -> Value:
    """A value as it stands in the mail; a relation in words."""
    return Word(f"relation.{_RELATION_KEYS[value]}") if family == "relation" else Quoted(value)


def _elements(signature: Signature | None) -> Iterator[Paragraph]:
    """The strongest elements of a signature, each with its coverage and its share in
    the background."""
    if signature is None:
        yield Paragraph("campaigns.no_signature")
        return
    public = [atom for atom in signature.atoms if atom.family not in PERSONAL]
    yield from map(_element, public[:MOST_ELEMENTS])
    yield from _tested("campaigns.tested", signature.tested, signature.false_positives)
    if signature.conjunction and not any(f in PERSONAL for f, _ in signature.conjunction):
        together = tuple(_pair(*pair) for pair in signature.conjunction)
        yield Paragraph("campaigns.conjunction", {"elements": Joined(together)})
        yield from _tested(
            "campaigns.conjunction_tested",
            signature.conjunction_tested,
            signature.conjunction_false_positives,
        )
    if not signature.enough:
        yield Paragraph("campaigns.not_enough")


def _element(atom: Atom) -> Paragraph:
    return Paragraph(
        "campaigns.element",
        {
            **_pair(atom.family, atom.value).values,
            "k": str(atom.covered[0]),
            "n": str(atom.covered[1]),
            "bk": str(atom.background[0]),
            "bn": str(atom.background[1]),
            "upper": f"{100 * atom.upper:.2f}",
        },
    )


def _pair(family: str, value: str) -> Word:
    return Word(
        "campaigns.pair", {"family": Word(f"family.{family}"), "value": _value(family, value)}
    )


def _tested(key: str, later: tuple[int, int], false: Rate) -> Iterator[Paragraph]:
    """How many of the later part, and of other mail, a signature finds; nothing where
    the campaign is too small for a later part."""
    if later[1]:
        others = {"fk": str(false.k), "fn": str(false.n), "upper": f"{100 * false.upper:.2f}"}
        yield Paragraph(key, {"k": str(later[0]), "n": str(later[1]), **others})
