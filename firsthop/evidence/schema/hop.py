"""A hop of a message's path, described: the table `hops` and the objects under `hops`
of the JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from firsthop.evidence.path.path import Step, Trust
from firsthop.evidence.received.hop import KINDS, Hop
from firsthop.evidence.schema.columns import Columns, parts_of, table
from firsthop.evidence.schema.hop_parts import MTA, QUEUE_ID, STAMP, TLS
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    POSITION,
    SPAN,
    TEXT,
    TEXTS,
    UNBOUNDED_COUNT,
    Attribute,
    Record,
    fields_of,
    listed,
    words,
)
from firsthop.mail.message import Span
from firsthop.system.named_tuple import NamedTuple

UNTOLD = "The line does not tell."
LOST = "The line does not tell, or its text was eaten: then `value_lost` names it."
SPANNED = "Where the field stands in the message."
OCTETS = "octets from the message's start"

TRUST = words(Trust, "trust", "Who vouches for a line.")


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
            "What was undone of a publication's damage: names of [repairs](repairs.md).",
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
