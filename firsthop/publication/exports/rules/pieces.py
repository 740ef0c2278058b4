"""What conditions are put together of; None stands for what no pattern can say."""

from __future__ import annotations

from firsthop.publication.exports.rules import patterns
from firsthop.publication.exports.rules.conditions import (
    AllOf,
    Condition,
    FieldMatches,
    Pattern,
)


def field_matches(
    names: tuple[str, ...], regex: str | None, *, caseless: bool = True, decoded: bool = False
) -> FieldMatches | None:
    """One of the fields matches an expression."""
    return None if regex is None else FieldMatches(names, Pattern(regex, caseless), decoded)


def around(before: str, value: str, after: str) -> str | None:
    """A value as it is written, between two expressions."""
    core = patterns.literal(value)
    return None if core is None else f"{before}{core}{after}"


def whole(token: str) -> str | None:
    """A token that no letter or digit touches."""
    return around("(^|[^A-Za-z0-9])", token, "([^A-Za-z0-9]|$)")


def all_of(conditions: tuple[Condition, ...]) -> Condition:
    """All of them together."""
    return conditions[0] if len(conditions) == 1 else AllOf(conditions)
