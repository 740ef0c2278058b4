"""`report.json` of an export: for each format what was written, what it was measured to
find, and what it cannot say.

Form:       described once by records; docs and JSON are made from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from firsthop import __version__
from firsthop.campaign.schema.signature import ELEMENT, RATE
from firsthop.campaign.signature.cover import Clause, Cover
from firsthop.evidence.schema.vocabulary import (
    COUNT_OF,
    REAL,
    TEXT,
    TEXTS,
    Attribute,
    Listed,
    Record,
    words,
)
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.rules.rule import LeftOut, NoRule, Rule, RuleSet
from firsthop.publication.json.message import json_text
from firsthop.publication.json.writer import writer

REPORT = "report.json"
_STRENGTH = words(("block", "hunt"))
_FORM = words(("any", "structural"))
FAMILY = "A family of [features](campaigns.md)."

CLAUSE = Record(
    "clause",
    "Elements of which a message must have all.",
    (
        Attribute("elements", Listed(ELEMENT), "The elements."),
        Attribute(
            "counted",
            REAL,
            "Upper 95 % bound of the share of other mail that has them, as counted: of the rarest "
            "of them, or of all in the other mail of the case.",
        ),
        Attribute(
            "expected",
            REAL,
            "The bound, where the rarest element of each other view is credited half of its "
            "bits, times the reliability of its family.",
        ),
    ),
    covers={"": Clause},
)

COVER = Record(
    "cover",
    "What a rule is, and what it was measured to find.",
    (
        Attribute("clauses", Listed(CLAUSE), "Clauses of which a message must meet one."),
        Attribute("found", COUNT_OF, "Found, of all messages of the campaign."),
        Attribute(
            "tested",
            COUNT_OF,
            "Found, of all, in the campaign's later part, by a rule that was learned in the same "
            "way on its earlier part; 0 of 0: none was held back.",
        ),
        Attribute("false_finds", RATE, "Found in the half of other mail that chose no clause."),
        Attribute("other", COUNT_OF, "Found, of all, in all other mail of the case."),
    ),
    covers={"": Cover},
)

RULE = Record(
    "rule",
    "One rule.",
    (
        Attribute("name", TEXT, "Its name in the files."),
        Attribute("campaign", TEXT, "The id of the campaign."),
        Attribute("strength", _STRENGTH, "Whether mail may be refused for it, or looked at."),
        Attribute("form", _FORM, "Whether addresses, hosts and domains may be in it."),
        Attribute("measured", COVER, "What it was measured to find.", uses=("clauses",)),
    ),
    covers={"": Rule},
)

NO_RULE = Record(
    "no_rule",
    "A rule that was not made.",
    (
        Attribute("strength", _STRENGTH, "Its strength."),
        Attribute("form", _FORM, "Its form."),
        Attribute("reason", TEXT, "Why there is none."),
    ),
    covers={"": NoRule},
)

LEFT_OUT = Record(
    "left_out",
    "An element of the campaign's signature that no rule of the format can use.",
    (
        Attribute("family", TEXT, FAMILY),
        Attribute("value", TEXT, "The value."),
        Attribute("reason", TEXT, "Why."),
    ),
    covers={"": LeftOut},
)

RULES = Record(
    "rule_set",
    "The rules of a filter.",
    (
        Attribute("rules", Listed(RULE), "The rules."),
        Attribute("none", Listed(NO_RULE), "Those that were not made."),
        Attribute("left_out", Listed(LEFT_OUT), "What the filter cannot be asked."),
    ),
    covers={"": RuleSet},
)

GAP = Record(
    "gap",
    "Something that a format cannot say, or that was refused.",
    (
        Attribute("what", TEXT, "What."),
        Attribute("reason", TEXT, "Why."),
    ),
    covers={"": Gap},
)


class OfFormat(NamedTuple):
    """One format in the report."""

    format: str
    tried: str
    files: tuple[str, ...]
    gaps: tuple[Gap, ...]
    rules: RuleSet | None


class Report(NamedTuple):
    """The report."""

    campaign: str
    tlp: str
    version: str
    formats: tuple[OfFormat, ...]


OF_FORMAT = Record(
    "of_format",
    "One format.",
    (
        Attribute("format", TEXT, "Its name, and that of its folder."),
        Attribute("tried", TEXT, "The program that such files were tried with."),
        Attribute("files", TEXTS, "The files."),
        Attribute("gaps", Listed(GAP), "What it cannot say, or was refused."),
        Attribute("rules", RULES, "What was measured.", "It holds no rules."),
    ),
    covers={"": OfFormat},
)

REPORT_RECORD = Record(
    "export_report",
    "The file `report.json` of an export.",
    (
        Attribute("campaign", TEXT, "The id of the campaign."),
        Attribute("tlp", TEXT, "How far the files may go."),
        Attribute("version", TEXT, "The version of firsthop that wrote them."),
        Attribute("formats", Listed(OF_FORMAT), "The formats."),
    ),
    covers={"": Report},
)

_object = writer(REPORT_RECORD)


def report_text(
    campaign: str, tlp: str, written: Mapping[str, Exported], exporters: Mapping[str, Exporter]
) -> str:
    """The report of an export, as JSON."""
    formats = tuple(
        OfFormat(name, exporters[name].tried, tuple(sorted(one.files)), one.gaps, one.rules)
        for name, one in written.items()
    )
    return json_text(_object(Report(campaign, tlp, __version__, formats)))
