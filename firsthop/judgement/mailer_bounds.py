"""What a count of a resemblance can show at most: no more than its 95 % bounds.

A form seen 0 times in n messages of others may still be in 3 of n (the rule of three:
0.95 is missed where the true rate is above 3/n); other counts are bounded by Wilson's
interval, one-sided. It changes no count: the counts are told as they are, only the
strength is bounded."""

from __future__ import annotations

from math import sqrt

from firsthop.judgement.finding import BaseRate

Z = 1.645  # one-sided 95 %
NONE_SEEN = 3.0  # -ln 0.05


class BoundedRate(BaseRate):
    """A count whose strength is the least that it shows, at 95 % on either side."""

    __slots__ = ()

    @property
    def likelihood_ratio(self) -> float:
        """The lower bound of the one rate over the upper bound of the other."""
        return at_least(self.holds) / at_most(self.fails)


def bounded(rate: BaseRate) -> BoundedRate:
    """The same counts with the strength that they show at least."""
    return BoundedRate(rate.corpus, rate.holds, rate.fails)


def at_most(count: tuple[int, int]) -> float:
    """The upper bound of a rate; 1 where nothing was counted."""
    k, n = count
    return min(1.0, max(NONE_SEEN / n, _wilson(k, n, Z))) if n else 1.0


def at_least(count: tuple[int, int]) -> float:
    """The lower bound of a rate, never 0: half a message in all."""
    k, n = count
    return max(0.5 / (n + 1), _wilson(k, n, -Z)) if n else 0.5


def _wilson(k: int, n: int, z: float) -> float:
    rate, square = k / n, z * z
    middle = rate + square / (2 * n)
    spread = z * sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    return (middle + spread) / (1 + square / n)
