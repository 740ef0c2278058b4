"""Weighed causes, described: the file `hypotheses.json` of a case."""

from __future__ import annotations

from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    REAL,
    TEXT,
    Attribute,
    Form,
    Listed,
    Record,
    Scalar,
    words,
)
from firsthop.judgement.hypotheses.icd203 import Likelihood
from firsthop.judgement.hypotheses.question import ORDER
from firsthop.judgement.hypotheses.weighed import (
    Confidence,
    Fit,
    Wanted,
    WeighedAnswer,
    WeighedFinding,
    WeighedQuestion,
)

_PROBABILITY = Scalar(Form.REAL, "probability", "A probability.", low=0, high=1)
_BITS = "bits"


def _rounded(value: float) -> float:
    return round(value, 3)


def _all_rounded(values: tuple[float, ...]) -> list[float]:
    return [round(value, 3) for value in values]


ANSWER = Record(
    "weighed_answer",
    "One of the rival answers to a question.",
    (
        Attribute("answer", TEXT, "The answer: a key of [its table](hypotheses.md).", of="key"),
        Attribute("prior", _PROBABILITY, "Held before the mail was looked at.", read=_rounded),
        Attribute("probability", _PROBABILITY, "Held with all findings.", read=_rounded),
        Attribute(
            "low",
            _PROBABILITY,
            "The lower end of the range in which 90 % of the draws from the tables' shares lie.",
            read=_rounded,
        ),
        Attribute("high", _PROBABILITY, "The upper end of that range.", read=_rounded),
        Attribute("likelihood", words(Likelihood), "The expression of ICD 203."),
        Attribute(
            "bits",
            REAL,
            "What the findings give it, against the mean of all answers.",
            read=_rounded,
            unit=_BITS,
        ),
    ),
    covers={"": WeighedAnswer},
)

WEIGHED_FINDING = Record(
    "weighed_finding",
    "One finding, and what it does to each answer.",
    (
        Attribute("finding", TEXT, "The finding: a key of [its table](hypotheses.md).", of="key"),
        Attribute(
            "group", TEXT, "Findings of one group are one witness and give 6 bits at the most."
        ),
        Attribute("k", COUNT, "So many."),
        Attribute("n", COUNT, "Of so many; 0: it is not known, and weighs nothing."),
        Attribute("grade", TEXT, "The source's grade in the Admiralty code."),
        Attribute(
            "stated_by",
            TEXT,
            "The source of a statement of the analyst.",
            "The program counted it.",
        ),
        Attribute(
            "fits", Listed(words(Fit)), "The cells of the matrix, in the order of the answers."
        ),
        Attribute(
            "bits",
            Listed(REAL),
            "What it gives each answer, after all discounts, against the mean of all answers.",
            read=_all_rounded,
            unit=_BITS,
        ),
        Attribute(
            "no_weight",
            words(("always", "keyed")),
            "Why it weighs nothing whatever its count: by its nature, or because the mail was "
            "collected by the authors' domain.",
            "It weighs.",
        ),
        Attribute(
            "leader_without",
            _PROBABILITY,
            "The probability of the likeliest answer if the finding had not been made.",
            read=_rounded,
        ),
        Attribute(
            "decided_without",
            TEXT,
            "The answer that would then be likely.",
            "No answer would.",
        ),
        Attribute("turns", BOOLEAN, "Whether that is another than the one that is likely now."),
    ),
    covers={"": WeighedFinding},
)

WANTED = Record(
    "wanted",
    "Evidence that is not at hand.",
    (
        Attribute("finding", TEXT, "The finding that it would be.", of="key"),
        Attribute("ask", TEXT, "Who has it, in a word."),
        Attribute(
            "gain",
            REAL,
            "The uncertainty that it is expected to take away.",
            read=_rounded,
            unit=_BITS,
        ),
    ),
    covers={"": Wanted},
)

HYPOTHESIS = Record(
    "hypothesis",
    "A question about causes, weighed.",
    (
        Attribute("question", words(ORDER), "The question.", of="key"),
        Attribute("messages", COUNT, "How many messages were looked at."),
        Attribute(
            "keyed_on_domain",
            BOOLEAN,
            "Whether the mail was collected by the domain of its authors.",
        ),
        Attribute("decided", TEXT, "The answer that the evidence carries.", "It stays open."),
        Attribute("confidence", words(Confidence), "How well founded the outcome is."),
        Attribute("answers", Listed(ANSWER), "The rival answers."),
        Attribute("findings", Listed(WEIGHED_FINDING), "The findings, made or not."),
        Attribute(
            "turning",
            TEXT,
            "The one finding without which the outcome would be another.",
            "There is none.",
        ),
        Attribute("wanted", Listed(WANTED), "What would tell most, the best first."),
    ),
    covers={"": WeighedQuestion},
)
