"""The file of one campaign's rules for SpamAssassin.

Form:       names are those of report.json in upper case, with STRUCT for structural:
            --lint warns of more than 40 characters. A block rule scores 10, twice what
            SpamAssassin needs to call mail spam; a hunt rule 0.1, for it shall be seen
            and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.publication.exports.exporter import Exported, Exporter
from firsthop.publication.exports.rules.comment import clause_lines, comment_lines
from firsthop.publication.exports.rules.rule import BLOCK, Rule, RuleSet, rules_for
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.exports.spamassassin.asked import Asked, why_not

BLOCK_SCORE, HUNT_SCORE = 10.0, 0.1
_SHORTER = {"structural": "struct"}
_INSTALL = (
    "Copy this file to /etc/spamassassin, check with spamassassin --lint, reload spamd.",
    f"A block rule scores {BLOCK_SCORE}, twice what is needed for spam by default; a hunt rule",
    f"scores {HUNT_SCORE}: it marks what to look at, and decides nothing.",
    "Fields are compared as SpamAssassin decodes them; relations stand in ALL.",
)


def _write(source: ExportSource) -> Exported:
    rules = rules_for(source, why_not)
    name = f"firsthop_{source.campaign.id.replace('-', '_')}"
    text = "".join(f"{line}\n" for line in _lines(source, rules, name))
    return Exported({f"{name}.cf": text.encode("ascii")}, rules=rules)


def _lines(source: ExportSource, rules: RuleSet, name: str) -> Iterator[str]:
    for line in (*comment_lines(source, rules), *_INSTALL):
        yield f"# {line}"
    asked = Asked(f"__{name.upper()}")
    metas = [line for one in rules.rules for line in _rule(one, asked)]
    if metas:
        yield ""
        yield from asked.lines()
        yield from metas


def _rule(rule: Rule, asked: Asked) -> Iterator[str]:
    name = rule_name(rule.name)
    clauses = [
        " && ".join(asked.expression(one.condition) for one in clause) for clause in rule.clauses
    ]
    block = rule.strength == BLOCK
    yield ""
    for line in clause_lines(rule):
        yield f"# {line}"
    yield f"meta {name} {' || '.join(f'({one})' for one in clauses)}"
    yield f"describe {name} Campaign {rule.campaign}{'' if block else ', to look at only'}"
    yield f"score {name} {BLOCK_SCORE if block else HUNT_SCORE}"


def rule_name(name: str) -> str:
    """The name of a rule in SpamAssassin."""
    head, _, form = name.rpartition("_")
    return f"{head}_{_SHORTER.get(form, form)}".upper()


def name_in_report(name: str) -> str:
    """The name in report.json of a rule of SpamAssassin."""
    head, _, form = name.lower().rpartition("_")
    longer = {short: form for form, short in _SHORTER.items()}
    return f"{head}_{longer.get(form, form)}"


SPAMASSASSIN = Exporter(
    "spamassassin",
    "Rules for SpamAssassin 4: `__` rules, metas with scores and descriptions.",
    "SpamAssassin 4.0.1 (spamassassin --lint, spamd with one child)",
    _write,
)
