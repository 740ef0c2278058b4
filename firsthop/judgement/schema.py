"""Findings and verdicts, described: the tables `findings` and `verdicts`, and the
object of `examine --json`."""

from __future__ import annotations

from firsthop.evidence.path.indirect import Sign
from firsthop.evidence.schema.authentication import AUTHENTICATION
from firsthop.evidence.schema.columns import table
from firsthop.evidence.schema.hop import OCTETS
from firsthop.evidence.schema.message import BASIS, MESSAGE
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    COUNT_OF,
    REAL,
    SENTENCE,
    SPAN,
    TEXT,
    TEXTS,
    Attribute,
    Choice,
    Form,
    Listed,
    Record,
    Scalar,
    words,
)
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import BaseRate, Finding, Observation, Outcome, Verdict

NO_FIELD = "The value stands in no field of the message."

SENDER_ANSWER = words(
    "authorised not_from_provider unauthenticated indirect insufficient".split(),
    "sender_answer",
    "The answer to the question of the sender.",
)
MAILER_ANSWER = words(
    "consistent contradicted inconclusive".split(),
    "mailer_answer",
    "The answer to the question of the mailer.",
)


def _corpus(corpus: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return f"corpus.{corpus}", ()


def _sentence(finding: Finding) -> tuple[str, tuple[tuple[str, str], ...]]:
    return finding.message_key, finding.values


def _six_digits(ratio: float) -> float:
    return float(f"{ratio:.6g}")


def _three_decimals(bits: float) -> float:
    return round(bits, 3)


def _checks(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.check for finding in findings]


SIGN = Record(
    "sign",
    "A sign of an indirect way (RFC 7960 section 3).",
    (
        Attribute(
            "flow",
            words("list forwarded resent on_behalf bounce ticket calendar fetched".split()),
            "The kind of way.",
        ),
        Attribute(
            "says",
            TEXT,
            "What the sign is, mostly the field's name in lower case.",
            of="explanation",
        ),
        Attribute(
            "field",
            TEXT,
            "The name of the field as written.",
            of="field.name",
        ),
        Attribute(
            "span",
            SPAN,
            "Where the field stands in the message.",
            of="field.span",
        ),
        Attribute(
            "hosts",
            TEXTS,
            "The hosts that it names, in lower case; none: it may be any host's.",
        ),
        Attribute(
            "on_path",
            BOOLEAN,
            "Whether such a host is really on the path: only then the way counts.",
        ),
        Attribute(
            "claimed",
            BOOLEAN,
            "Whether a line, believed or not, says that such a host took the message over"
            " from another.",
        ),
    ),
    covers={"": Sign},
)

BASE_RATE = Record(
    "base_rate",
    "How often a mark was counted.",
    (
        Attribute(
            "corpus",
            SENTENCE,
            "What it was counted on, in words.",
            read=_corpus,
            column=None,
        ),
        Attribute(
            "corpus",
            TEXT,
            "What it was counted on: a key.",
            json=False,
        ),
        Attribute(
            "holds",
            COUNT_OF,
            "Seen, of all, where the hypothesis holds.",
        ),
        Attribute(
            "fails",
            COUNT_OF,
            "Seen, of all, where it does not.",
        ),
    ),
    covers={"": BaseRate},
)

STRENGTH = Record(
    "strength",
    "How much a finding weighs.",
    (
        Attribute(
            "likelihood_ratio",
            Scalar(Form.REAL, above=0),
            "How many times likelier the mark is where the hypothesis holds, to 6 digits.",
            read=_six_digits,
            column=None,
        ),
        Attribute(
            "bits",
            REAL,
            "Its binary logarithm, to 3 decimals.",
            read=_three_decimals,
            column=None,
            unit="bits",
        ),
        Attribute(
            "bits",
            REAL,
            "The binary logarithm of the likelihood ratio.",
            json=False,
            unit="bits",
        ),
        Attribute(
            "base_rate",
            BASE_RATE,
            "The counts that it comes from.",
            of="",
            column="",
            row="",
        ),
    ),
    few=True,
)

OBSERVATION = Record(
    "observation",
    "A value that a finding rests on.",
    (
        Attribute(
            "field",
            TEXT,
            "The name of the field as written.",
            NO_FIELD,
        ),
        Attribute(
            "key",
            TEXT,
            "What the value is, in a word.",
        ),
        Attribute(
            "value",
            TEXT,
            "The value; it may be empty.",
        ),
        Attribute(
            "span",
            SPAN,
            "Where the field stands in the message.",
            NO_FIELD,
            column=None,
        ),
        Attribute(
            "span_start",
            COUNT,
            "Where the field begins.",
            NO_FIELD,
            row="span?start",
            json=False,
            unit=OCTETS,
        ),
        Attribute(
            "span_stop",
            COUNT,
            "Where the field ends: the first octet behind it.",
            NO_FIELD,
            row="span?stop",
            json=False,
            unit=OCTETS,
        ),
        Attribute(
            "asserted",
            BOOLEAN,
            "Whether a publication asserts the value without showing it.",
        ),
    ),
    covers={"": Observation},
    order=("key", "value", "field", "span_start", "span_stop"),
)

FINDING = Record(
    "finding",
    "What one check found.",
    (
        Attribute(
            "check",
            TEXT,
            "The check: a name among the [checks](checks.md).",
            column="check_name",
        ),
        Attribute(
            "outcome",
            words(Outcome),
            "What it does to the check's hypothesis.",
        ),
        Attribute(
            "strength",
            STRENGTH,
            "How much it weighs.",
            "It is not counted, and carries no weight.",
            column="",
        ),
        Attribute(
            "says",
            SENTENCE,
            "The finding in a sentence.",
            of="",
            read=_sentence,
            column=None,
            uses=("values",),
        ),
        Attribute(
            "says",
            TEXT,
            "What it says: the key of its sentence.",
            of="message_key",
            json=False,
        ),
        Attribute(
            "fields",
            Listed(OBSERVATION),
            "What it rests on.",
            of="observations",
            column="observations",
        ),
    ),
    covers={"": Finding},
    order=("check", "outcome", "says"),
)

VERDICT = Record(
    "verdict",
    "The answer to one question.",
    (
        Attribute(
            "question",
            words("sender mailer".split()),
            "Whether the author's domain or provider vouches for the message, or whether "
            "the program it names wrote it.",
        ),
        Attribute(
            "answer",
            Choice("question", {"sender": SENDER_ANSWER, "mailer": MAILER_ANSWER}),
            "The answer ([the two verdicts](../explanation/verdicts.md)).",
        ),
        Attribute(
            "because",
            TEXTS,
            "The checks whose findings it rests on.",
            read=_checks,
        ),
        Attribute(
            "reason",
            words(
                "vouched departed forbidden missed nothing_vouches several_authors on_path "
                "relayed too_early no_author excerpt no_boundary no_path logged_in "
                "no_outsider relay_claimed rebuilt gateway half_looked not_believed "
                "nobody_looked".split()
            ),
            "A word for why; of the sender only.",
            column=None,
            when=("question", "sender"),
        ),
        Attribute(
            "rests_on",
            BASIS,
            "What the boundary rests on, and the answer with it; of the sender only.",
            column=None,
            when=("question", "sender"),
        ),
    ),
    covers={"": Verdict},
)

EXAMINE = Record(
    "examine",
    "One line of `firsthop examine --json`: all that `trace --json` says of a "
    "message, and how it is judged.",
    (
        Attribute(
            "authentication",
            AUTHENTICATION,
            "What vouches for the author.",
            of="facts.authentication",
        ),
        Attribute(
            "indirect",
            Listed(SIGN),
            "The signs of a list, a forwarder, a ticket system and the like.",
            of="facts.indirect_signs",
        ),
        Attribute("findings", Listed(FINDING), "What the checks found."),
        Attribute("verdicts", Listed(VERDICT), "The answers: of the sender, then of the mailer."),
    ),
    covers={"": Examination},
    extends=MESSAGE,
    extended="facts",
)

FINDINGS = table("findings", FINDING, Finding)
VERDICTS = table("verdicts", VERDICT, Verdict)
