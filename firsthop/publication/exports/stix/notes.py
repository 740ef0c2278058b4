"""What a reader of the bundle has to know of its evidence: that it is a published text
and what of it was repaired, and what nothing here proves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firsthop.mail.message import Evidence
from firsthop.publication.exports.stix.frame import Frame
from firsthop.publication.exports.stix.objects import Note
from firsthop.publication.words import WORDS, say

LIMITS = (
    "Received lines below the receiver's own are claims of their writers. Addresses change hands: "
    "each indicator ends on a day. HELO names, envelope senders, link hosts and authors' domains "
    "can be anybody's and are no indicators here. A mail's form is told as far as the case keeps "
    "it: is_multipart is true where a boundary was seen, and false says no more than that none was."
)


def notes(frame: Frame) -> Iterator[Note]:
    """The notes on the campaign."""
    yield _note(frame, "limits", "Limits", LIMITS)
    if published := sum(one.evidence is Evidence.PUBLICATION for one in frame.source.summaries):
        yield _note(
            frame,
            "publication",
            "Evidence",
            f"{published} of {len(frame.source.summaries)} messages are known from a published "
            "text alone, which proves what was published and not what was sent.",
        )
    if repaired := _repaired(frame):
        yield _note(frame, "damage", "Damage", " ".join([say("en", "damage.how"), *repaired]))


def _note(frame: Frame, name: str, abstract: str, content: str) -> Note:
    return Note(
        frame.head("note", name),
        abstract=abstract,
        content=content,
        object_refs=(frame.reference,),
    )


def _repaired(frame: Frame) -> list[str]:
    """A sentence for each kind of damage, the commonest first."""
    summaries = frame.source.summaries
    counts = Counter(name for one in summaries if one.first for name in set(one.first.repairs))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        say(
            "en",
            "damage.repaired",
            {"n": str(n), "total": str(len(summaries)), "what": say("en", f"repair.{name}")},
        )
        if f"repair.{name}" in WORDS["en"]
        else f"{n}: {name}."
        for name, n in ordered
    ]
