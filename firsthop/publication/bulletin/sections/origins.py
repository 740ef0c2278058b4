"""In which countries the client addresses of a campaign lie, by which data of which
day."""

from __future__ import annotations

from firsthop.campaign.explain.origins import Country, Origins
from firsthop.evidence.host.places import PlaceData
from firsthop.publication.bulletin.document import Joined, Listed, Paragraph, Quoted, Value, Word

MOST_COUNTRIES = 12


def origins(
    told: Origins, countries: tuple[Country, ...], places: tuple[PlaceData, ...]
) -> Paragraph:
    """The countries with their addresses, those of most first."""
    shown = tuple(_country(one) for one in countries[:MOST_COUNTRIES])
    more = (
        (Word("campaigns.more_countries", {"n": str(len(countries) - MOST_COUNTRIES)}),)
        if len(countries) > MOST_COUNTRIES
        else ()
    )
    values: dict[str, Value] = {
        "n": str(told.addresses),
        "messages": str(told.messages),
        "countries": Joined(shown + more),
        "data": Listed(tuple(map(_place_data, places))),
    }
    return Paragraph("campaigns.origins", values)


def _country(one: Country) -> Word:
    name: Value = Quoted(one.country) if one.country else Word("campaigns.no_country")
    return Word("campaigns.country", {"country": name, "n": str(one.addresses)})


def _place_data(one: PlaceData) -> Value:
    if not one.date:
        return Quoted(one.name)
    return Word("campaigns.data_of", {"name": Quoted(one.name), "date": one.date})
