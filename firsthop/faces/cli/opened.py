"""The opening of a message as text: the answer first, in lines that fit 80 columns."""

from __future__ import annotations

from firsthop.faces.cli.ladder import show_source
from firsthop.faces.cli.screen import Screen
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import Outcome
from firsthop.publication.answer.opening import Opening, opening_of
from firsthop.publication.finding_text import finding_text

COLUMNS = 80
LABEL = 13
STYLES = {
    "authorised": "bold green",
    "not_from_provider": "bold red",
    "unauthenticated": "bold yellow",
    "indirect": "bold yellow",
    "insufficient": "bold",
}
MARKS = {Outcome.SUPPORTS: ("+", "green"), Outcome.CONTRADICTS: ("-", "red")}


def show_opening(screen: Screen, examination: Examination, zone: str, more: bool) -> Opening:
    """The opening; `more`: whether a hint at -v is of use."""
    opening = opening_of(examination, zone)
    verdict = next(v for v in examination.verdicts if v.question == "sender")
    narrow = screen.narrowed(COLUMNS)
    show_source(screen, examination.facts.message.source)  # a path stays whole, to be copied
    narrow.line((f"{opening.headline}.", STYLES[verdict.answer]), f" {opening.sentence}")
    label = ""
    for row in opening.rows:
        shown = "" if row.label == label else row.label
        narrow.labelled(shown, row.text, indent=2, width=LABEL)
        label = row.label
    for finding in opening.findings:
        text = finding_text("en", finding.message_key, dict(finding.values))
        narrow.line(MARKS[finding.outcome], f" {text}", indent=2)
    if more:
        count = len(examination.findings)
        narrow.labelled("more", f"-v for {count} findings and the path line by line", width=LABEL)
    return opening
