"""A message before it is judged, described: the table `messages` and the object of
`trace --json`."""

from __future__ import annotations

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.identity.identities import Claim, Mailbox
from firsthop.evidence.path.path import Boundary, Trust
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.path.trace_fields import TraceField
from firsthop.evidence.schema.columns import table
from firsthop.evidence.schema.hop import HOP, SPANNED
from firsthop.evidence.schema.hop_parts import STAMP
from firsthop.evidence.schema.identity import AUTHORSHIP, CLAIM, IDENTITY, MAILBOX
from firsthop.evidence.schema.source import DEFECT, SOURCE, place_of
from firsthop.evidence.schema.vocabulary import (
    COUNT,
    FEW,
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
from firsthop.evidence.services.account import ServiceAccount
from firsthop.evidence.timestamp import Stamp, read_stamp
from firsthop.mail.message import Evidence, Field, Source
from firsthop.system.named_tuple import NamedTuple

BASIS = words(Basis, "basis", "What a boundary rests on.")
NO_FROM = "No From field names anybody."

WAYPOINT = Record(
    "waypoint",
    "What another field tells about the path.",
    (
        Attribute(
            "kind",
            words("received origin seal delivery return_path forwarding exchange".split()),
            "What the field is.",
        ),
        Attribute("field", TEXT, "The field's name as written.", of="field.name"),
        Attribute(
            "value",
            TEXT,
            "The address of an origin, `i=`, `d=` and `cv=` of a seal, the whole text of any "
            "other.",
        ),
        Attribute(
            "above",
            COUNT,
            "The position of the hop whose line stands next below the field; 0: it stands below "
            "all of them.",
        ),
        Attribute(
            "trust",
            words((Trust.TRUSTED, Trust.CLAIMED)),
            "Whether an own server put it there.",
        ),
        Attribute("span", SPAN, SPANNED, of="field.span"),
    ),
    covers={"": TraceField},
    apart={"key": "`field` in lower case"},
)

BOUNDARY = Record(
    "boundary",
    "Where belief ends: the line in which the receiver took the message over from outside.",
    (
        Attribute(
            "position",
            POSITION,
            "The position of that line's hop.",
            "Nothing of the path is believed.",
            column="_position",
        ),
        Attribute(
            "reason",
            TEXT,
            "Why the boundary lies there, or is not known, in a sentence.",
            column="_reason",
        ),
        Attribute(
            "basis",
            BASIS,
            "What it rests on: servers that were named, the writer of the topmost line, taken "
            "for the receiver, or nothing.",
            column=None,
        ),
        Attribute(
            "receiver",
            TEXT,
            "Who received the message, by name.",
            "Nobody is known.",
            column=None,
        ),
        Attribute(
            "receiver_key",
            TEXT,
            "The receiver's key among the [receivers](receivers.md).",
            "No table knows the writer of that line.",
            column=None,
        ),
    ),
    covers={"": Boundary},
)


class MessageRow(NamedTuple):
    """What a row of `messages` is taken from."""

    source: Source
    message_id: Claim
    author: Mailbox | None
    author_field: Field | None
    subject: Claim
    date: Stamp | None
    date_field: Field | None
    mailer: Claim
    hops: int
    boundary: Boundary
    field_names: list[str]
    defects: list[str]


def row_of(facts: MessageFacts) -> MessageRow:
    """The row of a message whose facts are there."""
    message = facts.message
    return MessageRow(
        message.source,
        facts.message_id,
        facts.author,
        message.first("from"),
        facts.subject,
        facts.date,
        message.first("date"),
        facts.mailer,
        len(facts.path.steps),
        facts.path.boundary,
        [field.name for field in message.fields],
        [defect.name for defect in message.defects],
    )


class JudgedMailbox(NamedTuple):
    """The mailbox that is judged, and what of it was eaten."""

    address: str | None
    display_name: str | None
    value_lost: tuple[str, ...]


def _judged(facts: MessageFacts) -> JudgedMailbox | None:
    """A published From without an address had one (RFC 5322 section 3.4): its angle
    brackets were eaten."""
    author = facts.author
    if author is None:
        return None
    published = facts.message.source.evidence is Evidence.PUBLICATION
    lost = ("address",) if author.address is None and published else ()
    return JudgedMailbox(author.address, author.display_name, lost)


def _date(facts: MessageFacts) -> Stamp | None:
    """The Date, one that is no time too."""
    written = facts.date_field.value
    return facts.date or (read_stamp(written) if written else None)


SERVICE_ACCOUNT = Record(
    "service_account",
    "An account at a sending service, or the message by which it finds the account.",
    (
        Attribute("service", TEXT, "The service by name."),
        Attribute(
            "account",
            TEXT,
            "As the service writes it, decoded where it encodes a number.",
            "Only the message is told.",
        ),
        Attribute("message", TEXT, "The service's own id of the message.", "It is not told."),
        Attribute("field", TEXT, "The name of the field that tells it.", of="field.name"),
        Attribute("span", SPAN, "Where the field stands.", of="field.span"),
    ),
    covers={"": ServiceAccount},
)

MESSAGE = Record(
    "message",
    "What is said of one message, before it is judged.",
    (
        Attribute("source", SOURCE, "Where the bytes come from.", of="message.source", column=""),
        Attribute("message_id", CLAIM, "The Message-ID, without its angle brackets."),
        Attribute(
            "from",
            MAILBOX,
            "The author that a verdict is about; `authorship` tells all of them.",
            NO_FROM,
            of="",
            read=_judged,
            row="author",
            uses=("author",),
        ),
        *place_of("from", "author_field", "There is no From field.", "the first From field"),
        Attribute(
            "authorship",
            AUTHORSHIP,
            "Every author, and how the From fields are formed.",
            column=None,
        ),
        Attribute(
            "subject",
            TEXT,
            "The Subject, decoded.",
            "There is none, or it is empty or eaten.",
            of="subject.value",
            column=None,
        ),
        Attribute("subject", CLAIM, "The Subject, decoded.", json=False),
        Attribute(
            "date",
            STAMP,
            "The time in the Date field.",
            "There is no Date field, or it is empty or eaten.",
            of="",
            read=_date,
            row="date",
            uses=("date",),
        ),
        *place_of("date", "date_field", "There is no Date field.", "the first Date field"),
        Attribute(
            "mailer",
            CLAIM,
            "The program that the message names: X-Mailer, or User-Agent where there is none.",
        ),
        Attribute(
            "hops",
            Listed(HOP),
            "The hops of the path, newest first: one for each Received field.",
            of="path.steps",
            column=None,
        ),
        Attribute(
            "hops", FEW, "How many hops the path has.", of="path.steps", row="hops", json=False
        ),
        Attribute(
            "waypoints",
            Listed(WAYPOINT),
            "What other fields tell about the path, in the order of the header.",
            of="trace_fields",
            column=None,
        ),
        Attribute("boundary", BOUNDARY, "Where belief ends.", of="path.boundary"),
        Attribute(
            "field_names",
            TEXTS,
            "The names of all fields as written, in their order; empty for a line that is no "
            "field.",
            of="message.fields",
            row="field_names",
            json=False,
        ),
        Attribute(
            "defects",
            Listed(DEFECT),
            "How the bytes break the form of a message.",
            of="message.defects",
            column=None,
        ),
        Attribute(
            "defects",
            TEXTS,
            "How the bytes break the form of a message: names.",
            of="message.defects",
            json=False,
        ),
        Attribute(
            "value_lost",
            listed((*("message_id", "from", "subject"), *("date", "mailer"))),
            "The keys of this object whose field is there and whose text was eaten.",
            column=None,
        ),
        Attribute(
            "identities",
            Listed(IDENTITY),
            "Every identity that the message claims, in the order of its header, the HELO last.",
            column=None,
        ),
        Attribute(
            "service_accounts",
            Listed(SERVICE_ACCOUNT),
            "The accounts at sending services that fields and lines of the services name: what "
            "their abuse desks ask for, and what the sender can write as well.",
            column=None,
        ),
    ),
    covers={"": MessageFacts},
    apart={
        "dns": "what `authentication` is checked by",
        "quick_content": "who reads the content",
    },
)

MESSAGES = table("messages", MESSAGE, MessageRow)
