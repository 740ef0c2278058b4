"""The outcome of weighing: the questions with their answers, the matrix, what would
change them. Publications are made from it; they say a probability in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firsthop.judgement.hypotheses.icd203 import Likelihood


class Fit(StrEnum):
    """A cell of the matrix of competing hypotheses (Heuer 1999, chapter 8)."""

    CONSISTENT = "consistent"
    NEUTRAL = "neutral"
    INCONSISTENT = "inconsistent"
    UNKNOWN = "unknown"  # the finding was not made


class Confidence(StrEnum):
    """How well the judgement is founded (ICD 203, D.6.e(2)(b))."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class WeighedAnswer:
    """One answer to a question."""

    key: str
    prior: float
    probability: float
    low: float  # in 90 % of the draws of the tables' ranges it lies between
    high: float
    likelihood: Likelihood
    bits: float  # what the findings give it, against the mean of all answers


@dataclass(frozen=True, slots=True)
class WeighedFinding:
    """One finding, and what it does to each answer."""

    key: str
    group: str
    k: int
    n: int  # 0: it is not known
    grade: str
    stated_by: str | None  # the analyst's source; None: counted by the program
    fits: tuple[Fit, ...]  # in the order of the answers
    bits: tuple[float, ...]  # against the mean of all answers, after all discounts
    no_weight: str | None  # always | keyed; None: it weighs
    # the probability of the leading answer if the finding had not been made
    leader_without: float
    # the answer that would then be likely (ICD 203); None: none would
    decided_without: str | None
    turns: bool  # whether that is not the one that is likely now


@dataclass(frozen=True, slots=True)
class Wanted:
    """Evidence that is not at hand: what it would tell, and who has it."""

    key: str  # of the finding
    ask: str  # whom; a key of publications
    gain: float  # bits of uncertainty that it is expected to take away


@dataclass(frozen=True, slots=True)
class WeighedQuestion:
    """A question, weighed."""

    key: str
    messages: int  # that were looked at
    keyed_on_domain: bool  # whether the mail was collected by the authors' domain
    answers: tuple[WeighedAnswer, ...]  # in the order of the table
    findings: tuple[WeighedFinding, ...]
    decided: str | None  # the key of the answer that the evidence carries
    confidence: Confidence
    turning: str | None  # the finding without which the outcome would be another
    wanted: tuple[Wanted, ...]  # the most telling first

    @property
    def leader(self) -> WeighedAnswer:
        """The likeliest answer; of several equal ones the first."""
        return max(self.answers, key=lambda one: one.probability)

    @property
    def weighty(self) -> tuple[WeighedFinding, ...]:
        """The findings that were made and weigh something."""
        return tuple(one for one in self.findings if one.n and not one.no_weight)
