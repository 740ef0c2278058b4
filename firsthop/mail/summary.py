"""Tells the summary of a message that a program shows beside its header: Gmail's table
above "Show original", the few lines of a forwarded message.

It has no line of a server, and says of author, subject and readers what the header
says."""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.mail.field_names import OF_SERVERS, SUMMARY
from firsthop.mail.open_field import OpenField

MAX_DISTANCE = 4_096  # bytes between the two


def is_summary(short: Sequence[OpenField], whole: Sequence[OpenField]) -> bool:
    """Whether `short` tells of the message whose header is `whole`."""
    first, second = sorted((short, whole), key=lambda one: one[0].start)
    if second[0].start - first[-1].stop > MAX_DISTANCE:
        return False
    told, known = _by_key(short), _by_key(whole)
    if any(key in told for key in OF_SERVERS) or "received" not in known:
        return False
    same = [key for key in SUMMARY if key in told and key in known]
    return len(same) > 1 and all(_agree(told[key], known[key]) for key in same)


def _by_key(excerpt: Sequence[OpenField]) -> dict[str, str]:
    values: dict[str, str] = {}
    for field in excerpt:
        values.setdefault(field.key, field.text.lower())
    return values


def _agree(short: str, whole: str) -> bool:
    """Whether one says what the other says, which may say more."""
    return bool(short) and (short in whole or (bool(whole) and whole in short))
