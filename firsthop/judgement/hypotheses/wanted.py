"""Which evidence that is not at hand would tell most: the uncertainty that one more
observation is expected to take away (mutual information, in bits).

What has no weight, and what only the mail itself could show, is never asked for."""

from __future__ import annotations

from math import log2

from firsthop.judgement.hypotheses.finding import Count, Findings
from firsthop.judgement.hypotheses.posterior import (
    Bits,
    priors_of,
    probabilities,
    weights,
    without_weight,
)
from firsthop.judgement.hypotheses.question import Question
from firsthop.judgement.hypotheses.weighed import Wanted

LISTED = 3
LEAST = 0.05  # bits; less is not worth a letter
AS_GOOD_AS = "B2"  # the grade that an answer to a question is expected to deserve


def wanted(question: Question, findings: Findings) -> tuple[Wanted, ...]:
    """The most telling evidence that is not known, the best first."""
    now = probabilities(priors_of(question, findings), weights(question, findings))
    asked = [
        Wanted(one.key, one.ask, _gain(question, findings, one.key, now))
        for one in question.predictions
        if one.ask and not findings.of(one.key).known and without_weight(one, findings) is None
    ]
    telling = (one for one in asked if one.gain >= LEAST)
    return tuple(sorted(telling, key=lambda one: -one.gain)[:LISTED])


def _gain(question: Question, findings: Findings, key: str, now: Bits) -> float:
    """The entropy now, less that which is expected after one observation."""
    (shares,) = (one.shares for one in question.predictions if one.key == key)
    yes = sum(p * shares[a][1] for p, a in zip(now, question.answers, strict=True))
    after = 0.0
    for k, chance in ((1, yes), (0, 1 - yes)):
        counts = {**findings.counts, key: Count(k, 1, AS_GOOD_AS)}
        then = Findings(counts, findings.messages, findings.keyed_on_domain, findings.priors)
        after += chance * _entropy(
            probabilities(priors_of(question, then), weights(question, then))
        )
    return max(0.0, _entropy(now) - after)


def _entropy(values: Bits) -> float:
    return -sum(value * log2(value) for value in values if value > 0)
