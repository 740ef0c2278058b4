"""A dossier for the provider, the operators of the relays or the police: a cover letter
in each language, the bulletin of this campaign alone, and its first hops as a table.

The originals are not in it: `firsthop pack` seals them, for named readers. Nobody is
accused, relays are named as what they are, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from firsthop import __version__
from firsthop.campaign.explain.campaign import Campaigns
from firsthop.campaign.investigation import Investigation, assemble
from firsthop.publication.bulletin.bulletin import bulletin
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Day,
    Document,
    Joined,
    Paragraph,
    Quoted,
    Section,
    Value,
)
from firsthop.publication.bulletin.names import campaign_name
from firsthop.publication.bulletin.sections.brief import brief
from firsthop.publication.exports.exporter import Exported, Exporter
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.formats.hops_csv import HOPS_CSV, hops_csv
from firsthop.publication.formats.html import html
from firsthop.publication.formats.markdown import markdown
from firsthop.publication.redaction.defang import defanged
from firsthop.publication.words import LANGUAGES, say

FORMATS = (("md", markdown), ("html", html))


def write(source: ExportSource) -> Exported:
    """The dossier of a campaign."""
    alone = _alone(source)
    files = {HOPS_CSV: hops_csv(alone).encode()}
    for language in LANGUAGES:
        for name, document in (
            ("letter", _letter(source, alone, language)),
            ("bulletin", bulletin(alone)),
        ):
            for ending, form in FORMATS:
                text = form(defanged(document), language, __version__)
                files[f"{name}.{language}.{ending}"] = text.encode()
    return Exported(files)


def _alone(source: ExportSource) -> Investigation:
    """The campaign as a case of its own. Causes are weighed over a whole case, and stay
    there."""
    whole = source.investigation
    campaigns = whole.campaigns
    own = (source.campaign,)
    alone = assemble(
        source.summaries,
        (),
        whole.case_file,
        whole.audience,
        Campaigns(own, campaigns.method) if campaigns else None,
    )
    return replace(alone, redacted=whole.redacted, hypotheses=())


def _letter(source: ExportSource, alone: Investigation, language: str) -> Document:
    case_file = source.investigation.case_file
    sender = (case_file.organisation, case_file.author, case_file.contact)
    told = tuple(Quoted(one) for one in sender if one)
    facts: tuple[tuple[str, Value], ...] = (("head.author", Joined(told)),) if told else ()
    sections = (
        Section(
            "dossier.reported",
            (Paragraph("dossier.addressed"), *brief(alone)[:1], *_reported(source)),
        ),
        Section("dossier.asked", (Bullets(tuple(_asked(source, alone))),)),
        Section("dossier.evidence", (Bullets(tuple(_evidence())),)),
        Section("dossier.limits", (Bullets(tuple(_limits(source))),)),
    )
    dated = max((one.instant or 0 for one in alone.timed), default=0)
    return Document(say(language, "dossier.title"), source.tlp, facts, sections, dated)


def _reported(source: ExportSource) -> tuple[Block, ...]:
    values: dict[str, Value] = {
        "id": Quoted(source.campaign.id),
        "name": campaign_name(source.campaign, source.investigation),
    }
    return (Paragraph("dossier.campaign", values),)


def _asked(source: ExportSource, alone: Investigation) -> Iterator[Paragraph]:
    zone = alone.audience.time_zone
    if timed := alone.timed:
        period = {"first": Day(timed[0].instant, zone), "last": Day(timed[-1].instant, zone)}
        yield Paragraph("dossier.preserve", period)
    if any(one.relay for one in alone.summaries):
        yield Paragraph("dossier.relay")
    if provider := source.investigation.case_file.provider:
        yield Paragraph("dossier.provider", {"provider": Quoted(provider)})
    yield Paragraph("dossier.authority", {"tool": Quoted("sha256sum --check")})


def _evidence() -> Iterator[Paragraph]:
    yield Paragraph("dossier.digest")
    yield Paragraph("dossier.no_pack", {"command": Quoted("firsthop pack")})


def _limits(source: ExportSource) -> Iterator[Paragraph]:
    yield Paragraph("dossier.relays_victims")
    yield Paragraph("dossier.claims")
    yield Paragraph("dossier.acted")
    yield Paragraph("dossier.shown", {"tlp": source.tlp})


DOSSIER = Exporter(
    "dossier",
    "A cover letter for provider, relays and police, with the campaign's bulletin and hops.",
    "read by people",
    write,
)
