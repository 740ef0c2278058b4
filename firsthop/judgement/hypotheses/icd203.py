"""Words of likelihood: the seven expressions of ICD 203 (2 January 2015), D.6.e(2)(a).

How sure the judgement is (confidence) is another thing; the two never stand in one
sentence."""

from __future__ import annotations

from enum import StrEnum


class Likelihood(StrEnum):
    """An expression, by the range of its probability."""

    ALMOST_NO_CHANCE = "almost_no_chance"  # up to 5 %
    VERY_UNLIKELY = "very_unlikely"  # 5 to 20 %
    UNLIKELY = "unlikely"  # 20 to 45 %
    ROUGHLY_EVEN = "roughly_even"  # 45 to 55 %
    LIKELY = "likely"  # 55 to 80 %
    VERY_LIKELY = "very_likely"  # 80 to 95 %
    ALMOST_CERTAIN = "almost_certain"  # from 95 %


UPPER = (0.05, 0.2, 0.45, 0.55, 0.8, 0.95)  # where one expression ends and the next begins


def likelihood(probability: float) -> Likelihood:
    """The expression for a probability."""
    return tuple(Likelihood)[sum(probability >= bound for bound in UPPER)]
