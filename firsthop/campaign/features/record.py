"""A feature, and what one message brings to the comparison: the rows that the archive
stores and that gathering reads.

    message(id, ts, ts_source, uri, src_offset)
    feature(msg, view, family, value, hash)
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from firsthop.campaign.features.families import FAMILIES
from firsthop.mail.message import Field, Span

LONGEST = 200  # characters of a value that are kept


class Feature(NamedTuple):
    """One value of one family, with the field it stands in."""

    family: str
    value: str
    # the field's name as written; "body" for the content; None for an asserted claim
    field: str | None = None
    span: Span | None = None  # in the message's own bytes

    @property
    def view(self) -> str:
        """The view its family belongs to."""
        return FAMILIES[self.family].view

    @property
    def hash(self) -> int:
        """What it is stored and compared by."""
        return feature_hash(self.family, self.value)


class MessageFeatures(NamedTuple):
    """One message, as the comparison sees it."""

    id: str  # SHA-256 of its own bytes
    uri: str
    offset: int
    message_id: str | None
    instant: int | None  # seconds since 1970
    instant_source: str | None  # the hop that the time comes from, in words
    zone: int | None  # minutes east of UTC of the origin's clock
    # registrable; the author's domain, where the receiver says that DMARC passed
    authenticated_domain: str | None
    features: tuple[Feature, ...]


@lru_cache(maxsize=65_536)
def feature_hash(family: str, value: str) -> int:
    """The first 8 bytes of SHA-256 over view|family|value, signed, big-endian."""
    return text_hash(f"{FAMILIES[family].view}|{family}|{value}")


def text_hash(text: str) -> int:
    """The first 8 bytes of a text's SHA-256, signed, big-endian."""
    return int.from_bytes(
        sha256(text.encode("utf-8", "backslashreplace")).digest()[:8], "big", signed=True
    )


def feature(family: str, value: str | None, field: Field | None = None) -> list[Feature]:
    """The feature as a list of one; empty where there is no value."""
    if not value:
        return []
    return [
        Feature(
            family, value[:LONGEST], field.name if field else None, field.span if field else None
        )
    ]


def message_row(one: MessageFeatures) -> tuple[str, int | None, str | None, str, int]:
    """The row of table `message`."""
    return one.id, one.instant, one.instant_source, one.uri, one.offset


def feature_rows(one: MessageFeatures) -> list[tuple[str, str, str, str, int]]:
    """The rows of table `feature`."""
    return [(one.id, f.view, f.family, f.value, f.hash) for f in one.features]
