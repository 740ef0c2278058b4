"""The mail of a campaign and other mail beside it, out of a case's archive: what rules
are learned from after the clustering is over.

Memory:     at most MEMBERS messages of the campaign and ELSEWHERE of the others, spread
            evenly over all.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from firsthop.campaign.archive import ARCHIVE, Archive
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.signature.signatures import ELSEWHERE, MEMBERS


class Learned(NamedTuple):
    """What rules are learned from."""

    members: tuple[MessageFeatures, ...]  # in order of time
    other: tuple[MessageFeatures, ...]


def mail_of(case: Path, cluster: str, beside: str) -> Learned:
    """The mail of a cluster, and of the heap outside the cluster `beside`, which holds
    it. CaseError for a folder without an archive."""
    with Archive.read(case / ARCHIVE) as archive:
        members = archive.among(_spread(archive.ids_of(cluster), MEMBERS))
        same = set(archive.ids_of(beside))
        other = archive.among(_spread([one for one in archive.ids() if one not in same], ELSEWHERE))
    return Learned(tuple(sorted(members, key=_moment)), tuple(other))


def _spread(ids: Sequence[str], most: int) -> Sequence[str]:
    return ids[:: -(-len(ids) // most) or 1]


def _moment(one: MessageFeatures) -> tuple[bool, int, str, int]:
    return one.instant is None, one.instant or 0, one.uri, one.offset
