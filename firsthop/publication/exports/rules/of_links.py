"""What features of links and texts mean to a filter: each function takes a value of the
family it is called by, and gives None where no pattern can be written."""

from __future__ import annotations

import re
from collections.abc import Callable

from firsthop.publication.exports.rules import patterns
from firsthop.publication.exports.rules.conditions import (
    Condition,
    LinkMatches,
    Pattern,
    TextMatches,
)
from firsthop.publication.exports.rules.pieces import around

HOST_END = "([.]?(:[0-9]+)?([/?#]|$))"
SCHEME = r"^https?://([^/?#]*@)?"


def link_with(before: str, after: str) -> Callable[[str], Condition | None]:
    """For families whose value stands in a link between two expressions."""

    def translate(value: str) -> Condition | None:
        # what a template forgot to fill in is read by each engine in its own way
        regex = None if re.search(r"[\[\]{}<>]", value) else around(before, value, after)
        return None if regex is None else LinkMatches(Pattern(regex, caseless=True))

    return translate


def url_path(value: str) -> Condition | None:
    host, _, path = value.partition("/")
    if not path:
        return None
    regex = around(SCHEME, host, "(:[0-9]+)?")
    rest = patterns.literal(f"/{path}")
    return LinkMatches(Pattern(f"{regex}{rest}", True)) if regex and rest else None


def url_parent(value: str) -> Condition | None:
    core = patterns.literal(value)
    if core is None:
        return None
    regex = f"{SCHEME}([^/?#@]*[.]{core}|{core}[.][0-9]{{1,3}}){HOST_END}"
    return LinkMatches(Pattern(regex, caseless=True))


def url_token(value: str) -> Condition | None:
    """A number may stand inside of a part, or in the host."""
    if value.isdigit():
        regex = around("[^0-9]", value, "([^0-9]|$)")
    else:
        regex = around(r"^https?://[^?#]*/", value, "([/?#]|$)")
    return None if regex is None else LinkMatches(Pattern(regex, caseless=True))


def passage(value: str) -> Condition | None:
    """Remains of markup in a text are read by each engine in its own way."""
    core = None if "<" in value or ">" in value else patterns.spaced(value)
    return None if core is None else TextMatches(Pattern(core, caseless=True))


def short_text(value: str) -> Condition | None:
    core = patterns.worded(value)
    return None if core is None else TextMatches(Pattern(core, caseless=True))
