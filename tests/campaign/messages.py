"""Messages for the campaign tests: written campaigns, and single mails from a few
fields."""

from __future__ import annotations

from benchmarks.campaigns.planted import Plan, write
from firsthop.campaign.features import MessageFeatures, features_of
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
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
