r"""The format `yara`: rules for YARA and YARA-X over mail as it was stored (.eml).

Source:     YARA's documentation, "Writing YARA rules". Fields are searched for before
            the first empty line, over folded lines; bodies as they are, in 7bit, 8bit
            or quoted-printable.
Never:      counts as found what stands encoded in base64: the counts are those of the
            bytes of the campaign's messages, where these still lie where they were
            read.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from firsthop.campaign.signature.bitsets import Key
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.rules.comment import comment_lines
from firsthop.publication.exports.rules.conditions import Condition
from firsthop.publication.exports.rules.rule import Rule, RuleSet, rules_for
from firsthop.publication.exports.rules.translate import Untranslatable, condition_of
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.exports.yara.seen import Search, seen_members
from firsthop.publication.exports.yara.strings import Strings, hideable, searches, why_not

_ENCODED = Gap(
    "text in base64, and words of a field encoded so",
    "YARA decodes nothing: such messages count as not found",
)


def export(source: ExportSource) -> Exported:
    """The rules of a campaign, in one file."""
    rules = rules_for(_as_bytes(source), why_not)
    if not rules.rules:
        return Exported({}, (_ENCODED,), rules)
    name = f"firsthop_{source.campaign.id.replace('-', '_')}.yar"
    return Exported({name: _file(source, rules).encode("ascii")}, (_ENCODED,), rules)


def _as_bytes(source: ExportSource) -> ExportSource:
    """The campaign as YARA sees its messages."""

    @cache
    def asked(key: Key) -> Condition | None:
        condition = condition_of(*key)
        if isinstance(condition, Untranslatable) or why_not(condition) is not None:
            return None
        return condition

    @cache
    def search(key: Key) -> tuple[Search, ...]:
        condition = asked(key)
        return () if condition is None else tuple(searches(condition))

    @cache
    def hides(key: Key) -> bool:
        condition = asked(key)
        return condition is not None and hideable(condition)

    return replace(source, members=seen_members(source, search, hides))


def _file(source: ExportSource, rules: RuleSet) -> str:
    head = (*comment_lines(source, rules), f"{_ENCODED.what}: {_ENCODED.reason}.")
    comment = "".join(f"// {line}\n" for line in head)
    return comment + "".join(_rule(source, one) for one in rules.rules)


def _rule(source: ExportSource, rule: Rule) -> str:
    strings = Strings()
    clauses = [
        "(" + " and\n         ".join(strings.asked(e.condition) for e in clause) + ")"
        for clause in rule.clauses
    ]
    condition = " or\n        ".join(clauses)
    if "end" in condition:
        strings.lines.insert(0, r"$end = /\r?\n\r?\n/")
    meta = "".join(f'        {name} = "{value}"\n' for name, value in _meta(source, rule))
    lines = "".join(f"        {line}\n" for line in strings.lines)
    return (
        f"\nrule {rule.name} : firsthop {rule.strength}\n{{\n    meta:\n{meta}"
        f"    strings:\n{lines}    condition:\n        {condition}\n}}\n"
    )


def _meta(source: ExportSource, rule: Rule) -> tuple[tuple[str, str], ...]:
    """What a scanner shows beside a rule; nothing of it comes from a mail."""
    found, other = rule.measured.found, rule.measured.other
    return (
        ("campaign", source.campaign.id),
        ("tlp", source.tlp),
        ("strength", rule.strength),
        ("form", rule.form),
        ("found", f"{found[0]} of {found[1]}"),
        ("false_finds", f"{other[0]} of {other[1]}"),
    )


YARA = Exporter(
    "yara",
    "Rules for YARA and YARA-X, which scan mail as it was stored.",
    "YARA-X and YARA, through their Python packages",
    export,
)
