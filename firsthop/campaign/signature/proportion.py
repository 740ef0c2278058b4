"""k of n, and how large the true share may be: the one-sided Clopper-Pearson bound.

C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413. The incomplete beta function
is evaluated by its continued fraction (NIST DLMF 8.17.22)."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt

_TINY = 1e-300
_TERMS = 300
_SECANTS = 12
_CLOSE = 1e-8  # a part of a probability, from which one more secant leads all the way
# parts of a share, and more for each one that is counted: thirty times what rounding
# makes of them at least
_APART = 1e-12
_APART_OF_EACH = 1e-17


@lru_cache(maxsize=65_536)
def upper_bound(k: int, n: int, confidence: float = 0.95) -> float:
    """The largest share that still gives k or fewer of n with a probability of 1 -
    confidence; 1 where nothing was counted."""
    if n <= 0 or k >= n:
        return 1.0
    low, high = k / n, 1.0
    below, above = _around(k, n, 1 - confidence)
    for _ in range(60):
        middle = (low + high) / 2
        if middle <= below or (middle < above and _at_most(k, n, middle) > 1 - confidence):
            low = middle
        else:
            high = middle
    return high


def is_bound_by(share: float, k: int, n: int, confidence: float = 0.95) -> bool:
    """Whether `upper_bound` is that share at most, without working it out."""
    return k < n and _at_most(k, n, share) <= 1 - confidence


def _at_most(k: int, n: int, share: float) -> float:
    """The probability of k or fewer of n."""
    return 1 - incomplete_beta(share, k + 1, n - k)


def _around(k: int, n: int, probability: float) -> tuple[float, float]:
    """Two shares, the wanted one between them: what lies beyond them need not be worked
    out. They are close to it where secants through the logarithm of the probability,
    which is nearly straight, lead there."""
    last, last_off = k / n, log(0.5 / probability)
    share = (k + 1 + 1.7 * sqrt(k + 1)) / n
    for _ in range(_SECANTS):
        if not 0 < share < 1 or (likely := _at_most(k, n, share)) <= 0:
            break
        off = log(likely / probability)
        if off == last_off:
            break
        last, last_off, share = share, off, share - off * (share - last) / (off - last_off)
        if abs(off) < _CLOSE:
            apart = _APART + n * _APART_OF_EACH
            below, above = share * (1 - apart), share * (1 + apart)
            if _at_most(k, n, below) > probability >= _at_most(k, n, above):
                return below, above
            break
    return 0.0, 1.0


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
        twice = a + 2 * m
        even = m * (b - m) * x / ((twice - 1) * twice)
        odd = -(a + m) * (a + b + m) * x / (twice * (twice + 1))
        d = 1 / (1 + even * d or _TINY)
        c = 1 + even / c or _TINY
        value *= c * d
        d = 1 / (1 + odd * d or _TINY)
        c = 1 + odd / c or _TINY
        last = c * d
        value *= last
        if abs(last - 1) < 1e-13:
            break
    return value
