"""What a condition of a rule is in YARA: strings, and what must hold of them."""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.publication.exports.rules.conditions import (
    Compared,
    Condition,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    LinkMatches,
    TextMatches,
    parts,
)
from firsthop.publication.exports.yara import raw, relations
from firsthop.publication.exports.yara.seen import Search

REPEATS = "it has no back-references"
MOST = 2000  # characters of a string
TOO_LONG = "the string would be too long"
NO_BYTES = "it cannot be written as bytes"


def why_not(condition: Condition) -> str | None:
    """Why YARA cannot be asked a condition; None where it can."""
    return next((reason for one in parts(condition) if (reason := _why_not(one))), None)


def _why_not(one: Condition) -> str | None:
    if isinstance(one, Compared):
        return relations.why_not(one)
    if isinstance(one, FieldMatches) and one.pattern.repeats:
        return REPEATS
    try:
        found = search(one)
    except ValueError:
        return NO_BYTES
    return TOO_LONG if found and len(found[0]) > MOST else None


def hideable(condition: Condition) -> bool:
    """Whether an encoding may hide from YARA what has the condition."""
    return any(
        isinstance(one, TextMatches | LinkMatches)
        or (isinstance(one, FieldMatches) and (one.decoded or not one.pattern.ascii))
        for one in parts(condition)
    )


def searches(condition: Condition) -> Sequence[Search]:
    """What must be found for a condition."""
    return [
        found
        for one in parts(condition)
        if not isinstance(one, FieldAbsent) and (found := search(one))
    ]


def search(one: Condition) -> Search | None:
    """The string of a condition that is one string."""
    match one:
        case FieldMatches(names, pattern, decoded):
            words = decoded or not pattern.ascii
            regex = raw.of_field(names, pattern.regex, caseless=pattern.caseless, decoded=words)
            return regex, pattern.caseless, True
        case FieldPresent(names) | FieldAbsent(names):
            return raw.named(names, caseless=True), True, True
        case TextMatches(pattern):
            return raw.of_text(pattern.regex), pattern.caseless, False
        case LinkMatches(pattern):
            return raw.of_link(pattern.regex), pattern.caseless, False
    return None


class Strings:
    """The strings of a rule, each once, and the conditions that they are for."""

    def __init__(self) -> None:
        self._names: dict[Condition, str] = {}
        self.lines: list[str] = []

    def asked(self, condition: Condition) -> str:
        """What must hold for a condition."""
        return " and ".join(map(self._asked, parts(condition)))

    def _asked(self, one: Condition) -> str:
        if isinstance(one, Compared):
            return self._compared(one)
        found = search(one)
        if found is None:
            raise ValueError(NO_BYTES)
        name = self._name(one, found)
        if not found[2]:
            return f"${name}"
        within = f"((#end == 0 and ${name}) or ${name} in (0..@end[1]))"
        return f"not {within}" if isinstance(one, FieldAbsent) else within

    def _compared(self, one: Compared) -> str:
        name = self._names.get(one)
        told = relations.asked(one, name or f"r{len(self._names) + 1}")
        if name is None:
            self._names[one] = f"r{len(self._names) + 1}"
            for string, regex in told.strings:
                self._add(string, regex, True)
        return told.condition

    def _name(self, one: Condition, found: Search) -> str:
        if one not in self._names:
            self._names[one] = f"s{len(self._names) + 1}"
            self._add(self._names[one], found[0], found[1])
        return self._names[one]

    def _add(self, name: str, regex: str, caseless: bool) -> None:
        self.lines.append(f"${name} = /{regex}/{' nocase' if caseless else ''}")
