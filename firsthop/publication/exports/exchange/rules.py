"""The format `exchange`: a PowerShell script of New-TransportRule commands.

Source:     Microsoft's reference of New-TransportRule. Written by it, not run.
Never:      refuses mail by itself: the last rule of a chain is written with `-Mode
            Audit`, so that it reports and does nothing until the operator says
            otherwise. The steps before it are enforced, for they only leave a mark in
            the header.
"""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.signature.bitsets import Key
from firsthop.publication.exports.exchange.steps import (
    NETWORKS,
    NO_PATH,
    quoted,
    steps_of,
    why_not,
)
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.rules.comment import comment_lines
from firsthop.publication.exports.rules.conditions import FieldMatches, parts
from firsthop.publication.exports.rules.rule import BLOCK, Element, Rule, rules_for
from firsthop.publication.exports.rules.translate import Untranslatable, condition_of
from firsthop.publication.exports.source import ExportSource

LIMIT = 20_480  # characters of all patterns of all rules of an organisation
_WIDER = Gap(
    "patterns",
    "classes and counts that the documented signs cannot say are written wider, and letters are "
    "compared without their case: a rule finds more mail than was counted",
)
_NOTES = (
    "Run in Exchange Online PowerShell or the Exchange Management Shell.",
    "The last rule of each chain is in audit mode: it reports and changes nothing. When its",
    "finds are right: Set-TransportRule NAME -Mode Enforce. A block rule then quarantines;",
    "to refuse instead, put -RejectMessageReasonText in the place of -Quarantine.",
    f"All patterns of an organisation together may have {LIMIT} characters.",
    _WIDER.reason + ".",
)


def export(source: ExportSource) -> Exported:
    """The mail flow rules of a campaign, one script."""
    rules = rules_for(source, why_not, express_key=_why_not_key)
    if not rules.rules:
        return Exported({}, (_WIDER,), rules)
    commands = [line for one in rules.rules for line in _commands(one)]
    size = sum(map(len, commands))
    gaps = (_WIDER, *([_too_large(size)] if size > LIMIT else []))
    head = "".join(f"# {line}\n" for line in (*comment_lines(source, rules), *_NOTES))
    name = f"firsthop_{source.campaign.id.replace('-', '_')}.ps1"
    return Exported({name: (head + "".join(commands)).encode("ascii")}, gaps, rules)


def _too_large(size: int) -> Gap:
    return Gap("size", f"the commands have {size} characters; Exchange takes {LIMIT} of patterns")


def _why_not_key(key: Key) -> str | None:
    """Of the lines of the path only the client's IPv4 address and network."""
    family, value = key
    if family in NETWORKS:
        return None if "." in value else NO_PATH
    condition = condition_of(family, value)
    if isinstance(condition, Untranslatable):
        return condition
    asked = (one.names for one in parts(condition) if isinstance(one, FieldMatches))
    return NO_PATH if any("received" in names for names in asked) else None


def _commands(rule: Rule) -> Iterator[str]:
    for n, clause in enumerate(rule.clauses, 1):
        yield from _chain(rule, n, clause)


def _chain(rule: Rule, number: int, clause: tuple[Element, ...]) -> Iterator[str]:
    """The rules of a clause in their order: Exchange tries them as they were made."""
    steps = [step for element in clause for step in steps_of(element)]
    mark = f"X-Firsthop-{rule.name.removeprefix('firsthop_').replace('_', '-')}-{number}"
    yield f"\n# {rule.name}, clause {number}\n"
    for n, step in enumerate(steps, 1):
        before = _marked(f"{mark}-{n - 1}") if n > 1 else ()
        last = n == len(steps)
        action = _action(rule) if last else _mark(f"{mark}-{n}")
        for variant, predicate in enumerate(step.any_of, 1):
            name = f"{rule.name}-{number}-{n}-{variant}"
            yield _command(name, (*before, *predicate.parameters, *action))


def _marked(mark: str) -> tuple[tuple[str, str], ...]:
    return (
        ("HeaderContainsMessageHeader", quoted(mark)),
        ("HeaderContainsWords", quoted("met")),
    )


def _mark(mark: str) -> tuple[tuple[str, str], ...]:
    return (("SetHeaderName", quoted(mark)), ("SetHeaderValue", quoted("met")), ("Mode", "Enforce"))


def _action(rule: Rule) -> tuple[tuple[str, str], ...]:
    if rule.strength == BLOCK:
        return (("Quarantine", "$true"), ("SetAuditSeverity", "High"), ("Mode", "Audit"))
    return (("SetAuditSeverity", "Medium"), ("Mode", "Audit"))


def _command(name: str, parameters: tuple[tuple[str, str], ...]) -> str:
    told = " ".join(f"-{key} {value}" for key, value in parameters)
    return f"New-TransportRule -Name {quoted(name)} {told}\n"


EXCHANGE = Exporter(
    "exchange",
    "Mail flow rules for Exchange Server and Exchange Online.",
    "written by the reference, not run",
    export,
)
