"""The format `sigma`: rules over events that firsthop makes of mail, one a message.

Source:     the Sigma rules specification 2.1. The log source is firsthop's own; the
            comment of each rule says what the fields hold that it asks about.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from firsthop.publication.exports.exporter import Exported, Exporter
from firsthop.publication.exports.rules.comment import comment_lines
from firsthop.publication.exports.rules.rule import BLOCK, Rule, RuleSet, rules_for
from firsthop.publication.exports.sigma.fields import FIELDS
from firsthop.publication.exports.sigma.selections import Selections, why_not
from firsthop.publication.exports.sigma.yaml import Node, document
from firsthop.publication.exports.source import ExportSource

CATEGORY, PRODUCT = "email", "firsthop"
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:firsthop:sigma")


def export(source: ExportSource) -> Exported:
    """The rules of a campaign, a file each."""
    rules = rules_for(source, why_not)
    files = {f"{one.name}.yml": _file(source, rules, one) for one in rules.rules}
    return Exported({name: text.encode("ascii") for name, text in files.items()}, (), rules)


def _file(source: ExportSource, rules: RuleSet, rule: Rule) -> str:
    selections = Selections()
    clauses = [" and ".join(selections.asked(e.condition) for e in one) for one in rule.clauses]
    condition = clauses[0] if len(clauses) == 1 else " or ".join(f"({one})" for one in clauses)
    used = selections.used()
    head = (*comment_lines(source, rules), "Fields:", *(f"  {f}: {FIELDS[f]}" for f in used))
    detection: dict[str, Node] = {**selections.nodes, "condition": condition}
    body = _head(source, rule) | {"detection": detection, "fields": used} | _tail(rule)
    return "".join(f"# {line}\n" for line in head) + document(body)


def _head(source: ExportSource, rule: Rule) -> dict[str, Node]:
    found, campaign = rule.measured.found, source.campaign.id
    return {
        "title": f"Mail of campaign {campaign}, {rule.strength}, {rule.form}",
        "name": rule.name,
        "id": str(uuid5(_NAMESPACE, rule.name)),
        "status": "experimental",
        "description": f"Finds {found[0]} of {found[1]} messages of a campaign of forged mail "
        "that firsthop gathered.",
        "author": "firsthop",
        "tags": [f"tlp.{source.tlp.lower().replace('+', '-')}"],
        "logsource": {"category": CATEGORY, "product": PRODUCT},
    }


def _tail(rule: Rule) -> dict[str, Node]:
    other = rule.measured.other
    return {
        "falsepositives": [
            f"{other[0]} of {other[1]} other messages of the case",
            f"expected in at most {rule.measured.expected:.2%} of other mail (95 % bound)",
        ],
        "level": "high" if rule.strength == BLOCK else "medium",
    }


SIGMA = Exporter(
    "sigma",
    "Sigma rules over events that firsthop makes of mail.",
    "pySigma with its back end for SQLite",
    export,
)
