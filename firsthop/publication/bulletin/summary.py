"""An investigation on one screen: the first hops in the order of time, then what holds
them together. No line holds a person's address."""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.campaign.explain.campaign import Campaign
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.document import Paragraph
from firsthop.publication.bulletin.names import campaign_name
from firsthop.publication.bulletin.render import visible, words
from firsthop.publication.bulletin.sections.brief import brief
from firsthop.publication.bulletin.sections.hops import recurrence, spool, submission
from firsthop.publication.bulletin.sections.mailer import mailer
from firsthop.publication.bulletin.sections.overview import overview
from firsthop.publication.clock import utc
from firsthop.publication.words import say

MAX_ROWS = 12
MAX_CLUSTERS = 8
SECTIONS = (recurrence, spool, submission, mailer)
OPENING = ("brief.text", "brief.nothing", "overview.skipped")
LEFT_TO_THE_BULLETIN = ("rate", "rule", "shared")  # ends of keys of what only the bulletin says


def summary(investigation: Investigation, language: str, files: Sequence[str]) -> list[str]:
    """Lines of text, control characters made visible; `files` are the names in the case
    folder."""
    timed = investigation.timed
    lines = [
        words(block, language, visible, visible)
        for block in (*brief(investigation), *overview(investigation))
        if isinstance(block, Paragraph) and block.key in OPENING
    ]
    lines += ["", say(language, "summary.hops"), *(_row(t) for t in timed[:MAX_ROWS])]
    if len(timed) > MAX_ROWS:
        lines.append(f"… {len(timed) - MAX_ROWS}")
    lines += ["", *_clusters(investigation, language), say(language, "summary.linked")]
    for section in SECTIONS:
        for block in section(investigation):
            if isinstance(block, Paragraph) and not block.key.endswith(LEFT_TO_THE_BULLETIN):
                lines.append(f"- {words(block, language, visible, visible)}")
    shown = dict.fromkeys(f"{name.partition('/')[0]}/" if "/" in name else name for name in files)
    return [*lines, "", say(language, "summary.written", {"files": ", ".join(shown)})]


def _clusters(investigation: Investigation, language: str) -> list[str]:
    """The largest operations and campaigns, a line each."""
    clusters = investigation.campaigns
    wanted = [c for c in (clusters.campaigns if clusters else ()) if c.level != "wave"]
    lines = [_cluster(one, investigation, language) for one in wanted[:MAX_CLUSTERS]]
    if len(wanted) > MAX_CLUSTERS:
        lines.append(f"… {len(wanted) - MAX_CLUSTERS}")
    return [*lines, ""] if lines else []


def _cluster(one: Campaign, investigation: Investigation, language: str) -> str:
    values = {
        "id": one.id,
        "name": words(campaign_name(one, investigation), language, visible, visible),
        "n": str(one.size),
        "first": utc(one.first_seen),
        "last": utc(one.last_seen),
    }
    return say(language, f"summary.{one.level}", values)


def _row(t: MessageSummary) -> str:
    hop = t.first
    texts = (hop.by, hop.client_address, hop.helo, hop.protocol) if hop else (None,) * 4
    relay, client, helo, protocol = (visible(text or "–") for text in texts)
    return f"{utc(t.instant)}  {relay:<23} ← {client:<15}  {helo:<18} {protocol}"
