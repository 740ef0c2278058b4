"""The event of one message: the values of `fields.FIELDS`.

Never:      judges, or looks at what the receiver does not see: it is made of the facts
            that firsthop reads anyhow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.errors import HeaderParseError

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.identities import decode_words, mailboxes
from firsthop.mail.message import Message
from firsthop.publication.exports.sigma.fields import (
    FIELDS,
    HEADER,
    HELO_FIELDS,
    LINKS,
    NAMES,
    RECIPIENT_FIELDS,
    TEXT,
    decoded_field,
    raw_field,
)

Event = dict[str, str | None]


def event_of(facts: MessageFacts) -> Event:
    """The event of a message: every field, null where the message has none."""
    found = {
        **_header(facts.message),
        **_author(facts),
        **_recipients(facts.message),
        **_helos(facts),
        NAMES: _lines([field.key for field in facts.message.fields if field.name]),
        TEXT: " ".join(facts.content.text.split()) or None,
        LINKS: _lines(facts.content.links),
        "subject": (facts.subject.value or "").strip().lower() or None,
        "message_id_host": _behind_at(facts.message_id.value),
    }
    return {name: found.get(name) for name in FIELDS}


def _lines(values: Sequence[str]) -> str | None:
    return "\n".join(" ".join(one.split()) for one in values) if values else None


def _behind_at(text: str | None) -> str | None:
    return (text or "").rpartition("@")[2].lower() or None if "@" in (text or "") else None


def _header(message: Message) -> Event:
    found: Event = {}
    for name in HEADER:
        values = [field.value for field in message.all(name)]
        found[raw_field(name)] = _lines(values)
        found[decoded_field(name)] = _lines([_decoded(one) for one in values])
    return found


def _decoded(value: str) -> str:
    try:
        return decode_words(value)
    except (HeaderParseError, ValueError):
        return value


def _author(facts: MessageFacts) -> Event:
    author = facts.author
    reply = facts.reply_to
    found: Event = {
        "reply_to_registrable_domain": registrable_domain(reply[0].domain or "") if reply else None
    }
    if author is None:
        return found
    return found | {
        "author_address": (author.address or "").lower() or None,
        "author_local_part": (author.local_part or "").lower() or None,
        "author_domain": author.domain,
        "author_display_name": (author.display_name or "").lower() or None,
        "author_registrable_domain": registrable_domain(author.domain or ""),
    }


def _recipients(message: Message) -> Event:
    field = message.first("to")
    boxes = mailboxes(field.value) if field else ()
    found: Event = {
        name: one.address.lower() if one.address else None
        for name, one in zip(RECIPIENT_FIELDS, boxes, strict=False)
    }
    local = boxes[0].local_part if boxes else None
    return found | {"to_local_part": local.lower() if local else None}


def _helos(facts: MessageFacts) -> Event:
    part = facts.sender_part
    step = part.handover or (part.claimed[-1] if part.claimed else None)
    sender = registrable_domain(step.hop.helo or "") if step else None
    found: Event = dict(_helo_lines(facts))
    return found | {"sender_helo_registrable_domain": sender}


def _helo_lines(facts: MessageFacts) -> Iterator[tuple[str, str | None]]:
    for one in facts.path.steps:
        if one.position <= len(HELO_FIELDS) and one.hop.helo:
            yield HELO_FIELDS[one.position - 1], one.hop.helo.lower().strip("[]")
