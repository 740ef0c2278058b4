"""What a condition of a rule is in Sigma: selections, and what must hold of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from firsthop.publication.exports.rules.conditions import (
    Compared,
    Condition,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    LinkMatches,
    Pattern,
    TextMatches,
    parts,
)
from firsthop.publication.exports.rules.regex import Class, Signs, parsed
from firsthop.publication.exports.sigma import fields
from firsthop.publication.exports.sigma.yaml import Node

REPEATS = "back-references are no part of the expressions that Sigma's back ends share"
NO_FIELD = "firsthop's events have no such field"
SEVERAL = "that a value differs from several others is not asked of its events"
NO_TEXT = "its value is no text that YAML can hold"


class _Lines(Signs):
    """Patterns over several values, a line each."""

    def start(self) -> str:
        return r"(^|\n)"

    def end(self) -> str:
        return r"(\n|$)"

    def of_class(self, one: Class) -> str:
        text = super().of_class(one)
        return rf"{text[:-1]}\n]" if one.negated else text


def why_not(condition: Condition) -> str | None:
    """Why the events cannot be asked a condition; None where they can."""
    return next((reason for one in parts(condition) if (reason := _why_not(one))), None)


def _why_not(one: Condition) -> str | None:
    match one:
        case Compared():
            return _why_not_compared(one)
        case FieldMatches(names, pattern, _):
            if not all(name in fields.HEADER for name in names):
                return NO_FIELD
            return REPEATS if pattern.repeats else _why_no_text(pattern)
        case TextMatches(pattern) | LinkMatches(pattern):
            return _why_no_text(pattern)
    return None


def _why_no_text(pattern: Pattern) -> str | None:
    return NO_TEXT if any("\ud800" <= c <= "\udfff" for c in pattern.regex) else None


def _why_not_compared(one: Compared) -> str | None:
    left, right = _compared_fields(one)
    if not left or not right:
        return NO_FIELD
    return None if one.equal or len(left) == len(right) == 1 else SEVERAL


def _compared_fields(one: Compared) -> tuple[tuple[str, ...], tuple[str, ...]]:
    table = fields.REGISTRABLE if one.registrable else fields.PLAIN
    return table.get(one.left, ()), table.get(one.right, ())


class Selections:
    """The selections of a rule, each once."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}

    def asked(self, condition: Condition) -> str:
        """What must hold for a condition."""
        return " and ".join(map(self._asked, parts(condition)))

    def _asked(self, one: Condition) -> str:
        match one:
            case Compared(_, _, False, _):
                left, right = (names[0] for names in _compared_fields(one))
                missing = self._selected([{left: None}, {right: None}])
                equal = self._selected({f"{left}|fieldref": right})
                return f"not {missing} and not {equal}"
            case Compared():
                left_fields, right_fields = _compared_fields(one)
                return self._selected(
                    [{f"{a}|fieldref": b} for a in left_fields for b in right_fields]
                )
            case FieldAbsent(names):
                return self._absent(names)
        return self._selected(_found(one))

    def _absent(self, names: Sequence[str]) -> str:
        if all(name in fields.HEADER for name in names):
            return self._selected({fields.raw_field(name): None for name in names})
        return f"not {self._selected(_found(FieldPresent(tuple(names))))}"

    def _selected(self, node: Node) -> str:
        for name, other in self.nodes.items():
            if other == node:
                return name
        name = f"s{len(self.nodes) + 1}"
        self.nodes[name] = node
        return name

    def used(self) -> list[str]:
        """The fields that are asked for, in the order of the table."""
        names = {name for node in self.nodes.values() for name in _names(node)}
        return [name for name in fields.FIELDS if name in names]


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            name, _, modifier = key.partition("|")
            yield name
            if modifier == "fieldref" and isinstance(value, str):
                yield value
    elif node is not None and not isinstance(node, str):
        for one in node:
            yield from _names(one)


def _found(one: Condition) -> Node:
    """A selection that is met where a pattern is found."""
    match one:
        case FieldMatches(names, pattern, decoded):
            named = fields.decoded_field if decoded or not pattern.ascii else fields.raw_field
            found = [_searched(named(name), pattern) for name in names]
            return found[0] if len(found) == 1 else found
        case FieldPresent(names):
            any_of = "|".join(names)
            return {f"{fields.NAMES}|re": rf"(^|\n)({any_of})(\n|$)"}
        case TextMatches(pattern):
            return _searched(fields.TEXT, pattern)
        case LinkMatches(pattern):
            return _searched(fields.LINKS, pattern)
    raise TypeError(f"{one} is no pattern")


def _searched(name: str, pattern: Pattern) -> Mapping[str, Node]:
    regex = _Lines().alternatives(parsed(pattern.regex))
    return {f"{name}|re{'|i' if pattern.caseless else ''}": regex}
