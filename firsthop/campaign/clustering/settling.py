"""Takes apart, once all messages are assigned, what one witness alone holds together:
campaigns, and the waves in them. Operations stay as loose as they are: they say that
campaigns may have to do with each other.

A cluster that rests on one report alone is no campaign: its messages are told apart
there, and lie in one operation. Messages whose cluster an earlier clustering has named
stay together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from firsthop.campaign.clustering.assign import Assigner, Link
from firsthop.campaign.clustering.carried import Edge, carried_parts
from firsthop.campaign.clustering.clusters import Clusters
from firsthop.campaign.clustering.witnesses import Witnesses

_Place = tuple[int, int]  # the cluster above, and the cluster


class _Heap(NamedTuple):
    """What does not change from level to level."""

    order: list[int]  # the messages in order of time
    ids: Sequence[str]
    links: list[Link]
    witnesses: Witnesses
    known: Collection[int]  # messages that were restored


def settle(assigner: Assigner, known: Collection[int] = ()) -> None:
    """Takes the clusters of an assignment apart where one witness holds them together;
    `known` are the messages that were restored."""
    store = assigner.scorer.store
    order = store.in_time(range(len(store)))
    links, witnesses = list(assigner.observed_links), Witnesses(store)
    heap = _Heap(order, store.ids, links, witnesses, known)
    for level, clusters in enumerate(assigner.levels[1:], 1):
        _settle(clusters, assigner.levels[level - 1], assigner.taus[level], heap)


def _settle(clusters: Clusters, above: Clusters, tau: float, heap: _Heap) -> None:
    """The same for the clusters of a level, each of which ends up in one of those
    above."""
    places = {number: (above.find(number), clusters.find(number)) for number in heap.order}
    groups: defaultdict[_Place, list[int]] = defaultdict(list)
    for number, place in places.items():
        groups[place].append(number)
    voices = {number: _voice(number, clusters, heap) for number in heap.order}
    edges = _edges(heap.links, places, voices, tau)
    by_cluster: defaultdict[int, list[list[int]]] = defaultdict(list)
    for place, members in groups.items():
        by_cluster[place[1]] += _parts(members, voices, *edges[place])
    for parts in by_cluster.values():
        if len(parts) > 1:
            clusters.take_apart(parts, heap.ids)


def _voice(number: int, clusters: Clusters, heap: _Heap) -> int:
    """Whose word a message is: its witness's; the restored messages of a cluster are
    one, under a number below zero."""
    return -1 - clusters.find(number) if number in heap.known else heap.witnesses.of(number)


def _edges(
    links: list[Link], places: Mapping[int, _Place], voices: Mapping[int, int], tau: float
) -> defaultdict[_Place, tuple[list[Edge], list[Edge]]]:
    """By group: the links of the level, and those that are enough for the level
    above."""
    edges: defaultdict[_Place, tuple[list[Edge], list[Edge]]] = defaultdict(lambda: ([], []))
    for a, b, bits in links:
        if places[a] == places[b]:
            strong, loose = edges[places[a]]
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
    parts = []
    for part in carried_parts(speaking, strong, loose, solid):
        if len(part) == 1 and part[0] not in solid:
            parts += [[number] for number in speaking[part[0]]]
        else:
            together = {number for voice in part for number in speaking[voice]}
            parts.append([number for number in members if number in together])
    return parts
