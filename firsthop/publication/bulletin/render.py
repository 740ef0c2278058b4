"""What all formats share: says a value in a language, and makes control characters
visible. The formats bring their own quoting."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable

from firsthop.publication.bulletin.document import (
    Day,
    Document,
    Duration,
    Instant,
    Joined,
    Paragraph,
    Quoted,
    Value,
    Word,
)
from firsthop.publication.clock import day_of, span
from firsthop.publication.words import say, template

Quote = Callable[[str], str]
_NUMBER = re.compile(r"(\d{1,15})(?:\.(\d{1,15}))?")
_UNGROUPED = 3  # digits


def title(document: Document, language: str) -> str:
    """The operator's title in the language, or the program's own."""
    told = document.title or ""
    own = told if isinstance(told, str) else told.get(language)
    return own or say(language, "document.default_title")


def words(value: Value | Paragraph, language: str, quote: Quote, plain: Quote) -> str:
    """A value or paragraph said in a language: `quote` wraps text that is not ours,
    `plain` escapes text that is."""
    if isinstance(value, str):
        return plain(_number(value, language))
    if isinstance(value, Quoted):
        return quote(value.text)
    if isinstance(value, Duration):
        return plain(span(value.seconds, _units(language)))
    if isinstance(value, Instant | Day):
        return plain(_time(value, language))
    if isinstance(value, Joined):
        return value.between.join(words(one, language, quote, plain) for one in value.values)
    if isinstance(value, Word | Paragraph):
        n = value.values.get("n")
        return _fill(
            template(language, value.key, n if isinstance(n, str) else None),
            value,
            language,
            quote,
            plain,
        )
    raise TypeError(type(value).__name__)


def _fill(text: str, owner: Word | Paragraph, language: str, quote: Quote, plain: Quote) -> str:
    parts = []
    for literal, name, _, _ in string.Formatter().parse(text):
        parts.append(plain(literal))
        if name:
            parts.append(words(owner.values[name], language, quote, plain))
    return "".join(parts)


def _number(text: str, language: str) -> str:
    """A number as the language writes it: digits in groups of three, a
    decimal sign. Any other text as it is."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    whole, decimals = match.groups()
    if len(whole) > _UNGROUPED:
        whole = f"{int(whole):,}".replace(",", say(language, "number.group"))
    return whole if decimals is None else whole + say(language, "number.decimal") + decimals


def _time(value: Instant | Day, language: str) -> str:
    if value.seconds is None:
        return say(language, "clock.unknown")
    told = day_of(value.seconds, value.zone)
    day = say(
        language,
        "clock.day",
        {"day": str(told.day), "month": say(language, f"month.{told.month}"), "year": f"{told:%Y}"},
    )
    if isinstance(value, Day):
        return day
    clock = {"day": day, "time": f"{told:%H:%M:%S}", "zone": f"{told:%Z}"}
    there = day_of(value.seconds, "UTC")
    if told.utcoffset() == there.utcoffset():
        return say(language, "clock.time", clock)
    utc = f"{there:%H:%M:%S}" if there.date() == told.date() else f"{there:%Y-%m-%d %H:%M:%S}"
    return say(language, "clock.time_utc", {**clock, "utc": utc})


def _units(language: str) -> tuple[str, str, str, str]:
    day, hour, minute, second = say(language, "units").split()
    return day, hour, minute, second


def visible(text: str) -> str:
    """`text` with control, format and unassigned characters written as escapes: none
    reaches a reader's screen as itself."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _harmless(c) else f"\\u{{{ord(c):x}}}" for c in text)


def _harmless(c: str) -> bool:
    return c == " " or unicodedata.category(c)[0] not in "CZ"
