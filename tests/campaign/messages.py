"""Messages for the campaign tests: written campaigns, and single mails from a few
fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.campaigns.planted import Plan, write
from firsthop.campaign.clustering.clustering import Clustering
from firsthop.campaign.explain.campaign import describe
from firsthop.campaign.explain.why import Why, why
from firsthop.campaign.features import MessageFeatures, features_of
from firsthop.campaign.first_hops.by_place import ByPlace
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.publication.json.campaigns import campaign_object
from firsthop.settings import OwnServers, own_servers

OWN = own_servers(["mx1.reader.example"])


def facts_of(data: bytes, own: OwnServers = OWN, uri: str = "a.eml") -> MessageFacts:
    """The facts of a message's bytes."""
    return establish(read_mail(raw_mail(data, uri, "eml")), own)


def written(plan: Plan, seed: int = 1) -> list[MessageFeatures]:
    """The features of a written campaign."""
    return [
        features_of(facts_of(data, uri=f"{plan.name}/{n}"))
        for n, data in enumerate(write(plan, seed))
    ]


def values(one: MessageFeatures, family: str) -> set[str]:
    """The values of a family."""
    return {f.value for f in one.features if f.family == family}


def campaign_objects(
    clustering: Clustering, summaries: Sequence[MessageSummary] = ()
) -> list[dict[str, Any]]:
    """The clusters of a heap as campaigns.json holds them."""
    described = dict(describe(clustering, ByPlace(summaries)))
    return [campaign_object(described[place]) for place in sorted(described)]


def why_in(clustering: Clustering, a: MessageFeatures, b: MessageFeatures) -> Why:
    """The explanation of two messages of a heap that is in memory."""
    numbers = [clustering.store.number[one.id] for one in (a, b)]
    homes = [[clustering.home(number, level) for level in LEVELS] for number in numbers]
    return why((a, b), clustering.scorer, clustering.assigner.taus, homes)
