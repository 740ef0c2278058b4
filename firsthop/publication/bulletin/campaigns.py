"""The campaigns of a bulletin: who belongs together on which level, and the elements
that tell a campaign apart, measured against other mail.

Elements that hold people's addresses, names or words of their subjects stay out of it;
the case's campaigns.json has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from firsthop.campaign.background import PERSONAL
from firsthop.campaign.features.relation import RELATIONS
from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Joined,
    Paragraph,
    Quoted,
    Value,
    Word,
)

MOST = 20  # clusters of a level that are told; campaigns.json has all
MOST_ELEMENTS = 6
MOST_COUNTRIES = 12
_RELATION_KEYS = {value: key for key, value in RELATIONS.items()}


def campaigns(found: Investigation) -> tuple[Block, ...]:
    """Operations that hold more than one campaign, then the campaigns with their
    elements."""
    gathered = found.campaigns
    if gathered is None or not found.summaries:
        return ()
    by_level = {
        level: [c for c in gathered.told if c["level"] == level]
        for level in ("operation", "campaign", "wave")
    }
    blocks: list[Block] = [
        Paragraph("campaigns.how", {level: str(len(many)) for level, many in by_level.items()})
    ]
    blocks.append(_chance(gathered.about))
    for operation in by_level["operation"][:MOST]:
        inside = [c for c in by_level["campaign"] if c["parent"] == operation["id"]]
        if len(inside) != 1 or inside[0]["size"] != operation["size"]:
            blocks.append(
                Paragraph(
                    "campaigns.operation", {**_span(operation), "campaigns": str(len(inside))}
                )
            )
    for campaign in by_level["campaign"][:MOST]:
        blocks.append(Paragraph("campaigns.campaign", _span(campaign)))
        if elements := tuple(_elements(campaign)):
            blocks.append(Bullets(elements))
        if countries := campaign["origins"]["countries"]:
            blocks.append(_origins(campaign["origins"], countries, gathered.about["places"]))
    return tuple(blocks)


def _chance(about: dict[str, Any]) -> Paragraph:
    """What chance does in this heap, and what the rarity is measured against."""
    rates = [rate["rate"] for rate in about["chance"] if rate["level"] == "campaign"]
    background = sum(source["messages"] for source in about["background"])
    return Paragraph(
        "campaigns.chance", {"rate": f"{100 * max(rates, default=0.0):.2f}", "n": str(background)}
    )


def _span(cluster: dict[str, Any]) -> dict[str, Value]:
    return {
        "id": Quoted(cluster["id"]),
        "n": str(cluster["size"]),
        "first": _time(cluster["first_seen"]),
        "last": _time(cluster["last_seen"]),
    }


def _time(text: str | None) -> str:
    return text.replace("T", " ") if text else "–"


def _origins(
    origins: dict[str, Any], countries: list[dict[str, Any]], sources: list[dict[str, Any]]
) -> Paragraph:
    """In which countries the client addresses lie, by which data of which day."""
    shown = tuple(_country(one) for one in countries[:MOST_COUNTRIES])
    more = (
        (Word("campaigns.more_countries", {"n": str(len(countries) - MOST_COUNTRIES)}),)
        if len(countries) > MOST_COUNTRIES
        else ()
    )
    data = tuple(
        Word("campaigns.data_of", {"name": Quoted(s["name"]), "date": s["date"]})
        if s["date"]
        else Quoted(s["name"])
        for s in sources
    )
    values: dict[str, Value] = {
        "n": str(origins["addresses"]),
        "messages": str(origins["messages"]),
        "countries": Joined(shown + more),
        "data": Joined(data),
    }
    return Paragraph("campaigns.origins", values)


def _country(one: dict[str, Any]) -> Word:
    name: Value = Quoted(one["country"]) if one["country"] else Word("campaigns.no_country")
    return Word("campaigns.country", {"country": name, "n": str(one["addresses"])})


def _value(family: str, value: str) -> Value:
    """A value as it stands in the mail; a relation in words."""
    return Word(f"relation.{_RELATION_KEYS[value]}") if family == "relation" else Quoted(value)


def _elements(campaign: dict[str, Any]) -> Iterator[Paragraph]:
    """The strongest elements of the any-feature signature, each with its coverage and
    its share in the background."""
    signature = campaign["signature"].get("any")
    if signature is None:
        yield Paragraph("campaigns.no_signature")
        return
    public = [atom for atom in signature["atoms"] if atom["family"] not in PERSONAL]
    for atom in public[:MOST_ELEMENTS]:
        yield Paragraph(
            "campaigns.element",
            {
                "family": Word(f"family.{atom['family']}"),
                "value": _value(atom["family"], atom["value"]),
                "k": str(atom["covered"][0]),
                "n": str(atom["covered"][1]),
                "bk": str(atom["background"][0]),
                "bn": str(atom["background"][1]),
                "upper": f"{100 * atom['upper']:.2f}",
            },
        )
    if tested := _tested("campaigns.tested", signature["tested"], signature["false_positives"]):
        yield tested
    words = [(one["family"], one["value"]) for one in signature["conjunction"]]
    if words and not any(family in PERSONAL for family, _ in words):
        together = tuple(
            Word(
                "campaigns.pair",
                {"family": Word(f"family.{family}"), "value": _value(family, value)},
            )
            for family, value in words
        )
        yield Paragraph("campaigns.conjunction", {"elements": Joined(together)})
        if tested := _tested(
            "campaigns.conjunction_tested",
            signature["conjunction_tested"],
            signature["conjunction_false_positives"],
        ):
            yield tested
    if not signature["enough"]:
        yield Paragraph("campaigns.not_enough")


def _tested(key: str, found: Sequence[int], false: dict[str, Any]) -> Paragraph | None:
    """What a signature finds of the later part, and of other mail; None where the
    campaign is too small for a later part."""
    if not found[1]:
        return None
    others = {"fk": str(false["k"]), "fn": str(false["n"]), "upper": f"{100 * false['upper']:.2f}"}
    return Paragraph(key, {"k": str(found[0]), "n": str(found[1]), **others})
