"""What the elements of a message add up to: of each view the weightiest, and a quarter
of the second, as the links between messages are summed (similarity/score.py). Three
elements of one link are one piece of evidence, and so are three of one program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature.bitsets import Key, Sample

OF_THE_SECOND = 0.25  # of a view
Weights = Mapping[Key, float]
"""The bits of each element."""
Scores = Sequence[tuple[float, int]]
"""Bits, each with the set of the messages that have them."""


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


def scores(weights: Weights, sample: Sample, among: int) -> Scores:
    """The bits of the messages of a set that carry one of the elements; those that
    carry the same ones are weighed together."""
    alike: dict[tuple[Key, ...], int] = {(): among}
    for key in weights:
        carriers = sample.carriers(key) & among
        for keys, some in list(alike.items()) if carriers else ():
            if with_it := some & carriers:
                alike[keys] = some ^ with_it
                alike[*keys, key] = with_it
    return [(added(weights, keys), some) for keys, some in alike.items() if keys and some]
