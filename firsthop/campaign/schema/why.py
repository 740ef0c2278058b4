"""Why two messages hang together: the JSON of `firsthop why`."""

from __future__ import annotations

from firsthop.campaign.explain.why import Because, Why
from firsthop.campaign.features.families import VIEWS
from firsthop.campaign.schema.cluster import LEVEL
from firsthop.campaign.schema.words import FAMILY, NOWHERE, POINTS, rounded, start, stop
from firsthop.campaign.similarity.score import Term
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    REAL,
    TEXT,
    Attribute,
    Listed,
    Record,
    words,
)

FIELD_PLACE = Record(
    "field_place",
    "Where a value stands in one of the two messages.",
    (
        Attribute("field", TEXT, "The field's name as written.", NOWHERE),
        Attribute("start", COUNT, "Where the field begins.", NOWHERE, of="span", read=start),
        Attribute("stop", COUNT, "Where the field ends.", NOWHERE, of="span", read=stop),
    ),
)

TERM = Record(
    "term",
    "One reason why two messages hang together, or do not.",
    (
        Attribute("view", words(VIEWS), "The view that the family belongs to.", of="term.view"),
        Attribute("family", TEXT, FAMILY, of="term.family"),
        Attribute("says", TEXT, "What the family is, in words.", of="explanation"),
        Attribute(
            "value",
            TEXT,
            "The value that both have.",
            "They differ in it.",
            of="term.value",
            read=lambda value: value or None,
        ),
        Attribute(
            "bits",
            REAL,
            "What it weighs; below 0 where it speaks against.",
            of="term.bits",
            read=rounded,
            unit=POINTS,
        ),
        Attribute("fields", Listed(FIELD_PLACE), "Where the value stands in both."),
    ),
    covers={"": Because, "term": Term},
)

WHY = Record(
    "why",
    "What `firsthop why --json` prints: why two messages hang together.",
    (
        Attribute("bits", REAL, "What was observed of both weighs.", read=rounded, unit=POINTS),
        Attribute(
            "linked",
            BOOLEAN,
            "Whether the two alone would be linked on some level.",
            read=bool,
        ),
        Attribute("levels", Listed(LEVEL), "The levels on which they would.", of="linked"),
        Attribute("together", Listed(LEVEL), "The levels on which they lie in one cluster."),
        Attribute("clusters", Listed(TEXT), "The ids of these clusters.", of="within"),
        Attribute(
            "claims_bits",
            REAL,
            "What a publication asserts of both weighs.",
            read=rounded,
            unit=POINTS,
        ),
        Attribute(
            "thresholds",
            Listed(REAL),
            "What a link needs, level by level.",
            read=lambda taus: map(rounded, taus),
            unit=POINTS,
        ),
        Attribute("terms", Listed(TERM), "The reasons."),
    ),
    covers={"": Why},
)
