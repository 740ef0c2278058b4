"""What a reader of a container hands on: the bytes of one message with their source, or
an input it had to skip and why."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from firsthop.mail.message import BodyBytes, Evidence, Source


class RawMail(NamedTuple):
    """The bytes of one message and where they come from."""

    source: Source
    data: bytes


class Skipped(NamedTuple):
    """An input, or a part of one, that could not be read: a value with its reason,
    never a silent gap."""

    uri: str
    reason: str  # one line for the operator


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
