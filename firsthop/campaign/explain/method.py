"""How a clustering was done: what a publication says of its method, and what
`gathering.json` of a case holds."""

from __future__ import annotations

from typing import NamedTuple

from firsthop.campaign.clustering.chance import ChanceRate
from firsthop.campaign.clustering.clustering import Clustering
from firsthop.evidence.host.places import Gazetteer, PlaceData


class BackgroundSource(NamedTuple):
    """Other mail that rarity was measured against."""

    name: str
    explanation: str  # what it is, its licence, its dates
    messages: int


class MethodSummary(NamedTuple):
    """How a clustering was done."""

    messages: int
    background: tuple[BackgroundSource, ...]
    places: tuple[PlaceData, ...]
    chance: tuple[ChanceRate, ...]  # of the heap's own links, by level and shuffle
    raised: float  # bits by which the thresholds had to be raised


def method_summary(clustering: Clustering, gazetteer: Gazetteer) -> MethodSummary:
    """The method of a clustering."""
    return MethodSummary(
        len(clustering.store),
        tuple(
            BackgroundSource(source.name, source.explanation, source.messages)
            for source in clustering.background.sources
        ),
        gazetteer.data,
        clustering.rates,
        clustering.raised,
    )
