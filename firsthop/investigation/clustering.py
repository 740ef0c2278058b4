"""The clustering of a case's archive: counted and compared by an engine, kept in the
archive, and resumed where mail has come to the case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from firsthop.campaign.archive import Archive
from firsthop.campaign.archive.record import previous_clusters, to_record
from firsthop.campaign.background import Background, count_source, shipped
from firsthop.campaign.clustering.clustering import Clustering, cluster_messages
from firsthop.campaign.engine import TableCorrelator, open_engine
from firsthop.campaign.similarity.store import Store
from firsthop.errors import CaseError
from firsthop.system.progress import Progress

EMBEDDED = "duckdb"


def background_of(folders: Sequence[Path]) -> Background:
    """The shipped statistic, and the counts of archives of other mail. CaseError for a
    folder that is none."""
    background = shipped()
    for folder in folders:
        with Archive.read(folder) as archive:
            if changed := archive.changed():
                raise CaseError(f"{folder}: the segment {changed[0]} is missing or damaged")
            says = f"the operator's background {folder.name}"
            background += Background((count_source(folder.name, says, archive.messages()),))
    return background


def cluster_archive(
    archive: Archive, former: Path, background: Background, engine: str, progress: Progress
) -> Clustering:
    """The clusters of an archive's messages, which are kept in it, and the archive is
    final; those of the `former` archive of the case keep their ids."""
    known, merges = previous_clusters(archive, former)
    with open_engine(archive.folder, None if engine == EMBEDDED else engine) as opened:
        progress.begin("taking up")
        store = Store()
        archive.fill(store)
        archive.load(opened, known)
        clustering = cluster_messages(
            store, TableCorrelator(opened), background, known=known, progress=progress
        )
    progress.begin("keeping")
    archive.record(to_record(clustering, merges))
    archive.finalize()
    return clustering
