"""What a reader of a container hands on: the bytes of one message with their source, or
an input it had to skip and why."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Protocol, TypeAlias

from firsthop.mail.buffer import Buffer
from firsthop.mail.message import BodyBytes, Evidence, Source
from firsthop.system.named_tuple import NamedTuple


class MailPlace(Protocol):
    """Where the bytes of one message come from, and how many they are."""

    @property
    def source(self) -> Source:
        """Where they come from."""

    @property
    def size(self) -> int:
        """How many they are."""


class RawMail(NamedTuple):
    """The bytes of one message and where they come from."""

    source: Source
    data: bytes

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data)


class Skipped(NamedTuple):
    """An input, or a part of one, that could not be read: a value with its reason,
    never a silent gap."""

    uri: str
    reason: str  # one line for the operator


# what a reader says of another program's document in a form that mail can have too
OTHER_DOCUMENT = "a compound file, but no Outlook item"
OFFICE_DOCUMENT = "an Office document: no mail in it is read"


def is_other_document(one: RawMail | Skipped) -> bool:
    """Whether an input turned out to be another program's document."""
    return isinstance(one, Skipped) and one.reason in {OTHER_DOCUMENT, OFFICE_DOCUMENT}


class Carried(Enum):
    """How a message carries something."""

    MESSAGE = "message"  # it says that this is a message: by type, or by name
    HEADERS = "headers"  # it says that this is a message's header
    FILE = "file"  # attached, as whatever it is
    TEXT = "text"  # as its own text
    ENTITY = "entity"  # as MIME parts that were signed together


class Piece(NamedTuple):
    """Something that a message carries, decoded, before anybody looked what it is."""

    uri: str
    data: Buffer
    report: str | None  # URI of the message that carries it
    carried: Carried = Carried.FILE
    name: str = ""  # the file name that it was given
    offset: int = 0  # in the message's bytes
    verbatim: bool = False  # its bytes stand in the message's as they are
    notes: tuple[str, ...] = ()
    encoding: str | None = None  # that was taken off


# what finds the messages in a piece
Opener: TypeAlias = Callable[[Piece], Iterable[RawMail | Skipped]]


def raw_mail(
    data: bytes,
    uri: str,
    container: str,
    offset: int = 0,
    evidence: Evidence = Evidence.MESSAGE,
    enclosed_in: str | None = None,
    notes: tuple[str, ...] = (),
    body_bytes: BodyBytes = BodyBytes.STORED,
) -> RawMail:
    """`data` with its source, the digest taken here."""
    digest = hashlib.sha256(data).hexdigest()
    source = Source(uri, container, offset, digest, evidence, enclosed_in, notes, body_bytes)
    return RawMail(source, data)
