"""Summaries in the order of time, by their numbers: a heap of them is not held to be
sorted."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import groupby

from firsthop.campaign.first_hops.summaries import Place, places_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.system.packed import Chosen

_NEVER = 2**63 - 1  # behind every instant


def in_time(
    summaries: Sequence[MessageSummary], some: Iterable[tuple[int, MessageSummary]]
) -> Sequence[MessageSummary]:
    """Some of the summaries, each given with its number, by their instants; those
    without one last, those of one by URI and offset."""
    chosen, instants = array("Q"), array("q")
    for number, one in some:
        chosen.append(number)
        instants.append(_NEVER if one.instant is None else one.instant)
    places = places_of(summaries)
    order = sorted(range(len(chosen)), key=instants.__getitem__)
    return Chosen(
        summaries,
        (
            number
            for _, same in groupby(order, instants.__getitem__)
            for number in _by_place(places, [chosen[place] for place in same])
        ),
    )


def _by_place(places: Sequence[Place], numbers: list[int]) -> list[int]:
    if len(numbers) > 1:
        numbers.sort(key=places.__getitem__)
    return numbers
