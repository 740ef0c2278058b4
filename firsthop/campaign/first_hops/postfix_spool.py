"""One mail spool behind several messages: short Postfix queue ids of one relay, hours
apart, whose inodes lie close together.

A file system hands out inodes near each other for a while; two servers have no reason
to. Source: Postfix src/global/mail_queue.h; counted on the corpora (base_rates.toml,
one_spool)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from firsthop.evidence.received.hop import Hop

NEAR = 1_000  # inodes
WITHIN = 6 * 3_600  # seconds


class SpoolId(NamedTuple):
    """One queue id with what it says of its spool."""

    by: str
    instant: int  # of the line's stamp, seconds since 1970
    queue_id: str
    inode: int


class SpoolPair(NamedTuple):
    """Two ids of one relay that lie close, the earlier one first."""

    first: SpoolId
    second: SpoolId

    @property
    def distance(self) -> int:
        """Inodes between them."""
        return abs(self.second.inode - self.first.inode)

    @property
    def seconds(self) -> int:
        """Time between them."""
        return self.second.instant - self.first.instant


def spool_id(hop: Hop) -> SpoolId | None:
    """The spool id of a hop, or None where its queue id tells no inode without
    a time."""
    decoded = hop.queue_id_decoded
    if (
        decoded is None
        or decoded.scheme != "postfix_short"
        or not decoded.possible
        or decoded.inode is None
    ):
        return None
    if not hop.by or not hop.queue_id or hop.stamp is None or hop.stamp.instant is None:
        return None
    return SpoolId(hop.by.lower(), hop.stamp.instant, hop.queue_id, decoded.inode)


def near_pairs(spools: Iterable[SpoolId]) -> Iterator[SpoolPair]:
    """Neighbours in time, on one relay, that lie close in time and inode."""
    for first, second in pairwise(sorted(set(spools))):
        if (
            first.by == second.by
            and second.instant - first.instant <= WITHIN
            and abs(first.inode - second.inode) <= NEAR
        ):
            yield SpoolPair(first, second)
