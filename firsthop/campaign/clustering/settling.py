"""Takes apart, once all messages are assigned, what one witness alone holds together:
campaigns, and the waves in them. Operations stay as loose as they are: they say that
campaigns may have to do with each other.

A cluster that rests on one report alone is no campaign: its messages are told apart
there, and lie in one operation. Messages whose cluster an earlier clustering has named
stay together."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from firsthop.campaign.clustering.assign import Assigner
from firsthop.campaign.clustering.carried import Edge, carried_parts
from firsthop.campaign.clustering.clusters import Clusters
from firsthop.campaign.clustering.witnesses import Witnesses
from firsthop.campaign.similarity.scored_pairs import ScoredPairs

_VIEWS = 2  # of observation that a link needs
_Edges = tuple[list[Edge], list[Edge]]  # those of the level, those of the level above


class _Heap(NamedTuple):
    """What does not change from level to level."""

    order: Sequence[int]  # the messages in order of time
    pairs: ScoredPairs
    least: float  # bits of a link on the level of an operation
    witnesses: Witnesses
    known: Collection[int]  # messages that were restored


def settle(assigner: Assigner, pairs: ScoredPairs, known: Collection[int] = ()) -> None:
    """Takes the clusters of an assignment apart where one witness holds them together;
    `pairs` are those it was made by, `known` the messages that were restored."""
    store = assigner.scorer.store
    order = array("i", store.in_time(range(len(store))))
    heap = _Heap(order, pairs, assigner.taus[0], Witnesses(store), known)
    for level, clusters in enumerate(assigner.levels[1:], 1):
        _settle(clusters, assigner.levels[level - 1], assigner.taus[level], heap)


def _settle(clusters: Clusters, above: Clusters, tau: float, heap: _Heap) -> None:
    """The same for the clusters of a level, one after another, each of which ends up in
    one of those above. Clusters of one message stay what they are."""
    roots = array("i", map(clusters.find, range(len(heap.order))))
    several = (number for number in heap.order if clusters.size(roots[number]) > 1)
    for _, cluster in groupby(sorted(several, key=roots.__getitem__), roots.__getitem__):
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for number in cluster:
            groups[above.find(number)].append(number)
        parts = [part for many in groups.values() for part in _parts(many, clusters, tau, heap)]
        if len(parts) > 1:
            clusters.take_apart(parts)


def _voice(number: int, clusters: Clusters, heap: _Heap) -> int:
    """Whose word a message is: its witness's; the restored messages of a cluster are
    one, under a number below zero."""
    return -1 - clusters.find(number) if number in heap.known else heap.witnesses.of(number)


def _edges(voices: Mapping[int, int], tau: float, heap: _Heap) -> _Edges:
    """The links of the level in a group, and those that are enough for the level
    above."""
    strong: list[Edge] = []
    loose: list[Edge] = []
    for number, voice in voices.items():
        for other, bits in heap.pairs.observed(number, _VIEWS, heap.least):
            if (heard := voices.get(other)) is not None:
                (strong if bits >= tau else loose).append((voice, heard, bits))
    return strong, loose


def _parts(members: list[int], clusters: Clusters, tau: float, heap: _Heap) -> list[list[int]]:
    """The messages of a group in parts that more than one witness carries."""
    if len(members) == 1:
        return [members]
    voices = {number: _voice(number, clusters, heap) for number in members}
    speaking: defaultdict[int, list[int]] = defaultdict(list)
    for number in members:
        speaking[voices[number]].append(number)
    solid = frozenset(voice for voice in speaking if voice < 0)
    parts: list[list[int]] = []
    place_of: dict[int, int] = {}  # by voice: the part it is in
    for part in carried_parts(speaking, *_edges(voices, tau, heap), solid):
        if len(part) == 1 and part[0] not in solid:
            parts += [[number] for number in speaking[part[0]]]
        else:
            place_of |= dict.fromkeys(part, len(parts))
            parts.append([])
    for number in members:
        if (place := place_of.get(voices[number])) is not None:
            parts[place].append(number)
    return parts
