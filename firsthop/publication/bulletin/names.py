"""The name of a campaign (campaign/explain/names.py) as a sentence holds it: whose name
it uses, through which server it comes, under which HELO, where its links lead, since
when."""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.campaign.explain.campaign import Campaign
from firsthop.campaign.explain.names import CampaignName, names_of
from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.document import Day, Joined, Month, Quoted, Value, Word
from firsthop.publication.bulletin.render import visible, words


def campaign_name(campaign: Campaign, investigation: Investigation) -> Word:
    """What to call it; no other of its level in the case is called the same."""
    zone = investigation.audience.time_zone
    name = investigation.names.get(campaign.id) or names_of((campaign,), zone)[campaign.id]
    return name_in_words(name, zone)


def name_in_words(name: CampaignName, zone: str) -> Word:
    """A name with its month or day in a zone."""
    parts: list[Value] = [
        Word(f"name.{one.kind}", {"value": Quoted(one.value)}) for one in name.parts
    ]
    if not parts:
        parts.append(Word("name.unmarked"))
    if name.php:
        parts[0] = Word("name.php", {"part": parts[0]})
    if name.since is not None:
        parts.append(_since(name.since, zone, exact=name.exact))
    if name.number > 1:
        parts.append(Word("name.number", {"n": str(name.number)}))
    return Word("name.marked", {"parts": Joined(tuple(parts))})


def said_names(clusters: Sequence[Campaign], zone: str, language: str = "en") -> dict[str, str]:
    """The names of clusters by their ids, as a terminal shows them."""
    return {
        one: words(name_in_words(name, zone), language, visible, visible)
        for one, name in names_of(clusters, zone).items()
    }


def _since(instant: int, zone: str, *, exact: bool) -> Word:
    if exact:
        return Word("name.since", {"day": Day(instant, zone)})
    return Word("name.since_month", {"month": Month(instant, zone)})


def shown_value(family: str, value: str) -> str:
    """A value as people write it: a network, kept as its first bytes, with its
    size."""
    if family != "client_network":
        return value
    return f"{value}::/48" if ":" in value else f"{value}.0/24"
