"""Takes apart, once all messages are assigned, what one witness alone holds together:
campaigns, and the waves in them. Operations stay as loose as they are: they say that
campaigns may have to do with each other.

A cluster that rests on one report alone is no campaign: its messages are told apart
there, and lie in one operation. Messages whose cluster an earlier clustering has named
stay together."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from firsthop.campaign.clustering.assign import Assigner, Link
from firsthop.campaign.clustering.carried import Edge, carried_parts
from firsthop.campaign.clustering.clusters import Clusters
from firsthop.campaign.clustering.witnesses import Witnesses

_ALONE = -1
_Edges = tuple[list[Edge], list[Edge]]  # those of the level, those of the level above


class _Heap(NamedTuple):
    """What does not change from level to level."""

    order: list[int]  # the messages in order of time
    assigner: Assigner
    witnesses: Witnesses
    known: Collection[int]  # messages that were restored


def settle(assigner: Assigner, known: Collection[int] = ()) -> None:
    """Takes the clusters of an assignment apart where one witness holds them together;
    `known` are the messages that were restored."""
    store = assigner.scorer.store
    order = store.in_time(range(len(store)))
    heap = _Heap(order, assigner, Witnesses(store), known)
    for level, clusters in enumerate(assigner.levels[1:], 1):
        _settle(clusters, assigner.levels[level - 1], assigner.taus[level], heap)


def _settle(clusters: Clusters, above: Clusters, tau: float, heap: _Heap) -> None:
    """The same for the clusters of a level, each of which ends up in one of those
    above. Clusters of one message stay what they are."""
    places = array("q", [_ALONE]) * len(heap.order)  # by message: its two clusters
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number in heap.order:
        root = clusters.find(number)
        if clusters.size(root) > 1:
            place = places[number] = above.find(number) * len(places) + root
            groups[place].append(number)
    voices = {number: _voice(number, clusters, heap) for many in groups.values() for number in many}
    edges = _edges(heap.assigner.observed_links, places, voices, tau)
    by_cluster: defaultdict[int, list[list[int]]] = defaultdict(list)
    for place, members in groups.items():
        by_cluster[place % len(places)] += _parts(members, voices, *edges[place])
    for parts in by_cluster.values():
        if len(parts) > 1:
            clusters.take_apart(parts)


def _voice(number: int, clusters: Clusters, heap: _Heap) -> int:
    """Whose word a message is: its witness's; the restored messages of a cluster are
    one, under a number below zero."""
    return -1 - clusters.find(number) if number in heap.known else heap.witnesses.of(number)


def _edges(
    links: Iterable[Link], places: Sequence[int], voices: Mapping[int, int], tau: float
) -> defaultdict[int, _Edges]:
    """By group: the links of the level, and those that are enough for the level
    above."""
    edges: defaultdict[int, _Edges] = defaultdict(lambda: ([], []))
    for a, b, bits in links:
        place = places[a]
        if place == places[b] and place != _ALONE:
            strong, loose = edges[place]
            (strong if bits >= tau else loose).append((voices[a], voices[b], bits))
    return edges


def _parts(
    members: list[int], voices: Mapping[int, int], strong: list[Edge], loose: list[Edge]
) -> list[list[int]]:
    """The messages of a group in parts that more than one witness carries."""
    if len(members) == 1:
        return [members]
    speaking: defaultdict[int, list[int]] = defaultdict(list)
    for number in members:
        speaking[voices[number]].append(number)
    solid = frozenset(voice for voice in speaking if voice < 0)
    parts: list[list[int]] = []
    place_of: dict[int, int] = {}  # by voice: the part it is in
    for part in carried_parts(speaking, strong, loose, solid):
        if len(part) == 1 and part[0] not in solid:
            parts += [[number] for number in speaking[part[0]]]
        else:
            place_of |= dict.fromkeys(part, len(parts))
            parts.append([])
    for number in members:
        if (place := place_of.get(voices[number])) is not None:
            parts[place].append(number)
    return parts
