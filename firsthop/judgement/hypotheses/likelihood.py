"""How well a count fits what an answer predicts: the beta-binomial distribution.

An answer predicts the share of messages (or persons, or sources) that bear a mark. The
messages of one case were sent by few hands, so that a thousand of them are not a
thousand witnesses: the share is drawn anew for each case, around what the table says,
and CONCENTRATION says how close. No count, however large, gives certainty."""

from __future__ import annotations

from collections.abc import Sequence
from math import lgamma, log, log2

CONCENTRATION = 3.0  # as much as three messages that know nothing of each other
LOWEST, HIGHEST = 0.02, 0.98  # of a share that a table may predict


def bits(k: int, n: int, share: float) -> float:
    """log2 of the probability of k of n where `share` is predicted; 0 for n = 0. The
    binomial coefficient is left out: it is the same for every answer."""
    if n == 0:
        return 0.0
    if n == 1:
        return log2(share if k else 1 - share)
    alpha, beta = CONCENTRATION * share, CONCENTRATION * (1 - share)
    return (_log_beta(alpha + k, beta + n - k) - _log_beta(alpha, beta)) / log(2)


def mean_bits(k: int, n: int, shares: Sequence[float]) -> float:
    """log2 of the mean probability over several shares."""
    each = [bits(k, n, share) for share in shares]
    best = max(each)
    return best + log2(sum(2 ** (one - best) for one in each) / len(each))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
