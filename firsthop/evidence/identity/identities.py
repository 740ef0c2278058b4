"""The identities a message claims (RFC 5322 section 3.6, RFC 5598): author, sender,
reply-to, message id, subject. Claims, never facts about people.

The mailboxes of a field are read in address_field.py, the authors of a message in
author.py. Never raises."""

from __future__ import annotations

from enum import StrEnum

from firsthop.evidence.identity.address_field import MAX_MAILBOXES, mailboxes
from firsthop.evidence.identity.author import read_author
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.mail.encoded_words import decode_words
from firsthop.mail.message import Evidence, Field, Message
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

__all__ = [
    "MAX_MAILBOXES",
    "Claim",
    "FieldState",
    "Mailbox",
    "author",
    "bare_id",
    "claim",
    "claim_empty",
    "decode_words",
    "mailboxes",
    "message_id",
    "subject",
]


class FieldState(StrEnum):
    """Whether a value is there."""

    PRESENT = "present"
    ABSENT = "absent"  # no such field
    EMPTY = "empty"  # the field is there, with nothing in it
    VALUE_LOST = "value_lost"  # the field is there and a publication ate its text


class Claim(NamedTuple):
    """A value with its state and the field it stands in."""

    value: str | None
    state: FieldState
    field: Field | None = None


_ABSENT = Claim(None, FieldState.ABSENT)
_PRESENT = FieldState.PRESENT
_new = tuple.__new__  # a NamedTuple in half the time of its own constructor
_ID = compiled(r"<([^<>]*)>")


def claim(message: Message, name: str) -> Claim:
    """The first field called `name`, unfolded, with its state."""
    field = message.first(name)
    if field is None:
        return _ABSENT
    if value := field.value:
        return _new(Claim, (value, _PRESENT, field))
    return Claim(
        None,
        FieldState.VALUE_LOST
        if message.source.evidence is Evidence.PUBLICATION
        else FieldState.EMPTY,
        field,
    )


def message_id(message: Message) -> Claim:
    """The Message-ID without its angle brackets (RFC 5322 section 3.6.4)."""
    as_written = claim(message, "message-id")
    if as_written.value is None:
        return as_written
    value = bare_id(as_written.value)
    if not value:
        return claim_empty(message, as_written)
    return _new(Claim, (value, _PRESENT, as_written.field))


def bare_id(text: str) -> str:
    """A Message-ID field's text without angle brackets; empty where nothing stands
    between them."""
    inner = _ID.search(text)
    return (inner[1] if inner else text).strip()


def claim_empty(message: Message, as_written: Claim) -> Claim:
    """The claim of a field whose value holds nothing between its brackets."""
    return Claim(
        None,
        FieldState.VALUE_LOST
        if message.source.evidence is Evidence.PUBLICATION
        else FieldState.EMPTY,
        as_written.field,
    )


def subject(message: Message) -> Claim:
    """The Subject, decoded."""
    as_written = claim(message, "subject")
    if not as_written.value:
        return as_written
    if "=?" not in as_written.value:
        return as_written  # no encoded word
    return _new(Claim, (decode_words(as_written.value), _PRESENT, as_written.field))


def author(message: Message) -> Mailbox | None:
    """The author a verdict is about (author.py tells all of them, and why this one)."""
    return read_author(message).judged
