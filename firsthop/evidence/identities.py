"""The identities a message claims (RFC 5322 section 3.6, RFC 5598): author, sender, reply-to, message id, subject. Claims, never facts about people.

Reads mailboxes as real mail writes them: encoded words (RFC 2047), missing quotes, comments, several authors, groups. Never raises.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from firsthop.mail.encoded_words import decode_words
from firsthop.mail.message import Evidence, Field, Message

__all__ = [
    "MAX_MAILBOXES",
    "Claim",
    "Mailbox",
    "State",
    "author",
    "bare_id",
    "claim",
    "claim_empty",
    "decode_words",
    "mailboxes",
    "message_id",
    "subject",
]

MAX_MAILBOXES = 1_000  # of one field that are read


class State(StrEnum):
    """Whether a value is there."""

    PRESENT = "present"
    ABSENT = "absent"  # no such field
    EMPTY = "empty"  # the field is there, with nothing in it
    VALUE_LOST = "value_lost"  # the field is there and a publication ate its text


class Claim(NamedTuple):
    """A value with its state and the field it stands in."""

    value: str | None
    state: State
    field: Field | None = None


class Mailbox(NamedTuple):
    """One mailbox of an address field."""

    display_name: str | None
    address: str | None  # bare, as written
    local_part: str | None
    domain: str | None  # lower case, no trailing dot


# A quoted pair is a token outside quotes and comments too: only so is an unclosed quote or comment looked for once and not at each pair.
_PART = re.compile(r'"(?:[^"\\]++|\\.)*+"|\((?:[^()\\]++|\\.)*+\)|<[^<>]*+>?|[,;:]|\\.|[^\s"()<>,;:\\]++|\s++|.', re.DOTALL)
# One name and one address: what nearly every From field is.
_USUAL = re.compile(r'(?:"([^"\\]*+)" ?|([^"\\()<>,;:@]*?) ?)?<([^\s<>"(),;:@\\]++@[^\s<>"(),;:@\\]++)>')
_ID = re.compile(r"<([^<>]*)>")


def claim(message: Message, name: str) -> Claim:
    """The first field called `name`, unfolded, with its state."""
    field = message.first(name)
    if field is None:
        return Claim(None, State.ABSENT)
    if field.value:
        return Claim(field.value, State.PRESENT, field)
    return Claim(None, State.VALUE_LOST if message.source.evidence is Evidence.PUBLICATION else State.EMPTY, field)


def message_id(message: Message) -> Claim:
    """The Message-ID without its angle brackets (RFC 5322 section 3.6.4)."""
    found = claim(message, "message-id")
    if found.value is None:
        return found
    value = bare_id(found.value)
    return found._replace(value=value) if value else claim_empty(message, found)


def bare_id(text: str) -> str:
    """A Message-ID field's text without angle brackets; empty where nothing stands between them."""
    inner = _ID.search(text)
    return (inner[1] if inner else text).strip()


def claim_empty(message: Message, found: Claim) -> Claim:
    """The claim of a field whose value holds nothing between its brackets."""
    return Claim(None, State.VALUE_LOST if message.source.evidence is Evidence.PUBLICATION else State.EMPTY, found.field)


def subject(message: Message) -> Claim:
    """The Subject, decoded."""
    found = claim(message, "subject")
    return found._replace(value=decode_words(found.value)) if found.value else found


def mailboxes(value: str) -> tuple[Mailbox, ...]:
    """The mailboxes of an address field's unfolded value, in order; at most MAX_MAILBOXES."""
    if usual := _USUAL.fullmatch(value):
        return (_usual(*usual.groups("")),)
    found: list[Mailbox] = []
    name: list[str] = []
    comment: str | None = None
    address: str | None = None
    for part in _PART.findall(value):
        if part in ",;":
            _close(found, name, comment, address)
            name, comment, address = [], None, None
        elif part == ":":
            name = []  # a group's name is no mailbox (RFC 5322 section 3.4)
        elif part[0] == "(" and len(part) > 1:
            comment = part[1:-1]
        elif part[0] == "<" and len(part) > 1:
            address = part.strip("<> \t")
        else:
            name.append(part)
        if len(found) == MAX_MAILBOXES:
            return tuple(found)
    _close(found, name, comment, address)
    return tuple(found)


def _usual(quoted: str, words: str, address: str) -> Mailbox:
    local, _, domain = address.rpartition("@")
    return Mailbox(decode_words(quoted or words).strip() or None, address, local, domain.lower().rstrip("."))


def _close(found: list[Mailbox], name: list[str], comment: str | None, address: str | None) -> None:
    text = "".join(name).strip()
    if address is None and "@" in text:
        words = text.split()
        address = next(word for word in words if "@" in word)
        words.remove(address)
        text = " ".join(words)
    if not text and comment:
        text = comment
    if not text and not address:
        return
    local, at, domain = (address or "").rpartition("@")
    shown = decode_words(re.sub(r"\\(.)", r"\1", text[1:-1] if text[:1] == text[-1:] == '"' else text)).strip() or None
    found.append(Mailbox(shown, address or None, local if at else None, domain.lower().rstrip(".") if at else None))


def author(message: Message) -> Mailbox | None:
    """The first mailbox of the From field."""
    field = message.first("from")
    boxes = mailboxes(field.value) if field else ()
    return boxes[0] if boxes else None
