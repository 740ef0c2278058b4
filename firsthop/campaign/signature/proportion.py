"""k of n, and how large the true share may be: the one-sided Clopper-Pearson bound.

C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413. The incomplete beta function
is evaluated by its continued fraction (NIST DLMF 8.17.22)."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p

_TINY = 1e-300
_TERMS = 300


@lru_cache(maxsize=65_536)
def upper_bound(k: int, n: int, confidence: float = 0.95) -> float:
    """The largest share that still gives k or fewer of n with a probability of 1 -
    confidence; 1 where nothing was counted."""
    if n <= 0 or k >= n:
        return 1.0
    low, high = k / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if 1 - incomplete_beta(middle, k + 1, n - k) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def is_bound_by(share: float, k: int, n: int, confidence: float = 0.95) -> bool:
    """Whether `upper_bound` is that share at most, without working it out."""
    return k < n and 1 - incomplete_beta(share, k + 1, n - k) <= 1 - confidence


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction, by the modified method of Lentz."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    value = d
    for m in range(1, _TERMS):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + step * d or _TINY)
            c = 1 + step / c or _TINY
            value *= c * d
        if abs(c * d - 1) < 1e-13:
            break
    return value
