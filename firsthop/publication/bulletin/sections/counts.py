"""What several sections count and show alike."""

from __future__ import annotations

from firsthop.campaign.investigation import Investigation
from firsthop.judgement.finding import BaseRate
from firsthop.publication.bulletin.document import (
    Value,
    Word,
)

# of the path table; the rest is in the case's evidence files, and the bulletin says so
MAX_ROWS = 30


def count_of(investigation: Investigation, n: int) -> dict[str, Value]:
    """So many of all messages, as values of a sentence."""
    return {"n": str(n), "total": str(len(investigation.summaries))}


def strength(rate: BaseRate) -> dict[str, Value]:
    """A base rate, as values of a sentence."""
    holds, fails = rate.holds, rate.fails
    return {
        "hk": str(holds[0]),
        "hn": str(holds[1]),
        "fk": str(fails[0]),
        "fn": str(fails[1]),
        "bits": f"{abs(rate.bits):.1f}",
        "corpus": Word(f"corpus.{rate.corpus}"),
    }
