"""Disjoint clusters of one level with stable ids: a cluster is called after its first
message in time; of a merge the cluster founded first keeps its id, and the other's
becomes its alias.

The name is a function of the mail, not of the order in which it came to the case. Mail
that is added later changes it only where it belongs to the cluster and is older than
all of it; the former name then still leads there, as the name of any of its messages
does (archive/names.py).

A merge needs bridges: messages linked to both clusters, at least two and at least a
fifth of the smaller one. One odd message never fuses two campaigns."""

from __future__ import annotations

from array import array
from hashlib import sha256
from typing import NamedTuple

from firsthop.campaign.similarity.parameters import ClusteringParameters


class Alias(NamedTuple):
    """Row of table `alias`: an id that lives on under another."""

    old: str
    new: str
    reason: str


class Clusters:
    """The clusters of one level, over message numbers."""

    def __init__(self, level: str, settings: ClusteringParameters) -> None:
        self.level = level
        self.aliases: list[Alias] = []
        self._settings = settings
        self._parent: array[int] = array("i")
        self._size: array[int] = array("i")
        self._id: dict[int, str] = {}  # by root
        self._founded: dict[int, int] = {}  # by root: the position of its founding
        self._bridges: dict[int, dict[int, int]] = {}  # by root, by other root

    def open(self, number: int, first_id: str, *, known: str | None = None) -> None:
        """Begins a cluster with message `number`; `known` is an id it had before."""
        self._grow(number)
        self._id[number] = known or cluster_id(self.level, first_id)
        self._founded[number] = len(self._founded)

    def join(self, number: int, root: int) -> None:
        """Puts a message into a cluster."""
        self._grow(number)
        self._parent[number] = root
        self._size[root] += 1

    def find(self, number: int) -> int:
        """The root of a message's cluster."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def id_of(self, number: int) -> str:
        """The id of a message's cluster."""
        return self._id[self.find(number)]

    def size(self, root: int) -> int:
        """Messages in a cluster."""
        return self._size[root]

    def bridge(self, a: int, b: int) -> bool:
        """Counts a message that is linked to both clusters; True where they merged by
        it."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        count = self._bridges.setdefault(a, {}).get(b, 0) + 1
        self._bridges[a][b] = count
        self._bridges.setdefault(b, {})[a] = count
        if count < max(
            self._settings.bridges, self._settings.bridge_share * min(self._size[a], self._size[b])
        ):
            return False
        self.merge(a, b, f"{count} messages are linked to both")
        return True

    def merge(self, a: int, b: int, reason: str) -> None:
        """One cluster of two; the older id survives."""
        if self._founded[b] < self._founded[a]:
            a, b = b, a
        self.aliases.append(Alias(self._id.pop(b), self._id[a], reason))
        self._parent[b] = a
        self._size[a] += self._size[b]
        ours, theirs = self._bridges.setdefault(a, {}), self._bridges.pop(b, {})
        ours.pop(b, None)
        for other, count in theirs.items():
            if other != a:
                ours[other] = self._bridges[other][a] = ours.get(other, 0) + count
                self._bridges[other].pop(b, None)

    def _grow(self, number: int) -> None:
        while len(self._parent) <= number:
            self._parent.append(len(self._parent))
            self._size.append(1)


def cluster_id(level: str, first_id: str) -> str:
    """The id of a cluster: its level and a hash of its first message."""
    return f"{level[:2]}-{sha256(f'{level}|{first_id}'.encode()).hexdigest()[:12]}"
