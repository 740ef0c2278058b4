"""When the messages of a cluster were sent, and by which hosts."""

from __future__ import annotations

from operator import itemgetter

from firsthop.campaign.explain.timeline import Host, Moment, Timeline
from firsthop.campaign.first_hops.bursts import Burst
from firsthop.campaign.schema.words import FAMILY, time_text
from firsthop.evidence.schema.vocabulary import (
    COUNT,
    MINUTES,
    TEXT,
    TIME,
    Attribute,
    Listed,
    Record,
)

UNDATED = "No message tells a time."

MOMENT = Record(
    "moment",
    "A time, and whose it is.",
    (
        Attribute("utc", TIME, "The time.", of="instant", read=time_text),
        Attribute("source", TEXT, "What tells it: the hop, in words."),
    ),
    covers={"": Moment},
)

BURST = Record(
    "burst",
    "Messages without a quiet time between them.",
    (
        Attribute("first", TIME, "The time of the first.", read=time_text),
        Attribute("last", TIME, "The time of the last.", read=time_text),
        Attribute("messages", COUNT, "How many they are."),
    ),
    covers={"": Burst},
)

GAP = Record(
    "gap",
    "A quiet time between two bursts.",
    (
        Attribute("from", TIME, "When it begins.", of="", read=lambda gap: time_text(gap[0])),
        Attribute("to", TIME, "When it ends.", of="", read=lambda gap: time_text(gap[1])),
        Attribute(
            "seconds",
            COUNT,
            "How long it is.",
            of="",
            read=lambda gap: gap[1] - gap[0],
            unit="seconds",
        ),
    ),
)

ZONE = Record(
    "zone",
    "A time zone of the origin's clock.",
    (
        Attribute(
            "minutes",
            MINUTES,
            "Its offset, east of UTC.",
            of="",
            read=itemgetter(0),
            unit="minutes",
        ),
        Attribute("messages", COUNT, "How many messages have it.", of="", read=itemgetter(1)),
    ),
)

TIMELINE = Record(
    "timeline",
    "A cluster in time.",
    (
        Attribute("first", MOMENT, "The time of the first message.", UNDATED, of="first_seen"),
        Attribute("last", MOMENT, "The time of the last message.", UNDATED, of="last_seen"),
        Attribute("bursts", Listed(BURST), "The bursts, in order."),
        Attribute("gaps", Listed(GAP), "The quiet times between them, in order."),
        Attribute("zones", Listed(ZONE), "The time zones, the commonest first."),
        Attribute("undated", COUNT, "How many messages tell no time."),
    ),
    covers={"": Timeline},
)

HOST = Record(
    "host",
    "A host, a network or a domain that messages of the cluster name.",
    (
        Attribute("family", TEXT, FAMILY),
        Attribute("value", TEXT, "The value."),
        Attribute("messages", COUNT, "How many messages name it."),
        Attribute("first_seen", TIME, "The time of the first of them.", UNDATED, read=time_text),
        Attribute("last_seen", TIME, "The time of the last of them.", UNDATED, read=time_text),
    ),
    covers={"": Host},
)
