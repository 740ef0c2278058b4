"""The archive itself: segments and state put together."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from firsthop.campaign.archive.arrangement import Arrangement
from firsthop.campaign.archive.filling import fill_store
from firsthop.campaign.archive.records import ArchiveRecords, records_of
from firsthop.campaign.archive.rows import (
    ClusteringRecord,
    Row,
    Segment,
    messages_of,
)
from firsthop.campaign.archive.segments import FOLDER as SEGMENTS
from firsthop.campaign.archive.segments import Segments
from firsthop.campaign.archive.state import DATABASE, State
from firsthop.campaign.archive.waiting import Place, Waiting
from firsthop.campaign.engine.duckdb import WORK
from firsthop.campaign.engine.protocol import Engine
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.similarity.store import Store
from firsthop.errors import CaseError
from firsthop.system.lock import lock_folder, unlock
from firsthop.system.private import FOLDER_MODE, begin_private, end_private, tighten

_NAMED = "uri = ? OR uri || '@' || src_offset = ? OR trim(message_id, '<>') = ?"
_AMONG = "{} IN (SELECT unnest(?::VARCHAR[]))"
# so many messages are lost at most when a run is killed, and are read again by the next
SEGMENT_MESSAGES = 8_192


class Archive:
    """An archive that is open. Make one with `open` or `read`, use it in a `with`."""

    def __init__(
        self, folder: Path, lock: int | None, *, write: bool, repeats: bool = False
    ) -> None:
        self.folder, self._repeats = folder, repeats
        self._lock, self._private = lock, False
        self._segments = Segments(folder, small=not repeats)
        self._state = State(folder, write=write)
        self._waiting = Waiting()
        self._arrival = self._state.clusterings() + 1

    @classmethod
    def open(cls, folder: Path, *, repeats: bool = False) -> Self:
        """Open an archive to add to it, or make one. It is for its owner alone. With
        `repeats` a message of several places is kept again in each segment, for
        `arrange` to choose."""
        begin_private()
        lock = None
        try:
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            lock = lock_folder(folder, "archive")
            _refuse_foreign(folder)
            _tighten(folder)
            archive = cls(folder, lock, write=True, repeats=repeats)
            archive._private = True
        except BaseException:
            unlock(lock)
            end_private()
            raise
        archive._tidy()
        return archive

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Open an archive to read it, while another may be adding to it. CaseError
        where there is none."""
        if not (folder / DATABASE).is_file():
            raise CaseError(f"{folder} holds no archive")
        return cls(folder, None, write=False)

    def add(self, one: MessageFeatures) -> bool:
        """Take a message; False where one of the same bytes is there already. It is
        safe once its segment is full, or `flush` returned."""
        if not self._is_new(one.id, (one.uri, one.offset)):
            return False
        return self.add_records(records_of([one])) > 0

    def add_records(self, records: ArchiveRecords) -> int:
        """Take messages as their records, each like `add`; how many were taken."""
        taken = self._waiting.add(records, self._is_new)
        if len(self._waiting) >= SEGMENT_MESSAGES:
            self.flush()
        return taken

    def _is_new(self, message: str, place: Place) -> bool:
        former = self._waiting.place(message)
        if self._repeats:
            return former is None or place < former
        return former is None and not self._state.knows(message)

    def flush(self) -> None:
        """Write what waits as a segment of messages and one of features, and list both
        at once."""
        if not self._waiting:
            return
        records, arrival = self._waiting.records(), self._arrival
        messages = self._segments.write_records(
            "message", arrival, (one.of_messages(arrival) for one in records)
        )
        features = self._segments.write_records(
            "feature", arrival, (one.of_features() for one in records)
        )
        self._state.add((messages, features), self._waiting)
        self._waiting.clear()

    def arrange(self, sources: Sequence[Archive]) -> None:
        """Fill an empty archive with the messages of others in the order of their
        places; one of several places has the first. What the messages are decides, not
        which archive holds them."""
        kinds = ("message", "feature")
        pairs = [
            tuple(source._segments.path(one) for one in pair)
            for source in sources
            for pair in zip(*map(source.segments, kinds), strict=True)
        ]
        arrange = Arrangement(self._segments, [(one, other) for one, other in pairs])
        for ids, segments in arrange.segments(self._arrival, SEGMENT_MESSAGES):
            self._state.add(segments, ids)

    def add_occurrences(self, occurrences: Iterable[tuple[str, int, str]]) -> None:
        """Note where else messages were read: URI, offset, id."""
        self._state.add_occurrences(occurrences)

    def rewind(self, messages: int) -> None:
        """Forget every clustering, and the messages that came after the first
        `messages`: a segment is kept whole or not at all."""
        self.flush()
        held, lost = 0, list[Segment]()
        for message, features in zip(
            self.segments("message"), self.segments("feature"), strict=True
        ):
            held += message.rows
            lost += (message, features) if held > messages else ()
        ids = (
            row[0] for row in self._segments.read([one for one in lost if one.kind == "message"])
        )
        self._state.forget([*lost, *self.segments("weight")], ids)
        self._segments.remove_others(self.segments())
        self._arrival = 1

    def record(self, result: ClusteringRecord) -> None:
        """Keep what a clustering of all messages made. Mail that is added from now on
        comes later. The former weights go when it is opened next."""
        self.flush()
        weights = self._segments.write("weight", self._arrival, result.weights, by="hash")
        self._state.record(result, weights._replace(clustered=True))
        self._arrival += 1

    @property
    def held(self) -> int:
        """How many messages are safe in segments."""
        return sum(segment.rows for segment in self.segments("message"))

    def segments(self, kind: str | None = None, *, clustered: bool | None = None) -> list[Segment]:
        """The segments: of a kind, clustered or not yet."""
        return [
            one
            for one in self._state.segments()
            if kind in (None, one.kind) and clustered in (None, one.clustered)
        ]

    def messages(self, *, clustered: bool | None = None) -> Iterator[MessageFeatures]:
        """The messages with their features, in the order they were added."""
        chosen = (self.segments(kind, clustered=clustered) for kind in ("message", "feature"))
        for messages, features in zip(*chosen, strict=True):
            yield from messages_of(self._segments.read([messages]), self._segments.read([features]))

    def fill(self, store: Store) -> None:
        """Put all messages into an empty store, in the order they were added."""
        pairs = list(zip(self.segments("message"), self.segments("feature"), strict=True))
        fill_store(self._segments, pairs, store)
        self._segments.close()  # what DuckDB counted goes

    def ids(self) -> Iterator[str]:
        """The ids of the messages, in the order they were added."""
        read = self._segments.read(self.segments("message"), columns=("id",))
        return (str(one) for (one,) in read)

    def times(self) -> Iterator[Row]:
        """id, time and authenticated domain of the messages, in the order they were
        added."""
        columns = ("id", "ts", "authenticated_domain")
        return self._segments.read(self.segments("message"), columns=columns)

    def campaigns(self) -> list[Row]:
        """id, level, parent, first_seen, last_seen, size: as they were recorded."""
        return list(self._state.rows("campaign"))

    def members(self) -> Iterator[Row]:
        """campaign, msg."""
        return self._state.rows("member")

    def aliases(self) -> list[Row]:
        """old, new, reason: in the order of the merges."""
        return list(self._state.rows("alias"))

    def find(self, name: str) -> MessageFeatures | None:
        """The message of that id, URI, URI@OFFSET or Message-ID; of several the first,
        and an id goes before all. A message that was read at several places has the
        name of each."""
        bare = name.strip("<>")
        elsewhere = self._state.occurring_at(name)
        for condition, values in (
            ("id = ?", (name,)),
            (_NAMED, (name, name, bare)),
            *([("id = ?", (elsewhere,))] if elsewhere else []),
        ):
            for messages, features in zip(
                self.segments("message"), self.segments("feature"), strict=True
            ):
                for row in self._segments.read([messages], condition, values):
                    return next(
                        messages_of([row], self._segments.read([features], "msg = ?", (row[0],)))
                    )
        return None

    def members_of(self, cluster: str) -> list[MessageFeatures]:
        """The messages of a cluster with their features, in the order they were added;
        none for an id that no cluster has."""
        return self.among(self._state.members(cluster))

    def among(self, wanted: Sequence[str]) -> list[MessageFeatures]:
        """The messages of these ids with their features, in the order they were
        added."""
        found: list[MessageFeatures] = []
        if wanted:
            for messages, features in zip(
                self.segments("message"), self.segments("feature"), strict=True
            ):
                rows = self._segments.read([messages], _AMONG.format("id"), (wanted,))
                found += messages_of(
                    rows, self._segments.read([features], _AMONG.format("msg"), (wanted,))
                )
        return found

    def ids_of(self, cluster: str) -> list[str]:
        """The ids of a cluster's messages; none for an id that no cluster has."""
        return self._state.members(cluster)

    def weights(self, hashes: Iterable[int] | None = None) -> Iterator[Row]:
        """hash, p, bits: the frozen bits of the last clustering, by hash; those of
        `hashes` alone where they are given."""
        segments = self.segments("weight")
        if hashes is None:
            return self._segments.read(segments)
        return self._segments.read(
            segments, "hash IN (SELECT unnest(?::BIGINT[]))", (list(hashes),)
        )

    def homes(self, message: str) -> list[str]:
        """The ids of the clusters that a message is in."""
        return self._state.homes(message)

    def facts(self) -> dict[str, str]:
        """What the last clustering recorded beside; `gatherings` says how many there
        were."""
        return dict(self._state.rows("fact"))

    def load(self, engine: Engine, known: Collection[str] | None = None) -> None:
        """Give the tables of this archive to an engine; the messages in `known` were
        there before, the others come later."""
        for table in ("message", "feature", "weight"):
            engine.load(table, [self._segments.path(segment) for segment in self.segments(table)])
        if known:
            engine.put(
                "message",
                ((one, ts, domain, 1 if one in known else 2) for one, ts, domain in self.times()),
            )
        engine.put("campaign", (row[:2] for row in self._state.rows("campaign")))
        engine.put("member", self._state.rows("member"))

    def changed(self) -> list[str]:
        """The names of the segments that are missing or not as they were written; empty
        is good. Reads every byte."""
        return self._segments.changed(self.segments())

    def finalize(self) -> None:
        """Make the archive one that is read and not added to, as a sealed case holds
        it: no log beside its database. It is closed then."""
        self._state.finalize()

    def close(self) -> None:
        """Let go of the archive. What waits for its segment is given up: call `flush`
        first."""
        self._segments.close()
        self._state.close()
        unlock(self._lock)
        if self._private:
            end_private()
        self._lock, self._private = None, False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tidy(self) -> None:
        """Remove what a killed run left; CaseError where a listed segment is gone."""
        try:
            listed = self.segments()
            self._segments.check(listed)
            self._segments.remove_others(listed)
            for left in self.folder.glob(f"{WORK}*"):
                shutil.rmtree(left, ignore_errors=True)
        except BaseException:
            self.close()
            raise


def _tighten(folder: Path) -> None:
    """Take the rights of others from an archive that was more open."""
    for one in (folder, *folder.glob(f"{DATABASE}*"), folder / SEGMENTS):
        tighten(one)
    for one in (folder / SEGMENTS).glob("*.parquet"):
        tighten(one)


def _refuse_foreign(folder: Path) -> None:
    """A folder that holds other things is not made an archive."""
    if not (folder / DATABASE).exists() and any(
        not entry.name.startswith(".") for entry in folder.iterdir()
    ):
        raise CaseError(f"{folder} is not empty and holds no archive: name another folder")
