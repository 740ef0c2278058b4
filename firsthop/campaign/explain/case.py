"""Explanations of a case that was written before, from its archive: why two messages
hang together, and the graph of a cluster. The bits are those that the case was
clustered with, whatever background that was.

Raises:     CaseError for a folder without an archive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from firsthop.campaign.archive import ARCHIVE, Archive
from firsthop.campaign.archive.names import cluster_called
from firsthop.campaign.archive.record import by_level, thresholds_of
from firsthop.campaign.explain.graph import Graph, graph_of
from firsthop.campaign.explain.why import Why, why
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.similarity.parameters import ClusteringParameters
from firsthop.campaign.similarity.score import Scorer
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import recorded
from firsthop.errors import CaseError


def explain_pair(case: Path, a: str, b: str) -> Why | None:
    """Why two messages of a case hang together; None where one is not there."""
    with Archive.read(case / ARCHIVE) as archive:
        first, second = archive.find(a), archive.find(b)
        if first is None or second is None:
            return None
        homes = [by_level(archive.homes(one.id)) for one in (first, second)]
        scorer = _scorer(archive, (first, second))
        return why((first, second), scorer, thresholds_of(archive), homes)


def current_name(case: Path, cluster: str) -> str:
    """The id of the cluster that a former id leads to, or the id itself."""
    with Archive.read(case / ARCHIVE) as archive:
        return cluster_called(archive, cluster) or cluster


def cluster_graph(case: Path, cluster: str) -> Graph:
    """The graph of a cluster of a case. CaseError where there is none of that id."""
    with Archive.read(case / ARCHIVE) as archive:
        messages = archive.members_of(cluster) or archive.members_of(
            cluster_called(archive, cluster) or ""
        )
        if not messages:
            raise CaseError(f"{case} has no operation, campaign or wave {cluster}")
        return graph_of(messages, _scorer(archive, messages), thresholds_of(archive))


def _scorer(archive: Archive, messages: Sequence[MessageFeatures]) -> Scorer:
    """Scores these messages with the weights that the archive keeps."""
    store = Store()
    store.extend(messages)
    return Scorer(store, recorded(store, archive.weights(store.hashes), ClusteringParameters()))
