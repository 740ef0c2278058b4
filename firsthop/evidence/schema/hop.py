"""A hop of a message's path, described: the table `hops` and the objects under `hops`
of the JSON. Its written time and its queue id with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from firsthop.evidence.path.path import Step, Trust
from firsthop.evidence.received.hop import KINDS, Hop
from firsthop.evidence.received.queue_id import QueueId
from firsthop.evidence.schema.columns import Columns, parts_of, table
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    INSTANT,
    MINUTES,
    POSITION,
    SPAN,
    TEXT,
    TEXTS,
    TIME,
    UNBOUNDED_COUNT,
    Attribute,
    Form,
    Record,
    Scalar,
    fields_of,
    listed,
    words,
)
from firsthop.evidence.timestamp import Stamp
from firsthop.mail.message import Span

UNTOLD = "The line does not tell."
LOST = "The line does not tell, or its text was eaten: then `value_lost` names it."
NOT_WRITTEN = "None is written."
SPANNED = "Where the field stands in the message."
OCTETS = "octets from the message's start"

TRUST = words(Trust, "trust", "Who vouches for a line.")

STAMP = Record(
    "stamp",
    "A written time.",
    (
        Attribute("raw", TEXT, "The time as written, white space folded.", column="_raw"),
        Attribute(
            "utc",
            TIME,
            "The instant.",
            "No zone is written, or the text is no time: see `defects`.",
            row="instant",
            column="",
            unit="seconds",
        ),
        Attribute(
            "offset",
            Scalar(Form.TEXT, pattern="^[+-][0-9]{4}$"),
            "The offset as written; `-0000` where the local zone is not told.",
            "There is no instant.",
            column=None,
        ),
        Attribute(
            "offset_minutes",
            MINUTES,
            "The offset as written, east of UTC.",
            "No zone is written, or `-0000`.",
            of="utc_offset",
            column="_offset_minutes",
            json=False,
            unit="minutes",
        ),
        Attribute(
            "zone_name",
            TEXT,
            "The zone's name as written, mostly in a comment.",
            NOT_WRITTEN,
            column="_zone_name",
        ),
        Attribute(
            "defects",
            listed(
                "unreadable ambiguous_order short_year no_zone unknown_zone zone_by_name "
                "wrong_weekday unknown_weekday no_such_day no_such_time".split()
            ),
            "How the time breaks its form.",
            column="_defects",
        ),
    ),
    covers={"": Stamp},
    apart={"wall": "the clock's face, which is only compared"},
    order=("utc",),
)

QUEUE_ID = Record(
    "queue_id",
    "What a mail server wrote into its own name for a message.",
    (
        Attribute(
            "scheme",
            words("exim postfix_short postfix_long sendmail".split()),
            "How the id is built.",
            column="_scheme",
        ),
        Attribute(
            "time",
            INSTANT,
            "The time in it, in whole seconds.",
            "It holds none, or one outside the years 1970 to 9999.",
            of="instant",
            column="_time",
            unit="seconds",
        ),
        Attribute(
            "microseconds",
            UNBOUNDED_COUNT,
            "The microseconds within the second.",
            "It holds none, or more than a second has.",
            column="_microseconds",
            unit="microseconds",
        ),
        Attribute(
            "inode",
            UNBOUNDED_COUNT,
            "The inode of the queue file.",
            "It holds none, or one beyond 64 bits.",
            column="_inode",
        ),
        Attribute(
            "pid",
            UNBOUNDED_COUNT,
            "The process of the server.",
            "It holds none, or one beyond 64 bits.",
            column="_pid",
        ),
        Attribute(
            "possible",
            BOOLEAN,
            "False where the server that is named cannot have made this id.",
            column="_possible",
        ),
    ),
    covers={"": QueueId},
)

MTA = Record(
    "mta",
    "The software of a server.",
    (
        Attribute("name", TEXT, "Its name.", of="mta", column=""),
        Attribute(
            "version",
            TEXT,
            "Its version as written.",
            NOT_WRITTEN,
            of="mta_version",
            column="_version",
        ),
    ),
)

TLS = Record(
    "tls",
    "An encrypted transfer.",
    (
        Attribute(
            "told",
            BOOLEAN,
            "Whether the line says that the transfer was encrypted; false: it does not say so.",
            of="tls",
            column="",
            json=False,
        ),
        Attribute(
            "version",
            TEXT,
            "The version as written.",
            NOT_WRITTEN,
            of="tls_version",
            column="_version",
        ),
        Attribute(
            "cipher",
            TEXT,
            "The cipher as written.",
            NOT_WRITTEN,
            of="tls_cipher",
            column="_cipher",
        ),
    ),
)


class HopPlace(NamedTuple):
    """Where a hop stands: with the hop itself, what a row of `hops` is taken from."""

    position: int
    trust: Trust
    span: Span


def _with_mta(hop: Hop) -> Hop | None:
    return hop if hop.mta else None


def _with_tls(hop: Hop) -> Hop | None:
    return hop if hop.tls else None


def _hop(name: str, kind: Any, sentence: str, null: str = "", **more: Any) -> Attribute:
    """An attribute of what the line says, called as in Hop."""
    return Attribute(name, kind, sentence, null, of=f"hop.{name}", **more)


# The columns stand in the order of the hop's fields, what an id decodes to behind it.
_IN_ORDER = " ".join(fields_of(Hop)).replace("queue_id", "queue_id queue_id_decoded").split()

HOP = Record(
    "hop",
    "What one Received line tells (RFC 5321 section 4.4); `helo` is the client's word, the rest "
    "of the client is what the line's writer observed.",
    (
        Attribute("position", POSITION, "The place on the path; 1 is nearest the origin."),
        _hop("helo", TEXT, "What the client called itself.", UNTOLD),
        _hop(
            "client_name",
            TEXT,
            "The name that the writer's reverse look-up gave; Postfix writes `unknown` where its "
            "check failed.",
            UNTOLD,
        ),
        _hop(
            "client_name_verified",
            BOOLEAN,
            "Whether the writer says that it checked the name against the address.",
            "It does not say.",
        ),
        _hop(
            "client_address",
            TEXT,
            "The client's address, bare; IPv4 where IPv6 only maps it.",
            UNTOLD,
        ),
        _hop("client_port", UNBOUNDED_COUNT, "The client's port.", UNTOLD),
        _hop(
            "by", TEXT, "The host that wrote the line, by its own word.", UNTOLD, column="by_host"
        ),
        _hop("by_address", TEXT, "The writer's own address.", UNTOLD),
        Attribute(
            "mta",
            MTA,
            "The writer's software.",
            "Neither the line nor its form tells it.",
            of="hop",
            read=_with_mta,
            row="",
        ),
        _hop(
            "protocol",
            TEXT,
            "The protocol as written, as in `ESMTPSA` or `Microsoft SMTP Server`.",
            UNTOLD,
        ),
        _hop(
            "authenticated",
            BOOLEAN,
            "Whether the line says that somebody had logged in; false: it does not say so.",
        ),
        _hop("auth_mechanism", TEXT, "How somebody logged in.", UNTOLD),
        _hop("auth_identity", TEXT, "Who had logged in.", UNTOLD),
        Attribute(
            "tls",
            TLS,
            "What the line says of encryption.",
            "It does not say that the transfer was encrypted.",
            of="hop",
            read=_with_tls,
            row="",
        ),
        _hop("queue_id", TEXT, "The writer's own name for the message.", LOST),
        _hop(
            "queue_id_decoded",
            QUEUE_ID,
            "What the queue id decodes to.",
            "No source tells how to decode it.",
            column="queue_id",
        ),
        _hop("reverse_path", TEXT, "The reverse-path, bare; empty for the null one.", LOST),
        _hop("forward_path", TEXT, "The forward-path, bare.", LOST),
        _hop("ident", TEXT, "The user that RFC 1413 tells, or what stands in its place.", UNTOLD),
        _hop("via", TEXT, "The link or transport as written.", UNTOLD),
        _hop("orcpt", TEXT, "The recipient as first given (RFC 3461 section 4.2).", UNTOLD),
        _hop("stamp", STAMP, "When the line was written.", UNTOLD),
        _hop(
            "dialect",
            TEXT,
            "The table that recognised the line: a key of the [dialects](dialects.md).",
            "None did; what could be read was read by the general rules.",
        ),
        _hop("kind", words(KINDS), "What the line is about."),
        Attribute(
            "trust",
            TRUST,
            "Who vouches for the line: an own server that is not the last one, the last own "
            "server, or nobody but the sender.",
        ),
        _hop(
            "repairs",
            TEXTS,
            "What was undone of a publication's damage: names of [mends](mends.md).",
        ),
        _hop(
            "value_lost",
            listed("reverse_path forward_path queue_id".split()),
            "The keys of this hop whose text was eaten.",
        ),
        _hop("unread", TEXTS, "What the line holds beyond all this."),
        _hop(
            "notes",
            TEXTS,
            "Words for how the line breaks its form, as in `repeated_clause:by`.",
        ),
        Attribute("span", SPAN, SPANNED, of="field.span", column=None),
        Attribute(
            "span_start",
            COUNT,
            "Where the field begins.",
            of="field.span.start",
            row="span.start",
            json=False,
            unit=OCTETS,
        ),
        Attribute(
            "span_stop",
            COUNT,
            "Where the field ends: the first octet behind it.",
            of="field.span.stop",
            row="span.stop",
            json=False,
            unit=OCTETS,
        ),
        _hop("raw", TEXT, "The line's whole value, unfolded."),
    ),
    covers={"": Step, "hop": Hop},
    order=("position", "trust", "span_start", "span_stop", *_IN_ORDER),
)

HOPS = table("hops", HOP, HopPlace, Hop)


def hop_columns(places: Iterable[HopPlace], hops: Sequence[Hop]) -> Columns:
    """The columns of hops, each with its place."""
    decoded = [hop.queue_id_decoded for hop in hops]
    return HOPS.filled(
        parts_of(HopPlace, places) | parts_of(Hop, hops) | {"queue_id_decoded": decoded}
    )
