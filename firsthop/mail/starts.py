"""Where a field starts in published text: the shapes in which programs show its name.

A colon behind the name is the rule; copies of tables have a tab or a wide gap instead,
chats put a speaker before it, Markdown puts marks around it. Only names that are known
start a field outside of an excerpt."""

from __future__ import annotations

import re

from firsthop.mail.field_names import HOP_LINES, IN_TEXT, INSIDE_EXCERPT
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

# fields of two words in the trace, whose values nobody writes in prose
_TRACE = "Received-SPF|Return-Path|Delivered-To|(?:ARC-)?Authentication-Results|ARC-Seal"

_FIELD = compiled(r"([A-Za-z0-9][\w-]{0,75})[ \t]?:(?=\s|$|[^/])(.*)")
_DECORATED = compiled(
    r"(?:[*_`#\u2022-]{1,4}[ \t]*|\d{1,4}[.)][ \t]+)?([A-Za-z][\w-]{1,75}?)[*_`]{0,3}[ \t]?:"
    r"[*_`]{0,3}(?=\s|$)(.*)"
)
_COLUMNS = compiled(
    r"(?:\d{1,4}[.)]?[ \t]+)?([A-Za-z][A-Za-z0-9]*(?:-[\w-]{1,70})?):?(\t[ \t]*| {2,})(\S.*)"
)
_ALONE = compiled(r"([A-Z][A-Za-z]*(?:-[\w-]{1,70})?)")
_AFTER_TEXT = compiled(
    rf"[^\n]{{0,80}}?[\]:>,)\d][ \t]+(?:(Received)[ \t]?:(?=[ \t]+(?:from|by)[ \t])|"
    rf"({_TRACE})[ \t]?:(?=[ \t]))(.*)",
    re.IGNORECASE,
)
_TELLS_A_HOP = compiled(r"[ \t]*(?:from|by)\b", re.IGNORECASE)


class Start(NamedTuple):
    """The first line of a field."""

    name: str
    value: str
    repairs: tuple[str, ...] = ()


def starts_field(text: str, inside: bool) -> Start | None:
    """The field that a line starts; `inside` says that an excerpt is open."""
    text = text.strip()
    if match := _FIELD.match(text):
        if is_name(match[1], inside):
            return Start(match[1], match[2])
    elif not text[:1].isalpha() and (match := _DECORATED.match(text)) and is_name(match[1], inside):
        return Start(match[1], match[2].rstrip("*`"))
    if "\t" in text or "  " in text:
        return _in_columns(text, inside)
    return None if inside else _after_text(text)


def is_name(name: str, inside: bool) -> bool:
    """Whether a word with a colon behind it starts a field."""
    key = name.lower()
    return key in IN_TEXT or (inside and ("-" in key or key in INSIDE_EXCERPT))


def stands_alone(text: str, in_columns: bool) -> Start | None:
    """The field of a name that stands on a line of its own, as copies of tables have
    it: only a name that is no word of prose."""
    match = _ALONE.fullmatch(text.strip())
    if match is None:
        return None
    told = in_columns or match[1].lower() in IN_TEXT
    if told and ("-" in match[1] or match[1] == "Received"):
        return Start(match[1], "", ("in_columns",))
    return None


def _in_columns(text: str, inside: bool) -> Start | None:
    match = _COLUMNS.match(text)
    if match is None:
        return None if inside else _after_text(text)
    name, gap, value = match[1], match[2], match[3]
    key = name.lower()
    if key not in IN_TEXT and not (is_name(key, inside) and "\t" in gap):
        return None
    told = "-" in key or (key in HOP_LINES and _TELLS_A_HOP.match(value))
    if told or (inside and "\t" in gap):
        return Start(name, value, ("in_columns",))
    return None


def _after_text(text: str) -> Start | None:
    if ":" not in text:
        return None
    match = _AFTER_TEXT.match(text)
    return Start(match[1] or match[2], match[3], ("text_before_name",)) if match else None
