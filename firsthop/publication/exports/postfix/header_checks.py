"""Rules for Postfix's header_checks: clauses that one header alone can decide.

A rule of the strength `block` needs two views of a message; one header seldom gives
them (the Message-ID may: its shape and its host), and often there is no such rule.
Never:      puts conditions of two headers into one line, or two lines of `Received`
            into one pattern: a clause counts only where each message that has its
            elements has them in the same line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from firsthop.campaign.signature.bitsets import Key
from firsthop.mail.field_names import ASKED_ONCE
from firsthop.publication.exports.postfix.patterns import header_of, pattern_of, why_not
from firsthop.publication.exports.rules.rule import BLOCK, Rule, RuleSet, rules_for
from firsthop.publication.exports.rules.translate import Untranslatable, condition_of
from firsthop.publication.exports.source import ExportSource

# which line of a field that may be there more than once a family speaks of
_LINES = {
    "client_address": "handover",
    "client_network": "handover",
    "helo": "handover",
    "helo_domain": "handover",
    "first_address": "first",
    "first_helo": "first",
}
_ONCE = ASKED_ONCE


def rules_of_headers(source: ExportSource) -> RuleSet:
    """The rules that can be asked of one header."""
    return rules_for(source, why_not, together)


def together(keys: Sequence[Key]) -> bool:
    """Whether one header is sure to have all of the elements, or none."""
    places = {_place(key) for key in keys}
    return len(keys) == 1 or (len(places) == 1 and None not in places)


@lru_cache(maxsize=1024)
def _place(key: Key) -> tuple[tuple[str, ...], str] | None:
    condition = condition_of(*key)
    names = None if isinstance(condition, Untranslatable) else header_of(condition)
    if names is None:
        return None
    if set(names) <= _ONCE:
        return names, ""
    line = _LINES.get(key[0])
    return (names, line) if line else None


def lines_of(rules: RuleSet) -> Iterator[str]:
    """The lines of the table: Postfix takes the first that a header meets, so those by
    which a message is refused come first."""
    for rule in sorted(rules.rules, key=lambda one: one.strength != BLOCK):
        for clause in rule.clauses:
            yield f"/{pattern_of([one.condition for one in clause])}/ {_action(rule)}"


def _action(rule: Rule) -> str:
    return f"REJECT 5.7.1 {rule.name}" if rule.strength == BLOCK else f"WARN {rule.name}"
