"""Weighs rival answers: a question and the findings of a case in, a WeighedQuestion
out. Nothing is looked up and nothing supposed; what is not known weighs nothing.

What a plain matrix of competing hypotheses does not do for the judgement (Karvetski and
Mandel 2020) the log-odds beneath it do: dependent evidence counts once, a weak source
counts less, and the one finding on which the outcome hangs is named."""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.judgement.hypotheses.admiralty import believed
from firsthop.judgement.hypotheses.finding import Findings
from firsthop.judgement.hypotheses.icd203 import likelihood
from firsthop.judgement.hypotheses.intervals import intervals
from firsthop.judgement.hypotheses.posterior import (
    Bits,
    priors_of,
    probabilities,
    weights,
    without_weight,
)
from firsthop.judgement.hypotheses.question import Prediction, Question, questions
from firsthop.judgement.hypotheses.wanted import wanted
from firsthop.judgement.hypotheses.weighed import (
    Confidence,
    Fit,
    WeighedAnswer,
    WeighedFinding,
    WeighedQuestion,
)

CARRIES = 0.55  # probability from which an answer is one: "likely" in ICD 203
AT_WORST = 0.5  # ... and what the lower end of its interval may not fall under
TELLS = 0.5  # bits against the mean from which a cell of the matrix is not neutral
FEW_GROUPS, ENOUGH_GROUPS = 2, 4  # that weigh, for moderate and for high confidence
WEIGHS = 1.0  # bits between the answers from which a group counts for that
NARROW = 0.3  # width of the leading answer's interval, for high confidence
FOUNDED = 0.8  # share of its bits that some of the evidence keeps, for high confidence


def weigh_all(findings: Findings) -> tuple[WeighedQuestion, ...]:
    """All questions, weighed by the findings of one case."""
    return tuple(weigh_question(question, findings) for question in questions())


def weigh_question(question: Question, findings: Findings) -> WeighedQuestion:
    """One question, weighed."""
    by_finding = weights(question, findings)
    priors = priors_of(question, findings)
    now = probabilities(priors, by_finding)
    answers = _answers(question, findings, priors, by_finding, now)
    decided = _decided(answers)
    weighed = tuple(
        _finding(question, one, findings, by_finding[one.key], now) for one in question.predictions
    )
    turning = [one for one in weighed if one.turns]
    return WeighedQuestion(
        question.key,
        findings.messages,
        findings.keyed_on_domain,
        answers,
        weighed,
        decided,
        _confidence(answers, weighed),
        min(turning, key=lambda one: one.leader_without).key if turning else None,
        wanted(question, findings),
    )


def outcome(probability: Sequence[float], answers: Sequence[str]) -> str | None:
    """The answer that the probabilities alone carry; None: it stays open."""
    best = max(probability)
    return answers[list(probability).index(best)] if best >= CARRIES else None


def _answers(
    question: Question,
    findings: Findings,
    priors: Bits,
    by_finding: dict[str, Bits],
    now: Bits,
) -> tuple[WeighedAnswer, ...]:
    ranges = intervals(question, findings)
    return tuple(
        WeighedAnswer(
            key,
            priors[at],
            now[at],
            min(ranges[at][0], now[at]),
            max(ranges[at][1], now[at]),
            likelihood(now[at]),
            sum(one[at] for one in by_finding.values()),
        )
        for at, key in enumerate(question.answers)
    )


def _decided(answers: tuple[WeighedAnswer, ...]) -> str | None:
    leader = max(answers, key=lambda one: one.probability)
    return leader.key if leader.probability >= CARRIES and leader.low >= AT_WORST else None


def _finding(
    question: Question, prediction: Prediction, findings: Findings, given: Bits, now: Bits
) -> WeighedFinding:
    count, reason = findings.of(prediction.key), without_weight(prediction, findings)
    left = findings.without(prediction.key)
    then = probabilities(priors_of(question, left), weights(question, left))
    return WeighedFinding(
        prediction.key,
        prediction.group,
        count.k,
        count.n,
        count.grade,
        count.stated_by,
        tuple(_fit(bit) if count.known else Fit.UNKNOWN for bit in given),
        given,
        reason,
        then[list(now).index(max(now))],
        outcome(then, question.answers),
        outcome(then, question.answers) != outcome(now, question.answers),
    )


def _fit(bit: float) -> Fit:
    if abs(bit) < TELLS:
        return Fit.NEUTRAL
    return Fit.CONSISTENT if bit > 0 else Fit.INCONSISTENT


def _confidence(
    answers: tuple[WeighedAnswer, ...], findings: tuple[WeighedFinding, ...]
) -> Confidence:
    """How well founded: by the number of independent groups that weigh, by what hangs
    on a single finding, and by the sources."""
    groups: dict[str, list[Bits]] = {}
    for one in findings:
        groups.setdefault(one.group, []).append(one.bits)
    weighty = sum(_spread(many) >= WEIGHS for many in groups.values())
    if weighty < FEW_GROUPS or any(one.turns for one in findings):
        return Confidence.LOW
    leader = max(answers, key=lambda one: one.probability)
    sound = max((believed(one.grade) for one in findings if one.n), default=0) >= FOUNDED
    narrow = leader.high - leader.low <= NARROW
    high = weighty >= ENOUGH_GROUPS and narrow and sound
    return Confidence.HIGH if high else Confidence.MODERATE


def _spread(many: list[Bits]) -> float:
    sums: list[float] = [sum(column) for column in zip(*many, strict=True)]
    return max(sums) - min(sums)
