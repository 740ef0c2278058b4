"""The messages of a campaign as MISP objects of the template `email`, each with what
the level shows of it. No value of one is for detection: messages are evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.signature.bitsets import Values
from firsthop.mail.field_names import IDENTIFYING
from firsthop.publication.exports.exporter import Gap
from firsthop.publication.exports.forms import is_host, is_mailbox, is_plain_address
from firsthop.publication.exports.identifiers import identifier
from firsthop.publication.exports.misp.attributes import DELIVERY, NETWORK
from firsthop.publication.exports.misp.objects import Attribute, Email
from firsthop.publication.exports.observed import in_pairs, moment
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.json.values import time_text

MOST = 200  # spread evenly over the campaign
# of which the template demands one
REQUIRED = IDENTIFYING
_BARE = "the level shows nothing of them that the template demands (author, Message-ID, Reply-To)"


class Emails(NamedTuple):
    """The objects, and what is not told."""

    emails: tuple[Email, ...]
    gaps: tuple[Gap, ...]


def emails(source: ExportSource) -> Emails:
    """The objects."""
    pairs = [(one, values) for one, values in in_pairs(source) if one is not None]
    step = -(-len(pairs) // MOST) or 1
    made = [_email(source, one, values) for one, values in pairs[::step]]
    kept = tuple(one for one in made if any(each.relation in REQUIRED for each in one.attributes))
    gaps = []
    if bare := len(made) - len(kept):
        gaps.append(Gap(f"{bare} messages", _BARE))
    if left := len(source.summaries) - len(made):
        gaps.append(Gap(f"{left} of {len(source.summaries)} messages", "jsonl has all"))
    return Emails(kept, tuple(gaps))


def _email(source: ExportSource, one: MessageSummary, values: Values) -> Email:
    when = time_text(moment(one))
    place = (one.sha256, one.uri, str(one.offset))
    return Email(
        identifier(source, "misp", "email", *place),
        f"SHA-256 {one.sha256}; {one.evidence}; accepted by its first server "
        f"{when or 'at an unknown time'}",
        tuple(
            Attribute(
                identifier(source, "misp", "email", *place, relation, value),
                kind,
                category,
                value,
                to_ids=False,
                correlates=relation in REQUIRED,
                relation=relation,
            )
            for relation, kind, category, value in _values(one, values)
        ),
    )


def _values(one: MessageSummary, values: Values) -> Iterator[tuple[str, str, str, str]]:
    """Relation, type, category and value."""
    for family, value in sorted(values):
        if family == "author_address" and is_mailbox(value):
            yield "from", "email-src", DELIVERY, value
        if family == "reply_address" and is_mailbox(value):
            yield "reply-to", "email-reply-to", DELIVERY, value
    if one.message_id and one.message_id.isprintable():
        yield "message-id", "email-message-id", DELIVERY, f"<{one.message_id}>"
    hop = one.first
    if hop is None:
        return
    if hop.by and is_host(hop.by.lower()):
        yield "received-header-hostname", "hostname", NETWORK, hop.by.lower()
    if hop.client_address and is_plain_address(hop.client_address):
        yield "received-header-ip", "ip-src", NETWORK, hop.client_address
