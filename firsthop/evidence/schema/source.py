"""What stands around a message, described: where its bytes come from, how they break
their form."""

from __future__ import annotations

from firsthop.evidence.schema.hop import OCTETS
from firsthop.evidence.schema.vocabulary import (
    COUNT,
    SPAN,
    TEXT,
    TEXTS,
    Attribute,
    Form,
    Record,
    Scalar,
    fields_of,
    words,
)
from firsthop.mail.message import BodyBytes, Defect, Evidence, Source

SOURCE = Record(
    "source",
    "Where the bytes of a message come from.",
    (
        Attribute(
            "uri",
            TEXT,
            "The path as it was given, `-` for standard input; members of a container follow `!/`.",
        ),
        Attribute(
            "sha256",
            Scalar(Form.TEXT, pattern="^[0-9a-f]{64}$"),
            "The digest of the message's own bytes as they lie in the file, or of the file where "
            "`notes` say so.",
        ),
        Attribute(
            "offset",
            COUNT,
            "Where the message starts in its unpacked container, in bytes; of a recoded text (see "
            "notes), where it lies in the file.",
            column="source_offset",
            unit="octets",
        ),
        Attribute(
            "container",
            words("eml emlx maildir mbox mmdf queue msg pst pasted enclosed".split()),
            "The form it was taken out of.",
        ),
        Attribute(
            "evidence",
            words(Evidence),
            "What the bytes are evidence of: the message itself, one inside a report, or what "
            "somebody published.",
        ),
        Attribute(
            "enclosed_in",
            TEXT,
            "The URI of the report that carries the message.",
            "No report carries it.",
        ),
        Attribute(
            "body_bytes",
            words(BodyBytes),
            "What the bytes of the body are: as the container holds them, put together from what "
            "a mail program keeps, cut, or copied out of a text that tells the message.",
            column=None,
        ),
        Attribute(
            "notes",
            TEXTS,
            "What the container has to say, in sentences.",
            column="source_notes",
        ),
    ),
    covers={"": Source},
    order=fields_of(Source),
)

DEFECT = Record(
    "defect",
    "One way in which the bytes break their form: evidence, and no error.",
    (
        Attribute(
            "name",
            words(
                "excerpt no_header header_too_long too_many_fields field_too_long nul_in_header "
                "bare_cr mbox_separator_in_header folding_without_field "
                "line_without_colon header_gap no_header_end lost_fold".split()
            ),
            "Its name.",
        ),
        Attribute("says", TEXT, "The same in a sentence.", of="explanation"),
        Attribute(
            "span",
            SPAN,
            "Where it stands in the message.",
            "It stands at no one place.",
        ),
    ),
    covers={"": Defect},
)


def place_of(name: str, field: str, null: str, front: str = "") -> tuple[Attribute, Attribute]:
    """Where a field stands, as two columns; `field` is its place in the row."""
    return (
        Attribute(
            f"{name}_start",
            COUNT,
            f"Where {front or 'the field'} begins.",
            null,
            row=f"{field}?span.start",
            column=f"{name}_start",
            json=False,
            unit=OCTETS,
        ),
        Attribute(
            f"{name}_stop",
            COUNT,
            f"Where {front or 'the field'} ends: the first octet behind it.",
            null,
            row=f"{field}?span.stop",
            column=f"{name}_stop",
            json=False,
            unit=OCTETS,
        ),
    )
