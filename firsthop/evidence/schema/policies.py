"""What domains publish of their mail, described as it was evaluated: SPF (RFC 7208),
DMARC (RFC 7489, RFC 9989)."""

from __future__ import annotations

from operator import attrgetter

from firsthop.evidence.authentication.dmarc.evaluate import Alignment, DmarcResult
from firsthop.evidence.authentication.dmarc.organization import Rules
from firsthop.evidence.authentication.spf.evaluate import SpfResult
from firsthop.evidence.authentication.spf.run import TraceStep
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    INSTANT,
    TEXT,
    Attribute,
    Listed,
    Record,
    words,
)

POLICY = words(
    "none quarantine reject".split(),
    "policy",
    "What a domain asks receivers to do with mail that fails DMARC.",
)

SPF_STEP = Record(
    "spf_step",
    "One step of the evaluation of SPF.",
    (
        Attribute(
            "depth",
            COUNT,
            "How many includes and redirects deep.",
        ),
        Attribute(
            "domain",
            TEXT,
            "The domain whose record is at work.",
        ),
        Attribute(
            "term",
            TEXT,
            "The term, or the whole record where it is read; empty where there is none.",
        ),
        Attribute(
            "says",
            TEXT,
            "What came of it.",
            of="explanation",
        ),
    ),
    covers={"": TraceStep},
)

SPF = Record(
    "spf",
    "An evaluation of SPF (RFC 7208).",
    (
        Attribute(
            "result",
            words("none neutral pass fail softfail temperror permerror not_checkable".split()),
            "The result.",
        ),
        Attribute(
            "says",
            TEXT,
            "Why, in a sentence.",
            of="reason",
        ),
        Attribute(
            "domain",
            TEXT,
            "The domain that was evaluated; empty where nobody tells it.",
        ),
        Attribute(
            "identity",
            words("mailfrom helo".split()),
            "Where that domain comes from.",
        ),
        Attribute(
            "term",
            TEXT,
            "The term of the record that decided.",
            "None did.",
        ),
        Attribute(
            "explanation",
            TEXT,
            "What the record gives as explanation of a fail.",
            "It gives none.",
        ),
        Attribute(
            "as_of",
            INSTANT,
            "The day of the oldest DNS answer that was used.",
            "No answer was used.",
        ),
        Attribute(
            "trace",
            Listed(SPF_STEP),
            "The steps, in order.",
        ),
    ),
    covers={"": SpfResult},
    apart={"answers": "kept in the case"},
)

ALIGNMENT = Record(
    "alignment",
    "How one domain stands to the author's (RFC 7489 section 3.1).",
    (
        Attribute(
            "mechanism",
            words("dkim spf".split()),
            "What looked at it.",
        ),
        Attribute(
            "domain",
            TEXT,
            "The domain; empty where it is not known.",
        ),
        Attribute(
            "aligned",
            BOOLEAN,
            "Whether it is aligned.",
            "That cannot be told, and `says` tells why.",
        ),
        Attribute(
            "strict",
            BOOLEAN,
            "Whether the author's record demands the very same domain.",
        ),
        Attribute(
            "organization",
            TEXT,
            "The author's organizational domain.",
            "It was not needed, or is not known.",
        ),
        Attribute(
            "says",
            TEXT,
            "Why, in words.",
            of="explanation",
        ),
    ),
    covers={"": Alignment},
    apart={"author_domain": "told once for all", "rules": "the same"},
)

DMARC = Record(
    "dmarc",
    "An evaluation of DMARC (RFC 7489, RFC 9989).",
    (
        Attribute(
            "result",
            words("pass fail none temperror not_checkable not_applicable".split()),
            "The result; `not_applicable` where there is not exactly one author.",
        ),
        Attribute(
            "says",
            TEXT,
            "Why, in a sentence.",
            of="explanation",
        ),
        Attribute(
            "author_domain",
            TEXT,
            "The author's domain, in lower case.",
        ),
        Attribute(
            "rules",
            words(Rules),
            "The edition that was in force on the mail's day.",
        ),
        Attribute(
            "policy",
            POLICY,
            "What the domain asks for.",
            "No record is at hand.",
        ),
        Attribute(
            "policy_domain",
            TEXT,
            "The domain whose record it is.",
            "No record is at hand.",
        ),
        Attribute(
            "record",
            TEXT,
            "The record's text.",
            "No record is at hand.",
            read=attrgetter("text"),
        ),
        Attribute(
            "as_of",
            INSTANT,
            "The day of the oldest DNS answer that was used.",
            "No answer was used.",
        ),
        Attribute(
            "alignments",
            Listed(ALIGNMENT),
            "How each domain that SPF or DKIM looked at stands to the author's.",
        ),
    ),
    covers={"": DmarcResult},
)
