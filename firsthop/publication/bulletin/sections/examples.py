"""How a message that shows a campaign is called."""

from __future__ import annotations

from firsthop.campaign.examples import Example
from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.document import Quoted, Value, Word
from firsthop.publication.bulletin.names import campaign_name


def shown_as(investigation: Investigation, one: Example) -> Value:
    """The message by its campaign, its place and its number in the case."""
    place = Quoted(one.place)
    clusters = investigation.campaigns
    campaign = next(
        (c for c in (clusters.campaigns if clusters else ()) if c.id == one.campaign), None
    )
    if campaign is None:
        return Word("example.of_all", {"place": place})
    name = campaign_name(campaign, investigation)
    return Word("example.of_campaign", {"name": name, "place": place})
