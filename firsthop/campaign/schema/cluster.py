"""Clusters of messages, described: the JSON of `firsthop campaigns` and of the file
`campaigns.json`."""

from __future__ import annotations

from firsthop.campaign.clustering.clusters import Alias
from firsthop.campaign.explain.campaign import Campaign, CampaignInFull, Member, Repeat
from firsthop.campaign.schema.origins import ORIGINS, SENDERS
from firsthop.campaign.schema.signature import SIGNATURE
from firsthop.campaign.schema.timeline import HOST, TIMELINE, UNDATED
from firsthop.campaign.schema.words import time_text
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    TEXT,
    TIME,
    Attribute,
    Listed,
    Mapped,
    Record,
    words,
)

LEVEL = words(LEVELS, "level", "How near the messages of a cluster are.")

MEMBER = Record(
    "member",
    "One message of a cluster.",
    (
        Attribute("uri", TEXT, "Where it was read, as in the file `inputs.jsonl`."),
        Attribute("offset", COUNT, "Where it starts in its container.", unit="octets"),
        Attribute("message_id", TEXT, "Its Message-ID.", "It has none."),
    ),
    covers={"": Member},
)

REPEAT = Record(
    "repeat",
    "Another place where the very bytes of a member were read.",
    (
        Attribute("uri", TEXT, "Where, as in the file `inputs.jsonl`."),
        Attribute("offset", COUNT, "Where they start in their container.", unit="octets"),
        Attribute("of_uri", TEXT, "The `uri` of the member."),
        Attribute("of_offset", COUNT, "The `offset` of the member.", unit="octets"),
    ),
    covers={"": Repeat},
)

ALIAS = Record(
    "alias",
    "An id that a cluster was called by before it was merged.",
    (
        Attribute("id", TEXT, "The former id.", of="old"),
        Attribute("into", TEXT, "The id that took its place.", of="new"),
        Attribute("reason", TEXT, "Why, in words."),
    ),
    covers={"": Alias},
)

CLUSTER = Record(
    "cluster",
    "A cluster of messages that hang together.",
    (
        Attribute(
            "id",
            TEXT,
            "Its id, made of its first message in time: it stays when later mail comes to the "
            "case; a former id still leads to it.",
            of="campaign.id",
        ),
        Attribute("level", LEVEL, "How near its messages are.", of="campaign.level"),
        Attribute(
            "parent",
            TEXT,
            "The id of the cluster that it is part of.",
            "It is an operation.",
            of="campaign.parent",
        ),
        Attribute(
            "first_seen",
            TIME,
            "The time of its first message.",
            UNDATED,
            of="campaign.first_seen",
            read=time_text,
        ),
        Attribute(
            "last_seen",
            TIME,
            "The time of its last message.",
            UNDATED,
            of="campaign.last_seen",
            read=time_text,
        ),
        Attribute("size", COUNT, "How many messages it has.", of="campaign.size"),
        Attribute("members", Listed(MEMBER), "Its messages, in order of time."),
        Attribute(
            "signature",
            Mapped(
                (
                    ("any", "The distinctive elements of any kind."),
                    ("structural", "Those without addresses, hosts and domains."),
                ),
                SIGNATURE,
            ),
            "Its signatures by form, as far as it has any.",
            of="campaign.signatures",
            read=lambda signatures: {one.form: one for one in signatures},
        ),
        Attribute(
            "signature_sought",
            BOOLEAN,
            "Whether signatures were looked for: of the 500 largest campaigns only.",
        ),
        Attribute("aliases", Listed(ALIAS), "The ids of clusters that were merged into it."),
        Attribute("timeline", TIMELINE, "When it was seen."),
        Attribute("infrastructure", Listed(HOST), "The hosts, networks and domains it used."),
        Attribute("origins", ORIGINS, "Where its messages came from.", of="campaign.origins"),
        Attribute(
            "senders",
            SENDERS,
            "What its messages show of their senders.",
            of="campaign.senders",
        ),
        Attribute(
            "repeats",
            Listed(REPEAT),
            "The other places of its messages: the same evidence from several sources.",
        ),
    ),
    covers={"": CampaignInFull, "campaign": Campaign},
)
