"""From clusters to the rows that an archive keeps of them, and back."""

from __future__ import annotations

from firsthop.campaign.archive.archive import Archive
from firsthop.campaign.archive.rows import ClusteringRecord
from firsthop.campaign.clustering.clustering import Clustering
from firsthop.campaign.similarity.parameters import LEVELS


def to_record(clustering: Clustering) -> ClusteringRecord:
    """The rows of a clustering: its clusters of two messages or more, the cluster of
    every message on every level, the merges."""
    return ClusteringRecord(
        [
            (c.id, c.level, c.parent, c.first_seen, c.last_seen, c.size)
            for c in clustering.clusters()
        ],
        (
            (clustering.home(number, level), one)
            for number, one in enumerate(clustering.store.ids)
            for level in LEVELS
        ),
        clustering.aliases(),
        clustering.scorer.epoch.rows(),
        {
            "raised": str(clustering.raised),
            "background": str(clustering.background.messages),
            "thresholds": " ".join(map(str, clustering.assigner.taus)),
        },
    )


def thresholds_of(archive: Archive) -> tuple[float, ...]:
    """The thresholds in bits, by level, that the archive's clusters were made with."""
    return tuple(float(tau) for tau in archive.facts()["thresholds"].split())


def by_level(ids: list[str]) -> list[str]:
    """Cluster ids in the order of the levels: their first two letters are the
    level's."""
    order = [level[:2] for level in LEVELS]
    return sorted(ids, key=lambda one: order.index(one[:2]))
