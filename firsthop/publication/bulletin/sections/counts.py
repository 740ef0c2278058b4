"""What several sections count and show alike."""

from __future__ import annotations

from firsthop.campaign.investigation import Investigation
from firsthop.judgement.finding import BaseRate
from firsthop.publication.bulletin.document import Joined, Paragraph, Quoted, Value, Word
from firsthop.publication.words import WORDS

# of the path table; the rest is in the case's evidence files, and the bulletin says so
MAX_ROWS = 30
_LEAST = 1.5  # times likelier, from which on a rate is worth a sentence


def count_of(investigation: Investigation, n: int) -> dict[str, Value]:
    """So many of all messages, as values of a sentence."""
    return {"n": str(n), "total": str(len(investigation.summaries))}


def zone_of(investigation: Investigation) -> Value:
    """The time zone of the publication's readers, by a name that they know."""
    zone = investigation.audience.time_zone
    return (
        Word(f"zone.{zone}")
        if all(f"zone.{zone}" in table for table in WORDS.values())
        else Quoted(zone)
    )


def sentences(*told: Word) -> Paragraph:
    """Several sentences as one paragraph."""
    return Paragraph("campaigns.sentences", {"sentences": Joined(tuple(told), " ")})


def strength(rate: BaseRate, holds: str, fails: str) -> dict[str, Value]:
    """A base rate, as values of a sentence; `holds` and `fails` are the keys by which
    it is told how much likelier the mark is where its hypothesis holds, or fails."""
    times = 2 ** abs(rate.bits)
    told = Word(f"strength.{holds if rate.bits > 0 else fails}", {"times": _rounded(times)})
    return {
        "hk": str(rate.holds[0]),
        "hn": str(rate.holds[1]),
        "fk": str(rate.fails[0]),
        "fn": str(rate.fails[1]),
        "times": told if times >= _LEAST else Word("strength.even"),
        "corpus": Word(f"corpus.{rate.corpus}"),
    }


def _rounded(times: float) -> str:
    """Two digits that count; below ten, one decimal."""
    if times < 9.95:
        return f"{times:.1f}"
    size = 10 ** max(0, len(str(round(times))) - 2)
    return str(round(times / size) * size)
