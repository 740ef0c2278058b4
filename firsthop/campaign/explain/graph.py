"""The graph of a cluster: its messages, the hosts and links that several of them name,
and the ties between the messages in bits.

Ties are made from the bits that the case was clustered with, among the cluster's own
messages: each message's three best to earlier ones (`firsthop why` explains any of
them)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from firsthop.campaign.clustering.assign import Assigner
from firsthop.campaign.explain.timeline import infrastructure_table
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.campaign.similarity.score import Scorer
from firsthop.campaign.similarity.store import Store


class Node(NamedTuple):
    """A message, or a value that several messages carry."""

    id: str
    kind: str  # message, or the family of the value
    label: str
    first_seen: int | None  # seconds since 1970; of a message: its time
    last_seen: int | None


class Edge(NamedTuple):
    """A tie between two messages, or a message that carries a value."""

    source: str
    target: str
    # operation | campaign | wave: the strongest level on which the two are linked by
    # themselves; carries
    kind: str
    bits: float | None  # of a tie


class Graph(NamedTuple):
    """Nodes and edges, in the order of time."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(messages: Sequence[MessageFeatures], scorer: Scorer, taus: Sequence[float]) -> Graph:
    """The graph of a cluster's messages, which the scorer's store holds; `taus` are the
    thresholds of the levels."""
    store = scorer.store
    ordered = store.in_time(range(len(store)))
    hosts = infrastructure_table(store, ordered)
    named = {(host.family, host.value) for host in hosts if host.messages > 1}
    nodes = [_message(store, number) for number in ordered]
    nodes += [
        Node(f"{h.family} {h.value}", h.family, h.value, h.first_seen, h.last_seen)
        for h in hosts
        if (h.family, h.value) in named
    ]
    by_id = {one.id: one for one in messages}
    carried = [
        Edge(store.ids[number], f"{family} {value}", "carries", None)
        for number in ordered
        for family, value in sorted(
            {(f.family, f.value) for f in by_id[store.ids[number]].features} & named
        )
    ]
    return Graph(tuple(nodes), (*_ties(scorer, taus), *carried))


def _ties(scorer: Scorer, taus: Sequence[float]) -> list[Edge]:
    assigner, store = Assigner(scorer), scorer.store
    assigner.taus = tuple(taus)
    assigner.add_all(store.in_time(range(len(store))))
    ties = []
    for link in assigner.links:
        score = scorer.pair(link.a, link.b)
        level = max(
            index for index in range(len(LEVELS)) if score.linked(index, taus[index]) is not None
        )
        ties.append(Edge(store.ids[link.a], store.ids[link.b], LEVELS[level], round(link.bits, 2)))
    return ties


def _message(store: Store, number: int) -> Node:
    uri, offset, message_id = store.places[number]
    time = store.instant(number)
    return Node(store.ids[number], "message", message_id or f"{uri}@{offset}", time, time)
