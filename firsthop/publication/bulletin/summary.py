"""An investigation on one screen: the first hops in the order of time, then what holds
them together. No line holds a person's address."""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.publication.bulletin.clock import utc
from firsthop.publication.bulletin.document import Paragraph
from firsthop.publication.bulletin.render import visible, words
from firsthop.publication.bulletin.sections import mailer, overview, recurrence, spool, submission
from firsthop.publication.words import say

MAX_ROWS = 12
MAX_CLUSTERS = 8
SECTIONS = (recurrence, spool, submission, mailer)
LEFT_TO_THE_BULLETIN = ("rate", "rule")  # ends of the keys of what only the bulletin says


def summary(found: Investigation, language: str, files: Sequence[str]) -> list[str]:
    """Lines of text, control characters made visible; `files` are the names in the case
    folder."""
    timed = found.timed
    lines = [
        words(block, language, visible, visible)
        for block in overview(found)
        if isinstance(block, Paragraph)
    ]
    lines += ["", say(language, "summary.hops"), *(_row(t) for t in timed[:MAX_ROWS])]
    if len(timed) > MAX_ROWS:
        lines.append(f"… {len(timed) - MAX_ROWS}")
    lines += ["", *_clusters(found, language), say(language, "summary.linked")]
    for section in SECTIONS:
        for block in section(found):
            if isinstance(block, Paragraph) and not block.key.endswith(LEFT_TO_THE_BULLETIN):
                lines.append(f"- {words(block, language, visible, visible)}")
    shown = dict.fromkeys(f"{name.partition('/')[0]}/" if "/" in name else name for name in files)
    return [*lines, "", say(language, "summary.written", {"files": ", ".join(shown)})]


def _clusters(found: Investigation, language: str) -> list[str]:
    """The largest operations and campaigns, a line each."""
    told = [c for c in (found.campaigns.told if found.campaigns else []) if c["level"] != "wave"]
    lines = []
    for one in told[:MAX_CLUSTERS]:
        values = {
            "id": one["id"],
            "n": str(one["size"]),
            "first": str(one["first_seen"] or "–"),
            "last": str(one["last_seen"] or "–"),
        }
        lines.append(say(language, f"summary.{one['level']}", values))
    if len(told) > MAX_CLUSTERS:
        lines.append(f"… {len(told) - MAX_CLUSTERS}")
    return [*lines, ""] if lines else []


def _row(t: MessageSummary) -> str:
    hop = t.first
    texts = (hop.by, hop.client_address, hop.helo, hop.protocol) if hop else (None,) * 4
    relay, client, helo, protocol = (visible(text or "–") for text in texts)
    return f"{utc(t.instant)}  {relay:<23} ← {client:<15}  {helo:<18} {protocol}"
