"""Who a message names, described: the value of a field, mailboxes, authors,
identities."""

from __future__ import annotations

from operator import itemgetter

from firsthop.evidence.identity.author import Author
from firsthop.evidence.identity.identities import Claim, FieldState
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.roles import Identity
from firsthop.evidence.schema.hop import SPANNED
from firsthop.evidence.schema.source import place_of
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    SPAN,
    TEXT,
    TEXTS,
    Attribute,
    Listed,
    Record,
    fields_of,
    listed,
    words,
)

NO_ADDRESS = "None is written, or it was eaten."
NO_NAME = "There is none."
NO_DOMAIN = "The address has none."
ADDRESS = "The address, bare and as written."
DISPLAY_NAME = "The display name, decoded."
DOMAIN = "The domain in a form to compare: lower case, A-labels, no dot at the end."
FIELD = "The name of the field as written."

CLAIM = Record(
    "claim",
    "The value of a field, and whether it is there.",
    (
        Attribute("value", TEXT, "The value.", "The state is not `present`.", column=""),
        Attribute(
            "state",
            words(FieldState),
            "Whether the field is there, there with nothing in it, or there with its text eaten "
            "by a publication.",
            column="_state",
        ),
        *place_of("", "field", "There is no such field."),
    ),
    covers={"": Claim},
)

MAILBOX = Record(
    "mailbox",
    "A mailbox.",
    (
        Attribute("address", TEXT, ADDRESS, NO_ADDRESS, column="_address"),
        Attribute("display_name", TEXT, DISPLAY_NAME, NO_NAME, column="_display_name"),
        Attribute(
            "local_part",
            TEXT,
            "What stands in front of the @.",
            "There is no @.",
            column="_local_part",
            json=False,
        ),
        Attribute("domain", TEXT, DOMAIN, NO_DOMAIN, column="_domain", json=False),
        Attribute(
            "value_lost",
            listed(["address"]),
            "`address`, where a published text ate it.",
            column=None,
        ),
    ),
    covers={"": Mailbox},
    order=fields_of(Mailbox),
)

AUTHOR = Record(
    "author",
    "One author.",
    (
        Attribute("address", TEXT, ADDRESS, NO_ADDRESS),
        Attribute("display_name", TEXT, DISPLAY_NAME, NO_NAME),
        Attribute("domain", TEXT, DOMAIN, NO_DOMAIN),
    ),
    covers={"": Mailbox},
    apart={"local_part": "`address` has it"},
)

SHOWN = Record(
    "shown",
    "What one mail client shows for the author.",
    (
        Attribute(
            "client",
            words("outlook gmail apple_mail".split()),
            "The mail client.",
            of="",
            read=itemgetter(0),
        ),
        Attribute("text", TEXT, "The text that it shows.", of="", read=itemgetter(1)),
    ),
)

AUTHORSHIP = Record(
    "authorship",
    "Who the From fields say wrote the message (RFC 5322 section 3.6.2, RFC 7489 section 6.6.1).",
    (
        Attribute(
            "why",
            words(
                "only_one first_of_several top_field only_field_with_address no_address "
                "no_from_field empty_from".split()
            ),
            "Why `from` is the author that is judged, or why there is none.",
        ),
        Attribute(
            "single",
            BOOLEAN,
            "Whether there is exactly one author, in exactly one From field.",
        ),
        Attribute(
            "authors",
            Listed(AUTHOR),
            "The mailboxes of all From fields, in order.",
            of="all",
        ),
        Attribute(
            "defects",
            TEXTS,
            "Words for how the fields break their form, some with what they are about, as in "
            "`address_in_display_name:example.org`.",
        ),
        Attribute(
            "shown",
            Listed(SHOWN),
            "What mail clients show, where it is not the mailbox that is judged.",
        ),
    ),
    covers={"": Author},
    apart={
        "judged": "the message's `from`",
        "fields": "their places are those of the identities",
        "field": "the same",
    },
)

IDENTITY = Record(
    "identity",
    "An identity that the message claims (RFC 5322 section 3.6, RFC 5598 section 2).",
    (
        Attribute(
            "role",
            words(
                "author sender reply_to reverse_path resent_from resent_sender original_author "
                "original_sender errors_to message_id dkim_d dkim_i list_id helo".split()
            ),
            "The role that it plays.",
        ),
        Attribute(
            "address",
            TEXT,
            ADDRESS,
            "The identity is a domain, or the address is missing.",
        ),
        Attribute(
            "domain",
            TEXT,
            "The domain in lower case; empty where nothing stands behind the @.",
            "The identity has none.",
        ),
        Attribute("display_name", TEXT, DISPLAY_NAME, NO_NAME),
        Attribute("field", TEXT, FIELD, of="field.name"),
        Attribute("span", SPAN, SPANNED, of="field.span"),
    ),
    covers={"": Identity},
)
