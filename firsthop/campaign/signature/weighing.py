"""What the elements of a message add up to: of each view the weightiest, and a quarter
of the second, as the links between messages are summed (similarity/score.py). Three
elements of one link are one piece of evidence, and so are three of one program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature.bitsets import Key, Sample, members

OF_THE_SECOND = 0.25  # of a view
Weights = Mapping[Key, float]
"""The bits of each element."""


def added(weights: Weights, carried: Iterable[Key]) -> float:
    """The bits of a message that carries these elements; their order is that of the
    weights, so that equal sums are equal to the last bit."""
    best: dict[str, tuple[float, float]] = {}
    for key in carried:
        view, bits = _view(key[0]), weights[key]
        first, second = best.get(view, (0.0, 0.0))
        best[view] = (bits, first) if bits > first else (first, max(second, bits))
    return sum(first + OF_THE_SECOND * second for first, second in best.values())


def _view(family: str) -> str:
    """The view of a family; one that is not known here, in a signature that was given,
    is a view of its own."""
    known = FAMILIES.get(family)
    return known.view if known else family


def scores(weights: Weights, sample: Sample, among: int) -> dict[int, float]:
    """The bits of each message of a set that carries one of the elements."""
    carried: dict[int, list[Key]] = {}
    for key in weights:
        for place in members(sample.carriers(key) & among):
            carried.setdefault(place, []).append(key)
    return {place: added(weights, keys) for place, keys in carried.items()}
