"""The fields of an event that a Sigma rule of firsthop asks about: what each holds, and
where it comes from. An operator's pipeline maps them to what his own events call them.

Form:       a field that can stand several times holds all values, a line each; one that
            a message does not have is null.
"""

from __future__ import annotations

from typing import NamedTuple

from firsthop.mail.field_names import ASKED
from firsthop.publication.exports.rules.conditions import Value

HEADER = tuple(sorted(ASKED))
"""The fields of a header whose values are asked for."""
HELOS = 8  # of so many lines the HELO is told
RECIPIENTS = 4  # so many addresses of To are told
NAMES, TEXT, LINKS = "header_names", "text", "links"


class EventField(NamedTuple):
    """One field."""

    name: str
    explanation: str


def raw_field(header: str) -> str:
    """The name of the field for the values of a header field as they are written."""
    return f"header_{header.replace('-', '_')}"


def decoded_field(header: str) -> str:
    """The name of the field for the values with their encoded words decoded."""
    return f"decoded_{header.replace('-', '_')}"


HELO_FIELDS = tuple(f"helo_{n}" for n in range(1, HELOS + 1))
RECIPIENT_FIELDS = tuple(f"to_{n}" for n in range(1, RECIPIENTS + 1))
PLAIN: dict[Value, tuple[str, ...]] = {
    Value.SUBJECT: ("subject",),
    Value.AUTHOR: ("author_address",),
    Value.AUTHOR_LOCAL_PART: ("author_local_part",),
    Value.AUTHOR_DOMAIN: ("author_domain",),
    Value.DISPLAY_NAME: ("author_display_name",),
    Value.RECIPIENT: RECIPIENT_FIELDS,
    Value.RECIPIENT_LOCAL_PART: ("to_local_part",),
    Value.HELO: HELO_FIELDS,
    Value.ID_HOST: ("message_id_host",),
}
"""The fields that hold a value as it is, in lower case."""
REGISTRABLE: dict[Value, tuple[str, ...]] = {
    Value.AUTHOR_DOMAIN: ("author_registrable_domain",),
    Value.HELO: ("sender_helo_registrable_domain",),
    Value.REPLY_DOMAIN: ("reply_to_registrable_domain",),
}
"""The fields that hold its registrable domain."""

_LOWER = "in lower case"
_OWN = (
    EventField(NAMES, "the names of all header fields, in lower case, a line each"),
    EventField(TEXT, "the decoded text, runs of white space as one blank; HTML without its tags"),
    EventField(LINKS, "the links, a line each"),
    EventField("subject", f"the decoded Subject, {_LOWER}"),
    EventField("author_address", f"the author's address, {_LOWER}: from_address of messages"),
    EventField("author_local_part", f"what stands before its @, {_LOWER}"),
    EventField("author_domain", f"what stands behind its @, {_LOWER}"),
    EventField("author_display_name", f"the author's display name, decoded, {_LOWER}"),
    EventField("author_registrable_domain", "its part by the Public Suffix List"),
    EventField("message_id_host", f"what stands behind the @ of the Message-ID, {_LOWER}"),
    EventField("to_local_part", f"what stands before the @ of the first address in To, {_LOWER}"),
    EventField("reply_to_registrable_domain", "of the first address in Reply-To"),
    EventField(
        "sender_helo_registrable_domain",
        "of the HELO of the hand-over to the receiver, else of the line nearest the origin",
    ),
    *(
        EventField(name, f"the HELO of the Received line at position {n}, {_LOWER}: helo of hops")
        for n, name in enumerate(HELO_FIELDS, 1)
    ),
    *(
        EventField(name, f"address {n} of To, {_LOWER}")
        for n, name in enumerate(RECIPIENT_FIELDS, 1)
    ),
)
FIELDS: dict[str, str] = {
    **{raw_field(name): f"the unfolded values of {name}, a line each" for name in HEADER},
    **{decoded_field(name): f"the same of {name}, encoded words decoded" for name in HEADER},
    **{one.name: one.explanation for one in _OWN},
}
"""Every field, with what it holds."""
