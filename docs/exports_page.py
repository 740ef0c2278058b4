"""The page of the exports: the formats, and for each family of features what a filter
can be asked about it, from the tables that the program uses."""

from __future__ import annotations

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.relation import RELATIONS
from firsthop.publication.exports.exporters import EXPORTERS
from firsthop.publication.exports.rules.translate import (
    Untranslatable,
    condition_of,
    reason_of_family,
)

SAYS = """`firsthop export CASE CAMPAIGN --format NAME|--all -o DIR` writes `DIR/NAME/...` and
`DIR/report.json`: how to use it stands in [export a campaign](../how-to/export-a-campaign.md)."""

RULES_SAY = """A rule is one of several clauses, and a clause is up to three elements of which a
message must have all. As far as there are such, two clauses that share no element find each
message, for what it is found by may be changed. Rules are learned from the campaign and the other
mail of its case (`firsthop/campaign/signature/cover.py`), for each engine from what that engine
can be asked: what it cannot express is not taken out of a rule, which would make the rule find
more mail.

`block`: each clause rests on two views of the message, finds none of the other mail of the case,
and is bounded under 0.1 % of mail elsewhere: by the 95 % bound of its rarest element, and half of
the bits of the rarest element of each other view, times the reliability of its family. `hunt`: one
view is enough, and the bound is 1 %. `structural`: without addresses, hosts and domains.

The counts in `report.json` are those of the features. A filter sees text: where a condition holds
in more messages than the feature (a HELO in any Received line instead of the first), its rule can
only find more of the campaign's mail and, rarely, of others. What the rules of five campaigns find
in the engines, and that those to refuse mail meet no genuine mail, stands in
[rules, tried](exports-tried.md)."""

FAMILIES_SAY = """What a filter can be asked about each family of features; what stands in the
column *not asked* is told in every export that leaves it out."""


def exports_page(note: str) -> str:
    """The page; `note` says that it is generated."""
    parts = ["# Exports", "", note, "", SAYS, "", "## Formats", ""]
    parts += ["| format | what it is | tried with |", "|---|---|---|"]
    parts += [f"| `{one.name}` | {one.explanation} | {one.tried} |" for one in EXPORTERS.values()]
    parts += ["", "## Rules", "", RULES_SAY, "", "## What filters are asked", "", FAMILIES_SAY, ""]
    parts += ["| family | what it is | not asked, because |", "|---|---|---|"]
    parts += [
        f"| `{family.name}` | {family.explanation} | {reason_of_family(family.name) or ''} |"
        for family in FAMILIES.values()
    ]
    parts += ["", "Relations:", "", "| relation | not asked, because |", "|---|---|"]
    for value in RELATIONS.values():
        condition = condition_of("relation", value)
        reason = condition if isinstance(condition, Untranslatable) else ""
        parts.append(f"| {value} | {reason} |")
    return "\n".join([*parts, ""])
