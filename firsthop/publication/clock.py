"""Times for people: UTC first, the local time of the case beside it, never one without
its zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def utc(instant: int | None) -> str:
    """YYYY-MM-DD HH:MM:SSZ, or a dash."""
    return (
        datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        if instant is not None
        else "–"
    )


def local(instant: int | None, zone: str) -> str:
    """The same in a zone, with its short name: YYYY-MM-DD HH:MM:SS CEST."""
    return (
        datetime.fromtimestamp(instant, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S %Z")
        if instant is not None
        else "–"
    )


def day_of(instant: int, zone: str) -> datetime:
    """The date and time of day in a zone."""
    return datetime.fromtimestamp(instant, ZoneInfo(zone))


def span(seconds: int, units: tuple[str, str, str, str] = ("d", "h", "min", "s")) -> str:
    """A length of time in at most two units, named as the language names them: 12 d 10
    h, 3 h 23 min, 10 s."""
    seconds = abs(seconds)
    parts: list[str] = []
    for size, name in zip((86_400, 3_600, 60, 1), units, strict=True):
        amount, seconds = divmod(seconds, size)
        if amount or (size == 1 and not parts):
            parts.append(f"{amount} {name}")
    return " ".join(parts[:2])
