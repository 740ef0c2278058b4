"""Signatures of a message, described as they were checked: DKIM (RFC 6376), ARC (RFC
8617)."""

from __future__ import annotations

from firsthop.evidence.authentication.arc.sets import ArcSet
from firsthop.evidence.authentication.arc.verify import ArcResult, ChainStatus
from firsthop.evidence.authentication.dkim.body import BodyHash
from firsthop.evidence.authentication.dkim.container import SAYS
from firsthop.evidence.authentication.dkim.coverage import NAMES, Coverage
from firsthop.evidence.authentication.dkim.verify import DkimOutcome, DkimResult
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    INSTANT,
    NUMBER,
    POSITION,
    SPAN,
    TEXT,
    TEXTS,
    Attribute,
    Listed,
    Record,
    listed,
    words,
)

COVERAGE = Record(
    "coverage",
    "What one signature covers of a message, whether it holds or not.",
    (
        Attribute(
            "whole",
            BOOLEAN,
            "Whether it covers all that a reader has before him.",
        ),
        Attribute(
            "open",
            TEXTS,
            "What it leaves open of that: names of fields, and the octets of the body in words.",
            of="open_parts",
        ),
        Attribute(
            "from_fields",
            COUNT,
            "How many From fields the message has.",
        ),
        Attribute(
            "signed_from",
            Listed(COUNT),
            "Which of them are signed, counted from the top, 0 first.",
        ),
        Attribute(
            "author_signed",
            BOOLEAN,
            "Whether the topmost of them is.",
        ),
        Attribute(
            "unsigned",
            listed(NAMES),
            "The fields that stand more often than they are signed.",
        ),
        Attribute(
            "added",
            listed(NAMES),
            "Those of them that are signed too: others stand on top of the signed ones.",
        ),
        Attribute(
            "octets_beyond",
            COUNT,
            "The canonical octets of the body behind `l=`.",
        ),
        Attribute(
            "age",
            NUMBER,
            "The seconds from `t=` to the mail's time; below 0 where it says that it was "
            "signed later.",
            "One of the two is not told, or the number is beyond 64 bits.",
        ),
    ),
    covers={"": Coverage},
    apart={"whole_body_beyond": "`open` has it in words"},
)

DKIM = Record(
    "dkim",
    "One DKIM signature (RFC 6376).",
    (
        Attribute(
            "outcome",
            words(DkimOutcome),
            "What the check gave.",
        ),
        Attribute(
            "reason",
            TEXT,
            "A word for why, as in `body_hash` or `missing_tag:bh`; empty for a pass.",
        ),
        Attribute(
            "says",
            TEXT,
            "The same in a sentence, with what the signature leaves open.",
            of="explanation",
        ),
        Attribute(
            "domain",
            TEXT,
            "Who signed (`d=`), in lower case; empty where the tag is missing.",
            of="signature.domain",
        ),
        Attribute(
            "selector",
            TEXT,
            "The selector (`s=`); empty where the tag is missing.",
            of="signature.selector",
        ),
        Attribute(
            "identity",
            TEXT,
            "The identity (`i=`), by default `@` and the domain.",
            of="signature.identity",
        ),
        Attribute(
            "algorithm",
            TEXT,
            "The algorithm (`a=`), in lower case; empty where the tag is missing.",
            of="signature.algorithm",
        ),
        Attribute(
            "signed_at",
            INSTANT,
            "When it was signed (`t=`).",
            "It is not told, is no number, or no year that a mail can have.",
            of="signature.signed_at",
        ),
        Attribute(
            "expires",
            INSTANT,
            "When it expires (`x=`).",
            "It is not told, is no number, or no year that a mail can have.",
            of="signature.expires",
        ),
        Attribute(
            "body",
            words(BodyHash),
            "Whether the body is the one that was signed; this needs no DNS.",
        ),
        Attribute(
            "as_of",
            INSTANT,
            "The day of the DNS answer about the key.",
            "No answer was used.",
        ),
        Attribute(
            "notes",
            TEXTS,
            "Words for what else is to be known, as in `rsa-sha1`, `body_length:36/77` or"
            " `unsigned:subject`.",
        ),
        Attribute(
            "field",
            TEXT,
            "The name of the field as written.",
            of="signature.field.name",
        ),
        Attribute(
            "span",
            SPAN,
            "Where the field stands in the message.",
            of="signature.field.span",
        ),
        Attribute(
            "covers",
            COVERAGE,
            "What of the message it covers.",
        ),
        Attribute(
            "repairs",
            listed(SAYS),
            "What was undone of a container's changes before the body fitted.",
        ),
    ),
    covers={"": DkimResult},
)

ARC_SET = Record(
    "arc_set",
    "One set of an ARC chain.",
    (
        Attribute(
            "instance",
            POSITION,
            "Its instance.",
        ),
        Attribute(
            "domain",
            TEXT,
            "Who sealed it, in lower case; empty where the tag is missing.",
            of="seal.domain",
        ),
        Attribute(
            "selector",
            TEXT,
            "The selector of the seal; empty where the tag is missing.",
            of="seal.selector",
        ),
        Attribute(
            "cv",
            TEXT,
            "What the sealer says of the chain as it came to him: `none`, `pass`, `fail`,"
            " or what else stands there.",
        ),
        Attribute(
            "span",
            SPAN,
            "Where the seal stands in the message.",
            of="seal.field.span",
        ),
    ),
    covers={"": ArcSet},
    apart={"results": "a field of the message", "message_signature": "its seal stands for the set"},
)

ARC = Record(
    "arc",
    "The ARC chain (RFC 8617).",
    (
        Attribute(
            "status",
            words(ChainStatus),
            "What the check gave.",
        ),
        Attribute(
            "reason",
            TEXT,
            "A word for why, with its place in the chain, as in `no_key:seal_2`; empty "
            "for a pass and where there is no chain.",
        ),
        Attribute(
            "says",
            TEXT,
            "The same in a sentence.",
            of="explanation",
        ),
        Attribute(
            "oldest_pass",
            COUNT,
            "The lowest instance whose message signature still holds; 0: all of them do.",
            "The chain does not pass.",
        ),
        Attribute(
            "as_of",
            INSTANT,
            "The day of the DNS answer, among those that were used, that is farthest from"
            " the mail.",
            "No answer was used.",
        ),
        Attribute(
            "errors",
            TEXTS,
            "Words for how the sets are no chain.",
            of="chain.errors",
        ),
        Attribute(
            "sets",
            Listed(ARC_SET),
            "The sets, by instance.",
            of="chain.sets",
        ),
    ),
    covers={"": ArcResult},
)
