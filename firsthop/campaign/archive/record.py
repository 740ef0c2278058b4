"""From clusters to the rows that an archive keeps of them, and back: a later run finds
which clusters its messages are in, so that ids stay and merges are remembered."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from firsthop.campaign.archive.archive import Archive
from firsthop.campaign.archive.rows import ClusteringRecord
from firsthop.campaign.archive.state import DATABASE
from firsthop.campaign.clustering.clustering import Clustering, Known
from firsthop.campaign.clustering.clusters import Alias
from firsthop.campaign.similarity.parameters import LEVELS


def to_record(clustering: Clustering, former: Iterable[Alias] = ()) -> ClusteringRecord:
    """The rows of a clustering: its clusters of two messages or more, the cluster of
    every message on every level, the merges after `former` ones."""
    return ClusteringRecord(
        [
            (c.id, c.level, c.parent, c.first_seen, c.last_seen, c.size)
            for c in clustering.clusters()
        ],
        [
            (clustering.home(number, level), one)
            for number, one in enumerate(clustering.store.ids)
            for level in LEVELS
        ],
        [*former, *clustering.aliases()],
        clustering.scorer.epoch.rows(),
        {
            "raised": str(clustering.raised),
            "background": str(clustering.background.messages),
            "thresholds": " ".join(map(str, clustering.assigner.taus)),
        },
    )


def previous_clusters(archive: Archive, former: Path) -> tuple[Known | None, list[Alias]]:
    """The clusters and merges of the former archive of a case, where mail has come to
    it or gone; the same mail is clustered afresh."""
    if not (former / DATABASE).is_file():
        return None, []
    with Archive.read(former) as before:
        known = known_of(before)
        if set(known) == set(archive.ids()):
            return None, []
        return known, [Alias._make(map(str, row)) for row in before.aliases()]


def known_of(archive: Archive) -> Known:
    """The clusters that an archive's messages are in: message id to the ids of its
    operation, campaign and wave."""
    homes: dict[str, list[str]] = {}
    for cluster, message in archive.members():
        homes.setdefault(message, []).append(cluster)
    return {
        message: (ids[0], ids[1], ids[2])
        for message, ids in ((m, by_level(clusters)) for m, clusters in homes.items())
        if len(ids) == len(LEVELS)
    }


def thresholds_of(archive: Archive) -> tuple[float, ...]:
    """The thresholds in bits, by level, that the archive's clusters were made with."""
    return tuple(float(tau) for tau in archive.facts()["thresholds"].split())


def by_level(ids: list[str]) -> list[str]:
    """Cluster ids in the order of the levels: their first two letters are the
    level's."""
    order = [level[:2] for level in LEVELS]
    return sorted(ids, key=lambda one: order.index(one[:2]))
