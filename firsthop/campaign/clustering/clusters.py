"""Disjoint clusters of one level with stable ids: a cluster is called after its first
message in time; of a merge the cluster founded first keeps its id, and the other's
becomes its alias.

The name is a function of the mail, not of the order in which it came to the case. Mail
that is added later changes it only where it belongs to the cluster and is older than
all of it; the former name then still leads there, as the name of any of its messages
does (archive/names.py).

A merge needs bridges: messages linked to both clusters, at least two and at least a
fifth of the smaller one; a message that is alone needs one. What hangs together by a
single message all the same is taken apart in the end (settling.py)."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from firsthop.campaign.similarity.parameters import ClusteringParameters

_NEVER = -1


class Alias(NamedTuple):
    """Row of table `alias`: an id that lives on under another."""

    old: str
    new: str
    reason: str


class Clusters:
    """The clusters of one level, over message numbers; `ids` are those of the
    messages."""

    def __init__(self, level: str, settings: ClusteringParameters, ids: Sequence[str]) -> None:
        self.level, self._ids = level, ids
        self._merges: list[tuple[int, str, str]] = []  # former root, its id, why
        self._settings = settings
        self._parent: array[int] = array("i")
        self._size: array[int] = array("i")
        self._known: dict[int, str] = {}  # by root: an id it had before
        self._founded: array[int] = array("i")  # by root: the position of its founding
        self._foundings = 0  # roots that were ever founded
        self._bridges: dict[int, dict[int, int]] = {}  # by root, by other root

    def open(self, number: int, *, known: str | None = None) -> None:
        """Begins a cluster with message `number`; `known` is an id it had before."""
        self._grow(number)
        self._found(number)
        if known:
            self._known[number] = known

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
        return self._id_of_root(self.find(number))

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
        smaller = min(self._size[a], self._size[b])
        if smaller > 1 and count < max(
            self._settings.bridges, self._settings.bridge_share * smaller
        ):
            return False
        self.merge(a, b, f"{count} message{' is' if count == 1 else 's are'} linked to both")
        return True

    def merge(self, a: int, b: int, reason: str) -> None:
        """One cluster of two; the older id survives."""
        if self._founded[b] < self._founded[a]:
            a, b = b, a
        self._merges.append((b, self._id_of_root(b), reason))
        self._known.pop(b, None)
        self._parent[b] = a
        self._size[a] += self._size[b]
        ours, theirs = self._bridges.setdefault(a, {}), self._bridges.pop(b, {})
        ours.pop(b, None)
        for other, count in theirs.items():
            if other != a:
                ours[other] = self._bridges[other][a] = ours.get(other, 0) + count
                self._bridges[other].pop(b, None)

    @property
    def aliases(self) -> list[Alias]:
        """What became of the ids of merged clusters, in the order of the merges."""
        return [
            Alias(old, new, reason)
            for root, old, reason in self._merges
            if (new := self.id_of(root)) != old
        ]

    def take_apart(self, parts: Sequence[Sequence[int]]) -> None:
        """Makes clusters of the parts of one; each is in order of time. The part that
        holds the founder keeps its place and id."""
        root = self.find(parts[0][0])
        self._bridges.clear()  # they may have been those of either part
        for part in parts:
            first = root if root in part else part[0]
            for number in part:
                self._parent[number] = first
            self._size[first] = len(part)
            if first != root:
                self._known.pop(first, None)
                self._found(first)

    def _grow(self, number: int) -> None:
        while len(self._parent) <= number:
            self._parent.append(len(self._parent))
            self._size.append(1)
            self._founded.append(_NEVER)

    def _found(self, root: int) -> None:
        """Notes when a cluster was begun by a message: its id is made of that when it
        is asked for, for most are of one message and asked for once."""
        former = self._founded[root]
        self._founded[root] = self._foundings
        self._foundings += former == _NEVER

    def _id_of_root(self, root: int) -> str:
        return self._known.get(root) or cluster_id(self.level, self._ids[root])


def cluster_id(level: str, first_id: str) -> str:
    """The id of a cluster: its level and a hash of its first message."""
    return f"{level[:2]}-{sha256(f'{level}|{first_id}'.encode()).hexdigest()[:12]}"
