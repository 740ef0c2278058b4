"""The relation view: two values of one message that are equal where chance would not
make them so, or differ where they agree as a rule."""

from __future__ import annotations

import re
from functools import lru_cache

from firsthop.campaign.features.record import Feature, feature
from firsthop.evidence.content import Content
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.host.suffixes import has_listed_suffix
from firsthop.evidence.identity.address_field import shows_address
from firsthop.evidence.identity.identities import mailboxes
from firsthop.evidence.sender_part import SenderPart
from firsthop.mail.message import Field

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_INSIDE = frozenset(
    "local localdomain localnet lan home corp internal intranet private domain localhost "
    "openstacklocal priv test invalid example arpa".split()
)
_USER = re.compile(r"[a-z]+://[^/?#]*@", re.IGNORECASE)
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


def relation(facts: MessageFacts, part: SenderPart, content: Content) -> list[Feature]:
    """The features of the relation view."""
    return [
        f
        for value, field in (
            *_subject(facts),
            *_author(facts, part),
            *_id(facts, part),
            *_submission(facts, part),
            *_helo(part),
            *_links(content),
        )
        for f in feature("relation", value, field)
    ]


def _subject(facts: MessageFacts) -> list[tuple[str, Field | None]]:
    subject = (facts.subject.value or "").strip().lower()
    if not subject or facts.author is None:
        return []
    relations = []
    if subject == (facts.author.local_part or "").lower():
        relations.append((SUBJECT_IS_LOCAL_PART, facts.subject.field))
    to = facts.message.first("to")
    boxes = mailboxes(to.value) if to else ()
    if boxes and boxes[0].local_part and subject == boxes[0].local_part.lower():
        relations.append((RELATIONS["subject_is_recipient"], facts.subject.field))
    return relations


def _author(facts: MessageFacts, part: SenderPart) -> list[tuple[str, Field | None]]:
    author, field = facts.author, facts.message.first("from")
    if author is None or not author.domain:
        return []
    relations = []
    if "." not in author.domain:
        relations.append((RELATIONS["author_has_no_domain"], field))
    name = (author.display_name or "").lower()
    if name and name == (author.local_part or "").lower():
        relations.append((RELATIONS["name_is_author"], field))
    domain = registrable_domain(author.domain)
    step = part.handover or (part.claimed[-1] if part.claimed else None)
    helo = registrable_domain(step.hop.helo or "") if step else None
    if helo and domain:
        relations.append(
            (
                RELATIONS["helo_is_author" if helo == domain else "helo_is_not_author"],
                step.field if step else None,
            )
        )
    to = facts.message.first("to")
    if to is not None and shows_address(to.value, author.address or ""):
        relations.append((RELATIONS["author_is_recipient"], field))
    return relations + _reply(facts, domain)


def _reply(facts: MessageFacts, domain: str | None) -> list[tuple[str, Field | None]]:
    field, boxes = facts.message.first("reply-to"), facts.reply_to
    other = registrable_domain(boxes[0].domain or "") if boxes else None
    return (
        [(RELATIONS["reply_is_not_author"], field)] if other and domain and other != domain else []
    )


def _id(facts: MessageFacts, part: SenderPart) -> list[tuple[str, Field | None]]:
    host = (facts.message_id.value or "").rpartition("@")[2].lower()
    if part.minted or "." not in host:
        return []
    helos = {
        step.hop.helo.lower()
        for step in (*part.claimed, *([part.handover] if part.handover else []))
        if step.hop.helo
    }
    relations = [(RELATIONS["id_is_helo"], facts.message_id.field)] if host in helos else []
    if facts.author and host == facts.author.domain:
        relations.append((RELATIONS["id_is_author"], facts.message_id.field))
    return relations


def _links(content: Content) -> list[tuple[str, Field | None]]:
    """RFC 3986 section 3.2.1: what stands before an at sign is no host, and looks like
    one."""
    named = any("@" in link and _USER.match(link) for link in content.links)
    return [(RELATIONS["link_names_user"], None)] if named else []


def _helo(part: SenderPart) -> list[tuple[str, Field | None]]:
    """A name that only its own network could know, and is none that networks use inside
    (RFC 6762 appendix G, RFC 8375)."""
    helo = ((part.handover.hop.helo if part.handover else None) or "").lower().strip(".")
    last = helo.rpartition(".")[2]
    if "." not in helo or not _NAME.fullmatch(last) or last in _INSIDE or _delegated(helo):
        return []
    return [(RELATIONS["helo_ends_nowhere"], part.handover.field if part.handover else None)]


def _submission(facts: MessageFacts, part: SenderPart) -> list[tuple[str, Field | None]]:
    """An authenticated client that calls itself by a whole foreign domain: programs of
    users say the name or address of their machine."""
    step = next((s for s in reversed(part.claimed) if s.hop.helo or s.hop.client_address), None)
    if step is None or not step.hop.authenticated:
        return []
    helo = (step.hop.helo or "").lower()
    author = facts.author.domain if facts.author else None
    others = {
        registrable_domain(name or "") for name in (step.hop.by, step.hop.client_name, author)
    }
    return (
        [(FOREIGN_HELO, step.field)]
        if helo not in others and helo == registrable_domain(helo) and _delegated(helo)
        else []
    )


@lru_cache(maxsize=4096)
def _delegated(host: str) -> bool:
    """Whether a name ends in a suffix of the public list: `pc.lan` and `venice.home`
    are names of inside networks."""
    return has_listed_suffix(host)
