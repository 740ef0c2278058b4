"""What the comment on top of a file of rules says: which campaign, how far it may go,
what was measured of each rule, and what the engine cannot be asked.

Form:       lines of printable ASCII, without the sign that begins a comment: what a
            mail wrote can end no line, and holds no sign but letters, digits, blanks
            and a few signs that no engine minds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from firsthop.publication.bulletin.names import campaign_name
from firsthop.publication.bulletin.render import words
from firsthop.publication.exports.rules.rule import Rule, RuleSet
from firsthop.publication.exports.source import ExportSource

_LONGEST = 160  # characters of a value that a comment shows
_MINDED = re.compile(r"[^A-Za-z0-9 .,:;_@=+<>()|/-]|\*/|/\*|--|//")


def comment_lines(source: ExportSource, rules: RuleSet) -> tuple[str, ...]:
    """The lines for all rules of a campaign."""
    campaign = source.campaign
    return (
        plain(f"firsthop: {campaign.id}, {_name(source)}"),
        f"TLP:{source.tlp}",
        *(line for one in rules.rules for line in rule_lines(one)),
        *(f"No {one.strength} rule ({one.form}): {one.reason}." for one in rules.none),
        *_left_out(rules),
    )


def _name(source: ExportSource) -> str:
    named = campaign_name(source.campaign, source.investigation)
    return words(named, "en", str, str)


def rule_lines(rule: Rule) -> tuple[str, ...]:
    """What was measured of one rule."""
    measured = rule.measured
    found, tested, other = measured.found, measured.tested, measured.other
    late = (
        f"learned on the earlier part {tested[0]} of {tested[1]} of the later"
        if tested[1]
        else "too small a campaign to test a later part"
    )
    return (
        f"{rule.name}: finds {found[0]} of {found[1]} messages of the campaign",
        f"  ({late}),",
        f"  and {other[0]} of {other[1]} others; expected in at most",
        f"  {measured.expected:.2%} of other mail (95 % bound).",
    )


def clause_lines(rule: Rule) -> tuple[str, ...]:
    """What the clauses of a rule ask, one line each."""
    return tuple(
        f"{n}: " + " and ".join(plain(f"{e.family} {e.value}") for e in clause)
        for n, clause in enumerate(rule.clauses, 1)
    )


def _left_out(rules: RuleSet) -> Iterator[str]:
    if rules.left_out:
        yield "Not asked:"
    for one in rules.left_out:
        yield plain(f"  {one.family} {one.value}".rstrip()) + f": {one.reason}"


def plain(text: str) -> str:
    """`text` with `?` for what could act in a comment."""
    return _MINDED.sub("?", text[:_LONGEST])
