"""A field of a header that a publication may quote, described: the table
`header_fields`."""

from __future__ import annotations

from firsthop.evidence.kept_fields import KeptField
from firsthop.evidence.schema.columns import table
from firsthop.evidence.schema.vocabulary import COUNT, POSITION, TEXT, TEXTS, Attribute, Record

KEPT_FIELD = Record(
    "kept_field",
    "A field of the header that a publication may quote, so that it can when the message itself "
    "is gone.",
    (
        Attribute("name", TEXT, "The field's name as written."),
        Attribute(
            "raw",
            TEXT,
            "All its bytes, each as the character of that number (ISO 8859-1); the first 4,000.",
        ),
        Attribute(
            "span_start",
            COUNT,
            "Where the field begins.",
            of="span.start",
            unit="octets from the message's start",
            row="span.start",
        ),
        Attribute(
            "span_stop",
            COUNT,
            "Where the field ends: the first octet behind it.",
            of="span.stop",
            unit="octets from the message's start",
            row="span.stop",
        ),
        Attribute("line", POSITION, "The line of the message on which it begins, from 1."),
        Attribute(
            "repaired",
            TEXT,
            "The value when a publication's damage was undone.",
            "The value stands as written.",
        ),
        Attribute("repairs", TEXTS, "What was undone: names of [repairs](repairs.md)."),
    ),
    covers={"": KeptField},
)

HEADER_FIELDS = table("header_fields", KEPT_FIELD, KeptField)
