"""What several of these records say in the same words."""

from __future__ import annotations

from functools import lru_cache

from firsthop.evidence.schema.vocabulary import Form, Scalar
from firsthop.evidence.timestamp import utc_text
from firsthop.mail.message import Span

NOWHERE = "It stands in no field."
FAMILY = "What the value is: a family of [features](campaigns.md)."
POINTS = "bits"
SHARE = Scalar(Form.REAL, low=0)
time_text = lru_cache(maxsize=4_096)(utc_text)  # of a campaign, many values have one time


def rounded(bits: float) -> float:
    """Bits as they are shown."""
    return round(bits, 2)


def start(span: Span | None) -> int | None:
    """Where a place begins, in bytes; None for none."""
    return span.start if span else None


def stop(span: Span | None) -> int | None:
    """Where it ends."""
    return span.stop if span else None
