"""Puts the segments of several archives into one order: by URI and offset, and each
message once. It depends on the messages alone, so that an archive is the same to the
byte in whatever steps its mail came.

Of several places of one message the first in that order counts, with what was read of
it there.
Memory:     the ids and places of the messages, and the features of one segment: what
            belongs into it is taken from the segments that hold some of it, which are
            few where mail came nearly in order. A sort of all features at once takes
            more than MEMORY from some hundred thousand messages on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from firsthop.campaign.archive.rows import SEGMENTS, Segment
from firsthop.campaign.archive.segments import MEMORY, Segments, copy_rows
from firsthop.errors import CaseError
from firsthop.system.duckdb import insert_rows, open_locked, quoted
from firsthop.system.files import share

_KEYS = {"message": "id", "feature": "msg"}
_CHOSEN = {"file": "BIGINT", "id": "VARCHAR", "place": "BIGINT"}
Pair = tuple[Path, Path]  # a segment of messages and that of their features


class Arrangement:
    """Pairs of segments to be arranged as `target`'s."""

    def __init__(self, target: Segments, pairs: Sequence[Pair]) -> None:
        self._target = target
        self._pairs = [
            (self._reachable(number, one), self._reachable(number, other))
            for number, (one, other) in enumerate(pairs)
        ]

    def segments(
        self, arrival: int, messages: int
    ) -> Iterator[tuple[list[str], tuple[Segment, Segment]]]:
        """Segment by segment of so many messages: their ids, and what was written.
        CaseError where that cannot be."""
        folder = self._target.folder
        if not self._pairs:
            return
        try:
            with closing(open_locked(":memory:", folder, MEMORY, threads=1)) as connection:
                ids = self._choose(connection)
                for first in range(0, len(ids), messages):
                    some = ids[first : first + messages]
                    one, other = (
                        self._write(connection, kind, arrival, (first, first + len(some)))
                        for kind in _KEYS
                    )
                    yield some, (one, other)
        except duckdb.Error as error:
            raise CaseError(
                f"{folder.parent}: the messages cannot be put in order: "
                f"{str(error).splitlines()[0]}"
            ) from error
        finally:
            for pair in self._pairs:
                for file in pair:
                    file.unlink(missing_ok=True)

    def _reachable(self, number: int, file: Path) -> Path:
        reachable = self._target.folder / f".{number}-{file.name}"
        share(file, reachable)
        return reachable

    def _choose(self, connection: duckdb.DuckDBPyConnection) -> list[str]:
        """The ids in order; which segment each message is taken from is noted."""
        chosen: dict[str, tuple[str, int, int]] = {}
        for number, (messages, _) in enumerate(self._pairs):
            for one, uri, offset in connection.execute(
                f"SELECT id, uri, src_offset FROM {_read(messages)}"  # noqa: S608 - quoted
            ).fetchall():
                place = (uri, offset, number)
                chosen[one] = min(place, chosen.get(one, place))
        ids = sorted(chosen, key=lambda one: (*chosen[one][:2], one))
        connection.execute("CREATE TABLE chosen (file BIGINT, id VARCHAR, place BIGINT)")
        rows = ((chosen[one][2], one, place) for place, one in enumerate(ids))
        insert_rows(connection, "chosen", _CHOSEN, rows)
        return ids

    def _take(self, connection: duckdb.DuckDBPyConnection, kind: str, bounds: str) -> None:
        """The rows of a kind that belong to messages within bounds, as a table."""
        at = list(_KEYS).index(kind)
        files = connection.execute(
            f"SELECT DISTINCT file FROM chosen WHERE {bounds} ORDER BY file"  # noqa: S608 - numbers of the program
        ).fetchall()
        several = " UNION ALL ".join(
            f"SELECT place, file_row_number AS row, {_columns(kind)} "  # noqa: S608 - quoted
            f"FROM {_read(self._pairs[number][at])} f "
            f"JOIN chosen ON file = {number:d} AND {bounds} AND chosen.id = f.{_KEYS[kind]}"
            for (number,) in files
        )
        connection.execute(f"CREATE OR REPLACE TABLE {kind} AS {several}")

    def _write(
        self,
        connection: duckdb.DuckDBPyConnection,
        kind: str,
        arrival: int,
        places: tuple[int, int],
    ) -> Segment:
        bounds = f"place >= {places[0]:d} AND place < {places[1]:d}"
        self._take(connection, kind, bounds)

        def copy(file: Path) -> int:
            copy_rows(
                connection,
                f"(SELECT {_columns(kind)} FROM {kind} f ORDER BY place, row)",  # noqa: S608 - names of the program
                file,
            )
            counted = connection.execute(f"SELECT count(*) FROM {kind}").fetchone()  # noqa: S608 - so
            return int(counted[0]) if counted else 0

        return self._target.write_by(kind, arrival, copy)


def _read(file: Path) -> str:
    return f"read_parquet({quoted(str(file))}, file_row_number = true)"


def _columns(kind: str) -> str:
    return ", ".join(f"f.{name}" for name in SEGMENTS[kind])
