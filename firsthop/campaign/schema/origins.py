"""Where the messages of a cluster came from, and who their authors are."""

from __future__ import annotations

from firsthop.campaign.explain.origins import Country, Origin, Origins
from firsthop.campaign.explain.senders import AuthorDomain, Senders
from firsthop.campaign.schema.timeline import UNDATED
from firsthop.campaign.schema.words import time_text
from firsthop.evidence.host.places import Place
from firsthop.evidence.schema.vocabulary import (
    COUNT,
    TEXT,
    TEXTS,
    TIME,
    Attribute,
    Listed,
    Record,
)

PLACE = Record(
    "place",
    "What the data at hand say of an address.",
    (
        Attribute("country", TEXT, "The country: ISO 3166-1, two letters.", "No source tells."),
        Attribute("network", TEXT, "The network, as the source has it.", "No source tells."),
        Attribute("asn", COUNT, "The autonomous system.", "No source tells."),
        Attribute("organisation", TEXT, "Who announces the network.", "No source tells."),
    ),
    covers={"": Place},
)

COUNTRY = Record(
    "country",
    "The origins in one country.",
    (
        Attribute("country", TEXT, "The country: ISO 3166-1, two letters.", "It is not known."),
        Attribute("addresses", COUNT, "How many addresses lie in it."),
        Attribute("messages", COUNT, "How many messages came from them."),
    ),
    covers={"": Country},
)

ORIGIN = Record(
    "origin",
    "An address that messages of the cluster came from.",
    (
        Attribute("address", TEXT, "The address."),
        Attribute("names", TEXTS, "The names that relays saw of it, five at most."),
        Attribute("messages", COUNT, "How many messages came from it."),
        Attribute("first_seen", TIME, "The time of the first of them.", UNDATED, read=time_text),
        Attribute("last_seen", TIME, "The time of the last of them.", UNDATED, read=time_text),
        Attribute(
            "place", PLACE, "What the data at hand say of it.", "No data were named (`--places`)."
        ),
    ),
    covers={"": Origin},
)

ORIGINS = Record(
    "origins",
    "Where the messages of a cluster came from: the client addresses of their first hops.",
    (
        Attribute("addresses", COUNT, "How many addresses there are."),
        Attribute("messages", COUNT, "How many messages name one."),
        Attribute(
            "inside", COUNT, "How many messages name an address of an inside network instead."
        ),
        Attribute(
            "countries",
            Listed(COUNTRY),
            "The countries, those of most addresses first.",
            "No data were named (`--places`).",
        ),
        Attribute("shown", Listed(ORIGIN), "The addresses of most messages, 50 at most."),
    ),
    covers={"": Origins},
)

AUTHOR_DOMAIN = Record(
    "author_domain",
    "A domain that messages of the cluster show as their author's.",
    (
        Attribute("domain", TEXT, "The domain, in lower case."),
        Attribute("messages", COUNT, "How many messages show it."),
    ),
    covers={"": AuthorDomain},
)

SENDERS = Record(
    "senders",
    "What the messages of a cluster show of their senders, counted.",
    (
        Attribute("messages", COUNT, "How many messages were counted."),
        Attribute("forged", COUNT, "Those not from the domain or provider that they show."),
        Attribute("unvouched", COUNT, "Those whose sender nothing vouches for."),
        Attribute("vouched", COUNT, "Those whose author's domain vouches for them."),
        Attribute(
            "deceitful",
            COUNT,
            "Those whose author's domain or displayed name looks like another.",
        ),
        Attribute("logged_in", COUNT, "Those whose client had logged in at the first server."),
        Attribute("php_form", COUNT, "Those whose Message-ID has the form of PHP mailers."),
        Attribute("domains", Listed(AUTHOR_DOMAIN), "The commonest author domains, 3 at most."),
        Attribute("distinct", COUNT, "How many author domains there are."),
    ),
    covers={"": Senders},
)
