"""What the To field of a message tells, read once for all families that compare with
it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from firsthop.evidence.identity.identities import mailboxes
from firsthop.mail.message import Message

_REMEMBERED = 1_000  # characters: what a longer field tells is not kept


class Recipients(NamedTuple):
    """The To field of a message."""

    text: str  # in lower case; "" where there is none
    first: str | None  # the local part of the first mailbox, in lower case


_NOBODY = Recipients("", None)


def recipients_of(message: Message) -> Recipients:
    """What the first To field tells."""
    field = message.first("to")
    if field is None:
        return _NOBODY
    value = field.value
    return _remembered(value) if len(value) <= _REMEMBERED else _read(value)


def _read(value: str) -> Recipients:
    boxes = mailboxes(value)
    local = boxes[0].local_part if boxes else None
    return Recipients(value.lower(), local.lower() if local else None)


_remembered = lru_cache(maxsize=512)(_read)
