"""An archive: what clustering knows of mail, kept so that more mail can come later. A
case has one; a background is one.

    with Archive.open(folder) as archive:
        for one in features:
            archive.add(one)  # False where a message of the same bytes is there
        archive.flush()
        ...cluster...
        archive.record(to_record(clustering))

Evidence (messages and their features) lies in immutable Parquet segments named by their
content; a list in SQLite says which of them count. What changes (campaigns, members,
aliases, frozen weights, which segments were clustered) lies in SQLite and changes in
one transaction.
Promises:   killed at any point, it opens again, and the same run again brings it to the
            same content: nothing lost, nothing twice. The same mail in the same order
            gives the same segments, to the byte. One writer; readers do not wait for
            it.
Raises:     CaseError for a folder that is no archive, one that is damaged, and one that
            another run is writing.
"""

from __future__ import annotations

from firsthop.campaign.archive.archive import Archive
from firsthop.campaign.archive.rows import ClusteringRecord, Segment

__all__ = ["ARCHIVE", "Archive", "ClusteringRecord", "Segment"]

ARCHIVE = "archive"  # the folder of a case that holds it
