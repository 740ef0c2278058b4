"""The few indicators of a bundle: the campaign's rules that mail may be refused for,
and clients and mailboxes that may be blocked for a while. Each has a day on which it
ends.

Never:      makes an indicator of a server of others, of the provider whose name is
            used, of the receiver's own, or of what only looks like the campaign's.
"""

from __future__ import annotations

from collections.abc import Iterable

from firsthop.evidence.timestamp import LAST_INSTANT
from firsthop.publication.exports.dates import seen
from firsthop.publication.exports.exporter import Gap
from firsthop.publication.exports.observed import BLOCK, DAY, Observed
from firsthop.publication.exports.rules.rule import BLOCK as REFUSE
from firsthop.publication.exports.rules.rule import Rule, RuleSet
from firsthop.publication.exports.stix.frame import Frame, stamp
from firsthop.publication.exports.stix.objects import Indicator, StixObject
from firsthop.publication.exports.stix.pattern import equals, pattern_of
from firsthop.publication.exports.stix.seen import Seen, observable_of, related

MOST = 20  # of single values, those of most messages
RULE_DAYS = 180  # behind the last message: kits live longer than addresses
_NO_TIME = "no indicator: no message tells when it was used, and it would have no end"


def of_rules(frame: Frame, rules: RuleSet) -> Seen:
    """The rules that mail may be refused for."""
    span = seen(frame.source)
    those = [one for one in rules.rules if one.strength == REFUSE]
    if span is None:
        return Seen((), tuple(Gap(one.name, _NO_TIME) for one in those))
    objects: list[StixObject] = []
    for one in those:
        until = min(span[1] + RULE_DAYS * DAY, LAST_INSTANT)
        objects += _indicating(
            frame, _indicator(frame, one.name, _measured(one), pattern_of(one), (span[0], until))
        )
    return Seen(tuple(objects))


def of_values(frame: Frame, told: Iterable[Observed]) -> Seen:
    """The clients and mailboxes that may be blocked."""
    objects: list[StixObject] = []
    gaps: list[Gap] = []
    those = [one for one in told if one.use == BLOCK]
    for one in those[:MOST]:
        thing = observable_of(frame, one.value)
        if thing is None or one.first_seen is None or one.valid_until is None:
            gaps.append(Gap(f"{one.family} {one.value}", _NO_TIME if thing else "no STIX form"))
            continue
        made = _indicator(
            frame,
            f"{one.part.name} {one.value}",
            f"{one.part.explanation} Messages of the campaign: {one.messages}.",
            equals(f"{thing.id.partition('--')[0]}:value", one.value),
            (one.first_seen, one.valid_until),
        )
        objects += [thing, *_indicating(frame, made)]
    if len(those) > MOST:
        gaps.append(
            Gap(f"indicators of {len(those) - MOST} more clients", "few tell more: csv has all")
        )
    return Seen(tuple(objects), tuple(gaps))


def _indicating(frame: Frame, one: Indicator) -> tuple[StixObject, ...]:
    return one, related(frame, "indicates", one.id, frame.reference)


def _indicator(
    frame: Frame, name: str, description: str, pattern: str, span: tuple[int, int]
) -> Indicator:
    first, until = span
    return Indicator(
        frame.head("indicator", name, pattern),
        name=name,
        description=description,
        indicator_types=("malicious-activity",),
        pattern=pattern,
        valid_from=stamp(first),
        valid_until=stamp(max(until, first + DAY)),
    )


def _measured(rule: Rule) -> str:
    found, tested, other = rule.measured.found, rule.measured.tested, rule.measured.other
    return (
        f"A rule for whole messages. Finds {found[0]} of {found[1]} messages of the campaign; "
        f"learned on its earlier part it finds {tested[0]} of {tested[1]} of the later part; "
        f"{other[0]} of {other[1]} other messages of the case are found. Upper 95 % bound of the "
        f"share of other mail, as expected: {rule.measured.expected:.2g}."
    )
