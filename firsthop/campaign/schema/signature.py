"""What tells a cluster apart: its signature."""

from __future__ import annotations

from operator import itemgetter

from firsthop.campaign.schema.words import FAMILY, POINTS, SHARE
from firsthop.campaign.signature.atoms import Atom
from firsthop.campaign.signature.pairs import Pair
from firsthop.campaign.signature.signature import Rate, Signature
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    COUNT_OF,
    REAL,
    TEXT,
    Attribute,
    Listed,
    Record,
    words,
)

ATOM = Record(
    "atom",
    "One distinctive element of a campaign.",
    (
        Attribute("family", TEXT, FAMILY),
        Attribute("value", TEXT, "The value."),
        Attribute("covered", COUNT_OF, "Seen, of all, in the part that it was learned on."),
        Attribute(
            "background",
            COUNT_OF,
            "Seen in other mail, at most, of all in which its family was counted.",
        ),
        Attribute("upper", SHARE, "The upper 95 % bound of its share in other mail."),
        Attribute("lift", SHARE, "How many times commoner it is in the campaign."),
        Attribute("bits", REAL, "Its weight.", unit=POINTS),
    ),
    covers={"": Atom},
)

RATE = Record(
    "rate",
    "So many of so many, with a bound.",
    (
        Attribute("k", COUNT, "So many."),
        Attribute("n", COUNT, "Of so many."),
        Attribute("upper", SHARE, "The upper 95 % bound of the share."),
    ),
    covers={"": Rate},
)

ELEMENT = Record(
    "element",
    "One element of a conjunction or pair.",
    (
        Attribute("family", TEXT, FAMILY, of="", read=itemgetter(0)),
        Attribute("value", TEXT, "The value.", of="", read=itemgetter(1)),
    ),
)

PAIR = Record(
    "element_pair",
    "Two elements of which a message must have both.",
    (
        Attribute("first", ELEMENT, "The one."),
        Attribute("second", ELEMENT, "The other."),
    ),
    covers={"": Pair},
)

SIGNATURE = Record(
    "signature",
    "What tells the messages of one campaign from other mail.",
    (
        Attribute("campaign", TEXT, "The id of the campaign."),
        Attribute(
            "form",
            words(("any", "structural")),
            "Whether addresses, hosts and domains may be in it.",
        ),
        Attribute("atoms", Listed(ATOM), "The elements, each with its weight."),
        Attribute("told", COUNT, "How many of these, the first, are told to readers."),
        Attribute(
            "threshold",
            REAL,
            "What the elements of a message must add up to, unless it has one of the pairs: of "
            "each view the weightiest, and a quarter of the second.",
            unit=POINTS,
        ),
        Attribute("pairs", Listed(PAIR), "Pairs of which each finds a message by itself."),
        Attribute(
            "conjunction",
            Listed(ELEMENT),
            "The fewest elements that tell the campaign apart by themselves.",
        ),
        Attribute("learned", COUNT_OF, "Matched, of all, in the part that it was learned on."),
        Attribute(
            "tested",
            COUNT_OF,
            "Matched, of all, in the later part; 0 of 0 where none was held back.",
        ),
        Attribute("conjunction_tested", COUNT_OF, "The same of the conjunction."),
        Attribute("false_positives", RATE, "Matched in mail that had no part in the learning."),
        Attribute("conjunction_false_positives", RATE, "The same of the conjunction."),
        Attribute(
            "enough",
            BOOLEAN,
            "Whether there is enough other mail to support the bound that is aimed at.",
        ),
    ),
    covers={"": Signature},
)
