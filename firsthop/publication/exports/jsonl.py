"""The format jsonl: one JSON object a message, with what the case keeps of it, under
the keys that `trace --json` and `examine --json` use.

Form:       described once by records; whole lines of ASCII, which nothing in a mail can
            break.
Never:      tells what the level does not show; a key that would is null or left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.identity.identities import FieldState
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.schema.hop import HOP
from firsthop.evidence.schema.message import BASIS
from firsthop.evidence.schema.vocabulary import COUNT, TEXT, Attribute, Listed, Record, words
from firsthop.judgement.finding import Finding, Outcome
from firsthop.mail.message import Evidence
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.observed import in_pairs
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.json.message import json_line
from firsthop.publication.json.writer import writer

# what a summary keeps of the first hop
_OF_HOP = frozenset(
    (
        "helo client_name client_address by by_address mta protocol authenticated tls queue_id "
        "queue_id_decoded stamp dialect kind repairs value_lost"
    ).split()
)


class FirstHop(NamedTuple):
    """The hop nearest the origin, where a description of hops looks for it."""

    hop: Hop


class Verdict(NamedTuple):
    """An answer."""

    question: str
    answer: str


class Feature(NamedTuple):
    """A value of a family."""

    family: str
    value: str


class ExportedMessage(NamedTuple):
    """One line."""

    campaign: str
    tlp: str
    summary: MessageSummary
    author_address: str | None
    first_hop: FirstHop | None
    verdicts: tuple[Verdict, ...]
    features: tuple[Feature, ...] | None


_SOURCE = Record(
    "exported_source",
    "Where the bytes of the message come from.",
    (
        Attribute("uri", TEXT, "Where it was read, or a number in its stead."),
        Attribute("sha256", TEXT, "The digest of its own bytes."),
        Attribute("offset", COUNT, "Where it starts in its container."),
        Attribute("evidence", words(Evidence), "What the bytes are evidence of."),
    ),
)
_MESSAGE_ID = Record(
    "exported_message_id",
    "The Message-ID.",
    (
        Attribute("value", TEXT, "The value.", "The state is not `present`.", of="message_id"),
        Attribute("state", words(FieldState), "Whether it is there.", of="message_id_state"),
    ),
)
_FINDING = Record(
    "exported_finding",
    "What one check found.",
    (
        Attribute("check", TEXT, "The check: a name among the [checks](checks.md)."),
        Attribute("outcome", words(Outcome), "What it does to the check's hypothesis."),
        Attribute("message", TEXT, "The key of its sentence.", of="message_key"),
    ),
    covers={"": Finding},
    apart={
        "strength": "`examine --json` has it",
        "values": "the case's evidence files have them",
        "observations": "the case's evidence files have them",
    },
)
_VERDICT = Record(
    "exported_verdict",
    "The answer to one question.",
    (
        Attribute("question", TEXT, "The question."),
        Attribute("answer", TEXT, "The answer."),
    ),
    covers={"": Verdict},
)
_FEATURE = Record(
    "exported_feature",
    "What the message is compared by.",
    (
        Attribute("family", TEXT, "A family of [features](campaigns.md)."),
        Attribute("value", TEXT, "The value."),
    ),
    covers={"": Feature},
)
_FIRST_HOP = Record(
    "exported_hop", HOP.sentence, tuple(one for one in HOP.attributes if one.name in _OF_HOP)
)
EXPORTED_MESSAGE = Record(
    "exported_message",
    "A line of `jsonl/messages.jsonl` of an export.",
    (
        Attribute("campaign", TEXT, "The id of the campaign."),
        Attribute("tlp", TEXT, "How far the line may go."),
        Attribute("source", _SOURCE, "Where the bytes come from.", of="summary"),
        Attribute("message_id", _MESSAGE_ID, "The Message-ID.", of="summary"),
        Attribute(
            "author_address",
            TEXT,
            "The author's address.",
            "There is none, or the level does not show it.",
        ),
        Attribute(
            "author_domain",
            TEXT,
            "The domain of the author's address.",
            "No author names one.",
            of="summary.author_domain",
        ),
        Attribute("first_hop", _FIRST_HOP, "The hop nearest the origin.", "No line tells one."),
        Attribute("hops", COUNT, "How many hops the path has.", of="summary.hops"),
        Attribute("basis", BASIS, "What the trust boundary rests on.", of="summary.basis"),
        Attribute("findings", Listed(_FINDING), "What the checks found.", of="summary.findings"),
        Attribute("verdicts", Listed(_VERDICT), "The answers."),
        Attribute(
            "features",
            Listed(_FEATURE),
            "What the message is compared by, as far as the level shows it.",
            "It is none of the messages that rules are learned from.",
        ),
    ),
    covers={"": ExportedMessage},
)
_object = writer(EXPORTED_MESSAGE)


def write(source: ExportSource) -> Exported:
    """The lines, in order of time."""
    lines = "".join(f"{json_line(_object(one))}\n" for one in _messages(source))
    gaps = [
        Gap(f"values of {family}", "the level does not show them") for family, _ in source.hidden
    ]
    missing = len(source.summaries) - len(source.members)
    if missing > 0:
        gaps.append(Gap(f"features of {missing} messages", "too many to keep for all"))
    return Exported({"messages.jsonl": lines.encode("ascii")}, tuple(gaps))


def _messages(source: ExportSource) -> Iterator[ExportedMessage]:
    values = {one.sha256: values for one, values in in_pairs(source) if one is not None}
    for one in source.summaries:
        kept = values.get(one.sha256)
        features = None if kept is None else tuple(Feature(*key) for key in sorted(kept))
        addresses = [each.value for each in features or () if each.family == "author_address"]
        yield ExportedMessage(
            source.campaign.id,
            source.tlp,
            one,
            addresses[0] if addresses else None,
            FirstHop(one.first) if one.first else None,
            tuple(Verdict(*answer) for answer in one.answers),
            features,
        )


JSONL = Exporter(
    "jsonl",
    "One JSON object a message, with what the case keeps of it.",
    "a strict reader of JSON lines, against the schema made from the same records",
    write,
)
