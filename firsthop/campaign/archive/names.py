"""Names of clusters, followed: every name that a cluster ever had was made of one of
its messages (`cluster_id`), and leads to the cluster that this message is in today,
through any merge and whatever older mail was added since."""

from __future__ import annotations

from firsthop.campaign.archive.archive import Archive
from firsthop.campaign.archive.record import by_level
from firsthop.campaign.clustering.clusters import cluster_id
from firsthop.campaign.similarity.parameters import LEVELS


def cluster_called(archive: Archive, name: str) -> str | None:
    """The id of the cluster that a name leads to; None where no message of the archive
    founded one of that name."""
    level = next((level for level in LEVELS if name.startswith(f"{level[:2]}-")), None)
    if level is None:
        return None
    founder = next((one for one in archive.ids() if cluster_id(level, one) == name), None)
    if founder is None:
        return None
    return by_level(archive.homes(founder))[LEVELS.index(level)]
