"""A feature, and what one message brings to the comparison: the rows that the archive
stores and that gathering reads.

    message(id, ts, ts_source, uri, src_offset)
    feature(msg, view, family, value, hash, field, span_start, span_stop)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from hashlib import sha256
from struct import Struct
from typing import Any, NamedTuple

from firsthop.campaign.features.families import FAMILIES
from firsthop.mail.message import Field, Span

LONGEST = 200  # characters of a value that are kept
_VIEW = {name: family.view for name, family in FAMILIES.items()}
_NOWHERE = (None, None)  # name and span, or the ends of the span, of what stands in no field
_as_number = Struct(">q").unpack_from


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


# a feature in half the time of its own constructor: of all its values, in order
new_feature: Callable[[tuple[str, str, str | None, Span | None]], Feature]
new_feature = partial(tuple.__new__, Feature)


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
    return text_hash(f"{_VIEW[family]}|{family}|{value}")


def text_hash(text: str) -> int:
    """The first 8 bytes of a text's SHA-256, signed, big-endian."""
    number: int = _as_number(sha256(text.encode("utf-8", "backslashreplace")).digest())[0]
    return number


def feature(family: str, value: str | None, field: Field | None = None) -> list[Feature]:
    """The feature as a list of one; empty where there is no value."""
    if not value:
        return []
    name, span = (field.name, field.span) if field else _NOWHERE
    return [new_feature((family, value[:LONGEST], name, span))]


def add_feature(
    features: list[Feature], family: str, value: str | None, field: Field | None
) -> None:
    """Adds the feature, where there is a value."""
    if value:
        name, span = (field.name, field.span) if field else _NOWHERE
        features.append(new_feature((family, value[:LONGEST], name, span)))


def of_body(family: str, value: str) -> Feature:
    """A feature of the content."""
    return new_feature((family, value, "body", None))


def message_row(one: MessageFeatures) -> tuple[str, int | None, str | None, str, int]:
    """The row of table `message`."""
    return one.id, one.instant, one.instant_source, one.uri, one.offset


def feature_rows(one: MessageFeatures) -> list[tuple[Any, ...]]:
    """The rows of table `feature`. Most values stand in one message alone: to look for
    their hashes among those of others costs more than to make them."""
    rows = []
    for family, value, field, span in one.features:
        view = _VIEW[family]
        hashed = text_hash(f"{view}|{family}|{value}")
        rows.append((one.id, view, family, value, hashed, field, *(span or _NOWHERE)))
    return rows
