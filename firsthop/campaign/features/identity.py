"""The identity view: whom the message claims to be from. Claims, compared and never
believed."""

from __future__ import annotations

import re

from firsthop.campaign.features.record import Feature, add_feature, feature
from firsthop.campaign.features.shapes import shape, template
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.identity.address_field import shows_address
from firsthop.evidence.identity.identities import mailboxes
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.identity.roles import is_role
from firsthop.evidence.identity.shared_hosts import gives_mailboxes
from firsthop.evidence.sender_part import SenderPart
from firsthop.mail.field_names import ADDRESSED_TO, LIST_ADDRESS
from firsthop.mail.message import Field

# RFC 2606: a program's preset, no one's address
_RESERVED = re.compile(r"[@.](?:example(?:\.(?:com|net|org))?|invalid|test|localhost)$")


def identity(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    """The features of the identity view."""
    author = facts.author
    features = _envelope(facts, part)
    if author:
        field = facts.message.first("from")
        features += author_features(author, field)
        if _has_account(author) and not _is_recipients(author, facts):
            add_feature(features, "author_account", _comparable(author), field)
    return features + _reply(facts, (author.address or "").lower() if author else "")


def author_features(author: Mailbox | None, field: Field | None) -> list[Feature]:
    """What is said of who the message is from."""
    if author is None:
        return []
    name, _, local, domain = author
    features: list[Feature] = []
    add_feature(features, "author_domain", domain, field)
    add_feature(features, "author_address", _comparable(author), field)
    if name:
        add_feature(features, "display_name", template(name), field)
    if local:
        add_feature(features, "local_shape", shape(local), field)
    return features


def _comparable(author: Mailbox) -> str:
    return (author.address or "").lower().rstrip(".")


def _has_account(author: Mailbox) -> bool:
    """Whether the author's mailbox is one of a public provider and no role's: who
    forges a brand forges what rivals forge, a mailbox of anybody's is one hand's."""
    return gives_mailboxes(author.domain or "") and not is_role((author.local_part or "").lower())


def _is_recipients(author: Mailbox, facts: MessageFacts) -> bool:
    """Whether the author's address is a recipient's: then it is the victim's, and all
    who do so forge it."""
    address, fields = author.address or "", facts.message.by_key
    return any(
        shows_address(field.value, address)
        for key in ADDRESSED_TO
        if key in fields
        for field in fields[key]
    )


def _envelope(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    field = facts.message.first("return-path")
    if field is None or part.forwarded or part.lists:  # a list sends in its own name
        return []
    boxes = mailboxes(field.value)
    return feature("envelope_domain", boxes[0].domain if boxes else None, field)


def _reply(facts: MessageFacts, author: str) -> list[Feature]:
    field = facts.message.first("reply-to")
    if field is None:
        return []
    boxes = facts.reply_to
    address = (boxes[0].address or "").lower() if boxes else ""
    if (
        not address
        or address == author
        or _RESERVED.search(address)
        or any(
            shows_address(f.value, address) for key in LIST_ADDRESS for f in facts.message.all(key)
        )
    ):
        return []
    return feature("reply_address", address, field)
