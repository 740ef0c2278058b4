"""The clustering of a case's archive: counted and compared by an engine, and kept in
the archive. It is made of the mail alone: what the case was before has no part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from firsthop.campaign.archive import Archive
from firsthop.campaign.archive.record import to_record
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
    archive: Archive,
    background: Background,
    engine: str,
    progress: Progress,
) -> Clustering:
    """The clusters of an archive's messages, which are kept in it, and the archive is
    final."""
    with open_engine(archive.folder, None if engine == EMBEDDED else engine) as opened:
        progress.begin("taking up")
        store = Store()
        archive.fill(store)
        archive.load(opened)
        clustering = cluster_messages(store, TableCorrelator(opened), background, progress=progress)
    progress.begin("keeping")
    archive.record(to_record(clustering))
    archive.finalize()
    return clustering
