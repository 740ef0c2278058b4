"""The arithmetic of weighing: bits of findings, discounted by their source, capped by
group, added to the priors.

Findings of one group come from one trait of the mail or one mouth; they count as one
witness of MOST bits at the most. A group is capped by its spread between the answers,
all of it in proportion, so that its direction stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import log2

from firsthop.judgement.hypotheses.admiralty import believed
from firsthop.judgement.hypotheses.finding import Findings
from firsthop.judgement.hypotheses.likelihood import mean_bits
from firsthop.judgement.hypotheses.question import Prediction, Question, Share

MOST = 6.0  # bits between the answers that one group may give

Bits = tuple[float, ...]  # one number an answer, in their order
# the shares that are tried for a finding and an answer
Choose = Callable[[str, str, Share], Sequence[float]]


def whole_range(_finding: str, _answer: str, share: Share) -> Sequence[float]:
    """Shares from all over what a table gives: a likelihood is their mean, so that a
    wide range makes no strong evidence."""
    low, guess, high = share
    return low, (low + guess) / 2, guess, (guess + high) / 2, high


def without_weight(prediction: Prediction, findings: Findings) -> str | None:
    """Why a finding weighs nothing, in a word; None where it may weigh."""
    if not prediction.shares:
        return "always"
    return "keyed" if prediction.keyed and findings.keyed_on_domain else None


def finding_bits(
    question: Question, prediction: Prediction, findings: Findings, choose: Choose = whole_range
) -> Bits:
    """What one finding gives each answer, against their mean, after the discount for
    its source; zeros where it is not known or has no weight."""
    count = findings.of(prediction.key)
    if not count.known or without_weight(prediction, findings):
        return (0.0,) * len(question.answers)
    keeps = believed(count.grade)
    tried = (choose(prediction.key, one, prediction.shares[one]) for one in question.answers)
    return centred([keeps * mean_bits(count.k, count.n, shares) for shares in tried])


def centred(values: Sequence[float]) -> Bits:
    """The values against their mean."""
    mean = sum(values) / len(values)
    return tuple(value - mean for value in values)


def capped(values: Mapping[str, Bits], groups: Mapping[str, str]) -> dict[str, Bits]:
    """The bits by finding, each group shrunk to MOST where its spread is more."""
    by_group: defaultdict[str, list[Bits]] = defaultdict(list)
    for key, one in values.items():
        by_group[groups[key]].append(one)
    shrink = {}
    for group, members in by_group.items():
        sums = [sum(column) for column in zip(*members, strict=True)]
        shrink[group] = min(1.0, MOST / max(max(sums) - min(sums), MOST))
    return {key: tuple(shrink[groups[key]] * bit for bit in one) for key, one in values.items()}


def weights(
    question: Question, findings: Findings, choose: Choose = whole_range
) -> dict[str, Bits]:
    """What every finding gives each answer, after all discounts."""
    return capped(
        {one.key: finding_bits(question, one, findings, choose) for one in question.predictions},
        {one.key: one.group for one in question.predictions},
    )


def priors_of(question: Question, findings: Findings) -> Bits:
    """The priors in the order of the answers: the case file's, else the table's."""
    own = findings.priors.get(question.key, question.priors)
    return tuple(own[answer] for answer in question.answers)


def probabilities(priors: Bits, by_finding: Mapping[str, Bits]) -> Bits:
    """The probabilities of the answers; they add up to 1."""
    sums = [
        log2(prior) + sum(one[at] for one in by_finding.values()) for at, prior in enumerate(priors)
    ]
    largest = max(sums)
    odds = [2 ** (value - largest) for value in sums]
    return tuple(value / sum(odds) for value in odds)
