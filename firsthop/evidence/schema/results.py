"""Results that receivers wrote into a message, described: Authentication-Results (RFC
8601), Received-SPF (RFC 7208 section 9.1)."""

from __future__ import annotations

from operator import attrgetter, itemgetter

from firsthop.evidence.authentication.results import AuthenticationResult
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    SPAN,
    TEXT,
    TEXTS,
    UNBOUNDED_COUNT,
    Attribute,
    Listed,
    Record,
)

PROPERTY = Record(
    "property",
    "One property of a result.",
    (
        Attribute(
            "name",
            TEXT,
            "Its name in lower case, as in `header.d`.",
            of="",
            read=itemgetter(0),
        ),
        Attribute(
            "value",
            TEXT,
            "Its value as written; it may be empty.",
            of="",
            read=itemgetter(1),
        ),
    ),
)

RESULT = Record(
    "result",
    "One result of one method, in a field that some server wrote (RFC 8601, RFC 7208 section 9.1).",
    (
        Attribute(
            "method",
            TEXT,
            "The method, in lower case, as in `spf`, `dkim`, `dmarc`, `compauth`.",
            "The field holds no result.",
        ),
        Attribute(
            "result",
            TEXT,
            "The result, in lower case, as written.",
            "It could not be read.",
        ),
        Attribute(
            "reason",
            TEXT,
            "The reason that the writer gives.",
            "It gives none.",
        ),
        Attribute(
            "properties",
            Listed(PROPERTY),
            "The properties, in the order of the field; a name can come more than once.",
        ),
        Attribute(
            "comment",
            TEXT,
            "The comments of the result, joined.",
            "There are none.",
        ),
        Attribute(
            "authserv_id",
            TEXT,
            "The name under which the writer wrote it, in lower case.",
            "The field names no writer.",
        ),
        Attribute(
            "instance",
            UNBOUNDED_COUNT,
            "The instance of an ARC set.",
            "The field is of no ARC set.",
        ),
        Attribute(
            "inside",
            BOOLEAN,
            "Whether an own server wrote it: only then it is believed.",
            "That cannot be told.",
        ),
        Attribute(
            "defects",
            TEXTS,
            "Words for how the field breaks its form, or is not what it seems, as in "
            "`forged_authserv_id`.",
        ),
        Attribute(
            "field",
            TEXT,
            "The name of the field as written.",
            "It stands in no field.",
            read=attrgetter("name"),
        ),
        Attribute(
            "span",
            SPAN,
            "Where the result stands in the message.",
        ),
    ),
    covers={"": AuthenticationResult},
)
