"""The relation view: two values of one message that are equal where chance would not
make them so, or differ where they agree as a rule."""

from __future__ import annotations

import re
from functools import lru_cache

from firsthop.campaign.features.links import Links
from firsthop.campaign.features.recipients import Recipients
from firsthop.campaign.features.record import Feature, add_feature
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.host.suffixes import has_listed_suffix
from firsthop.evidence.identity.address_field import shows_address
from firsthop.evidence.identity.identities import Claim
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.sender_part import SenderPart
from firsthop.mail.message import Field

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_INSIDE = frozenset(
    "local localdomain localnet lan home corp internal intranet private domain localhost "
    "openstacklocal priv test invalid example arpa".split()
)
FOREIGN_HELO = (
    "logged in under a bare domain as HELO that is neither its own, nor the relay's, nor the "
    "author's"
)
SUBJECT_IS_LOCAL_PART = "subject = local part of the author"
RELATIONS = {
    "foreign_helo": FOREIGN_HELO,
    "subject_is_author": SUBJECT_IS_LOCAL_PART,
    "subject_is_recipient": "subject = local part of the recipient",
    "name_is_author": "display name = local part of the author",
    "helo_is_author": "HELO domain = author's domain",
    "helo_is_not_author": "HELO domain ≠ author's domain",
    "author_is_recipient": "author = recipient",
    "reply_is_not_author": "Reply-To domain ≠ author's domain",
    "id_is_helo": "Message-ID host = HELO",
    "id_is_author": "Message-ID host = author's domain",
    "author_has_no_domain": "the author's domain has no dot",
    "helo_ends_nowhere": "the HELO ends in a name that no registry has",
    "link_names_user": "a link names a user before its host",
}
"""Every value of the family, by a key that publications say in their language; the
values are what backgrounds have counted and never change."""


def relation(
    facts: MessageFacts, part: SenderPart, links: Links, recipients: Recipients
) -> list[Feature]:
    """The features of the relation view."""
    features: list[Feature] = []
    author = facts.author
    if author is not None:
        _subject(features, facts.subject, author, recipients)
        if author.domain:
            _author(features, facts, part, author, recipients)
    if not part.minted:
        _id(features, facts, part)
    if part.claimed:
        _submission(features, facts, part)
    if part.handover and part.handover.hop.helo and _ends_nowhere(part.handover.hop.helo):
        _add(features, "helo_ends_nowhere", part.handover.field)
    if links.name_user:  # what stands before an at sign is no host, and looks like one
        _add(features, "link_names_user", None)
    return features


def _add(features: list[Feature], key: str, field: Field | None) -> None:
    add_feature(features, "relation", RELATIONS[key], field)


def _subject(features: list[Feature], told: Claim, author: Mailbox, recipients: Recipients) -> None:
    subject = (told.value or "").strip().lower()
    if not subject:
        return
    if subject == (author.local_part or "").lower():
        _add(features, "subject_is_author", told.field)
    if subject == recipients.first:
        _add(features, "subject_is_recipient", told.field)


def _author(
    features: list[Feature],
    facts: MessageFacts,
    part: SenderPart,
    author: Mailbox,
    recipients: Recipients,
) -> None:
    name, address, local, domain = author
    field = facts.message.first("from")
    if "." not in (domain or ""):
        _add(features, "author_has_no_domain", field)
    if name and name.lower() == (local or "").lower():
        _add(features, "name_is_author", field)
    own = registrable_domain(domain or "")
    if own and (step := part.handover or (part.claimed[-1] if part.claimed else None)):
        helo = registrable_domain(step.hop.helo or "")
        if helo:
            key = "helo_is_author" if helo == own else "helo_is_not_author"
            _add(features, key, step.field)
    if address and shows_address(recipients.text, address):
        _add(features, "author_is_recipient", field)
    reply = facts.message.first("reply-to")
    if own and reply and (boxes := facts.reply_to):
        other = registrable_domain(boxes[0].domain or "")
        if other and other != own:
            _add(features, "reply_is_not_author", reply)


def _id(features: list[Feature], facts: MessageFacts, part: SenderPart) -> None:
    value, _, field = facts.message_id
    host = (value or "").rpartition("@")[2].lower()
    if "." not in host:
        return
    for step in (*part.claimed, part.handover) if part.handover else part.claimed:
        helo = step.hop.helo
        if helo and host == helo.lower():
            _add(features, "id_is_helo", field)
            break
    if facts.author and host == facts.author.domain:
        _add(features, "id_is_author", field)


def _ends_nowhere(name: str) -> bool:
    """Whether a HELO is a name that only its own network could know, and none that
    networks use inside (RFC 6762 appendix G, RFC 8375)."""
    helo = name.lower().strip(".")
    _, dot, last = helo.rpartition(".")
    return bool(dot and last not in _INSIDE and _NAME.fullmatch(last) and not _delegated(helo))


def _submission(features: list[Feature], facts: MessageFacts, part: SenderPart) -> None:
    """An authenticated client that calls itself by a whole foreign domain: programs of
    users say the name or address of their machine."""
    for step in reversed(part.claimed):
        if step.hop.helo or step.hop.client_address:
            break
    else:
        return
    if not step.hop.authenticated:
        return
    helo = (step.hop.helo or "").lower()
    author = facts.author.domain if facts.author else None
    others = {
        registrable_domain(name or "") for name in (step.hop.by, step.hop.client_name, author)
    }
    if helo not in others and helo == registrable_domain(helo) and _delegated(helo):
        _add(features, "foreign_helo", step.field)


@lru_cache(maxsize=4096)
def _delegated(host: str) -> bool:
    """Whether a name ends in a suffix of the public list: `pc.lan` and `venice.home`
    are names of inside networks."""
    return has_listed_suffix(host)
