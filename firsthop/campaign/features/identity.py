"""The identity view: whom the message claims to be from. Claims, compared and never
believed."""

from __future__ import annotations

import re

from firsthop.campaign.features.record import Feature, feature
from firsthop.campaign.features.shapes import shape, template
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.identity.identities import mailboxes
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.sender_part import SenderPart
from firsthop.mail.field_names import LIST_ADDRESS
from firsthop.mail.message import Field

# RFC 2606: a program's preset, no one's address
_RESERVED = re.compile(r"[@.](?:example(?:\.(?:com|net|org))?|invalid|test|localhost)$")


def identity(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    """The features of the identity view."""
    author = facts.author
    features = _envelope(facts, part) + author_features(author, facts.message.first("from"))
    return features + _reply(facts, (author.address or "").lower() if author else "")


def author_features(author: Mailbox | None, field: Field | None) -> list[Feature]:
    """What is said of who the message is from."""
    if author is None:
        return []
    return [
        *feature("author_domain", author.domain, field),
        *feature("author_address", (author.address or "").lower().rstrip("."), field),
        *feature("display_name", template(author.display_name or ""), field),
        *feature("local_shape", shape(author.local_part or ""), field),
    ]


def _envelope(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    field = facts.message.first("return-path")
    if field is None or part.forwarded or part.lists:  # a list sends in its own name
        return []
    boxes = mailboxes(field.value[:1000])
    return feature("envelope_domain", boxes[0].domain if boxes else None, field)


def _reply(facts: MessageFacts, author: str) -> list[Feature]:
    field, boxes = facts.message.first("reply-to"), facts.reply_to
    address = (boxes[0].address or "").lower() if boxes else ""
    if (
        address == author
        or _RESERVED.search(address)
        or any(
            address in f.value[:2000].lower()
            for key in LIST_ADDRESS
            for f in facts.message.all(key)
        )
    ):
        return []
    return feature("reply_address", address, field)
