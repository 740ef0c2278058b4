"""How far the probabilities move when every share that a table predicts is drawn from
its range: the middle 90 % of DRAWS draws.

The draws are the same on every machine and every run: a hash of finding and answer
stands in for chance."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

from firsthop.judgement.hypotheses.finding import Findings
from firsthop.judgement.hypotheses.posterior import priors_of, probabilities, weights
from firsthop.judgement.hypotheses.question import Question, Share

DRAWS = 200
_TAIL = DRAWS // 20  # draws left out at each end


def intervals(question: Question, findings: Findings) -> tuple[tuple[float, float], ...]:
    """The range of each answer's probability, in their order."""
    priors = priors_of(question, findings)
    drawn = [
        probabilities(priors, weights(question, findings, _Draw(number))) for number in range(DRAWS)
    ]
    ordered = (sorted(column) for column in zip(*drawn, strict=True))
    return tuple((column[_TAIL], column[-1 - _TAIL]) for column in ordered)


class _Draw:
    """The shares of one draw."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __call__(self, finding: str, answer: str, share: Share) -> tuple[float]:
        start, step = _sequence(finding, answer)
        return (share[0] + (start + self._number * step) % 1 * (share[2] - share[0]),)


@cache
def _sequence(finding: str, answer: str) -> tuple[float, float]:
    """Start and step of the sequence of a share: multiples of a step, without the whole
    part, fill the range evenly (Weyl 1916)."""
    digest = blake2b(f"{finding} {answer}".encode(), digest_size=12).digest()
    start, step = (int.from_bytes(half, "big") / 2**48 for half in (digest[:6], digest[6:]))
    return start, step
