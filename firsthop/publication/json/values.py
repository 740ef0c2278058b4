"""Values of the JSON contract that JSON itself cannot hold as they come: times, and
numbers of any length."""

from __future__ import annotations

from typing import Any

from firsthop.evidence.schema.vocabulary import LARGEST_NUMBER
from firsthop.evidence.timestamp import LAST_INSTANT, utc_text

Object = dict[str, Any]


def time_text(instant: int | None) -> str | None:
    """An instant as UTC text; None for one outside the years 1 to 9999, which no server
    can have meant."""
    return utc_text(instant) if instant is not None and 0 <= instant <= LAST_INSTANT else None


def number(value: int | None) -> int | None:
    """A number that readers of JSON can hold; an invented queue id decodes to numbers
    of any length."""
    if value is None or not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return None
    return value
