"""Conditions as tests of a Sieve script."""

from __future__ import annotations

from firsthop.publication.exports.rules.conditions import (
    AllOf,
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
from firsthop.publication.exports.sieve import relations
from firsthop.publication.exports.sieve.strings import (
    in_field,
    in_link,
    in_text,
    quoted,
    string_list,
)


def why_not(condition: Condition) -> str | None:
    """Why Sieve cannot be asked a condition; None where it can."""
    for one in parts(condition):
        if isinstance(one, Compared) and (reason := relations.why_not(one)):
            return reason
    return None


def each_test(condition: Condition) -> tuple[str, ...]:
    """The tests of a condition, which all have to hold."""
    return tuple(map(written, parts(condition)))


def written(condition: Condition) -> str:
    """The test of a condition."""
    match condition:
        case AllOf(conditions):
            return f"allof({', '.join(map(written, conditions))})"
        case FieldPresent(names):
            return _exists(names)
        case FieldAbsent(names):
            return f"not {_exists(names)}"
        case FieldMatches(names, pattern):
            return f"header {_how(pattern)} {string_list(names)} {quoted(in_field(pattern))}"
        case TextMatches(pattern):
            return f"body :text {_how(pattern)} {quoted(in_text(pattern))}"
        case LinkMatches(pattern):
            return f'body :content "text" {_how(pattern)} {quoted(in_link(pattern))}'
        case Compared():
            return relations.relation_test(condition)


def extensions(conditions: list[Condition]) -> tuple[str, ...]:
    """What the script has to require for the tests."""
    simple = [part for one in conditions for part in parts(one)]
    needed = {
        "regex": any(isinstance(one, FieldMatches | TextMatches | LinkMatches) for one in simple)
        or any(isinstance(one, Compared) for one in simple),
        "variables": any(isinstance(one, Compared) for one in simple),
        "body": any(isinstance(one, TextMatches | LinkMatches) for one in simple),
    }
    return tuple(name for name, there in needed.items() if there)


def _exists(names: tuple[str, ...]) -> str:
    """Whether a field of one of the names is there: `exists` itself asks for all."""
    tests = ", ".join(f"exists {string_list((name,))}" for name in names)
    return tests if len(names) == 1 else f"anyof({tests})"


def _how(pattern: Pattern) -> str:
    comparator = "i;ascii-casemap" if pattern.caseless else "i;octet"
    return f':comparator "{comparator}" :regex'
