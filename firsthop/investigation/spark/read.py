"""A heap that lies on a Spark Connect server, read there: what comes back of it, input
by input, in the order of the files' URIs. The bytes of the mail stay where they are.

What the server's workers give is kept there once (local checkpoint) before it is put in
order; a server without checkpoints puts it in order as it comes.
Trusts:     the server to read what it says, and to know the passwords. What it sends is
            checked in `rows`.
Raises:     EngineError where nothing can be read there, or what comes back is not what
            this program would send.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any

from firsthop.case.journal import tool_version
from firsthop.case.originals import MEMBER, Original
from firsthop.errors import EngineError
from firsthop.investigation.spark.rows import ReadMail, read_mail_line
from firsthop.investigation.spark.source import PREFIX, SparkSource, heap_of
from firsthop.investigation.spark.there import ROWS, Asked, heap_reading, version_reading
from firsthop.mail.sources.raw import Skipped
from firsthop.system.spark import spark_session, told

_READING = "reading"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FOREIGN = "what came back is none of firsthop's"


class SparkHeap:
    """Heaps on a server. `files` are theirs, with digests, as far as they were read."""

    def __init__(self, url: str, sources: Sequence[SparkSource], asked: Asked) -> None:
        self._url, self._sources, self._asked = url, sources, asked
        self.files: list[Original] = []

    def inputs(self) -> Iterator[ReadMail | Skipped]:
        """Every message, and what could not be read."""
        self.files.clear()
        with session_of(self._url) as session:
            for source in self._sources:
                with told(self._url, f"{PREFIX}{source.name}"):
                    frame = heap_of(session, source)
                    mapped = frame.mapInArrow(heap_reading(self._asked, source), ROWS)
                    ordered = _kept_there(mapped).orderBy("uri", "number")
                    with closing(ordered.toLocalIterator()) as rows:
                        once = rows if source.folder is None else _once(rows)
                        yield from self._inputs(once, source)

    def _inputs(self, rows: Iterable[Any], source: SparkSource) -> Iterator[ReadMail | Skipped]:
        """The rows as inputs, each file's from its beginning and without a gap."""
        last: str | None = None
        expected = 0
        for uri, number, kind, line in rows:
            if type(uri) is not str or type(number) is not int or type(line) is not str:
                raise EngineError(f"{self._url}: {_FOREIGN}: another row")
            if number == -1 and kind == "skipped":
                yield _skipped(line, "")._replace(uri=f"{PREFIX}{source.name}")
                continue
            expected = expected + 1 if uri == last else 0
            last = uri
            if number != expected:
                raise EngineError(
                    f"{self._url}: {PREFIX}{source.name}: two rows are called {uri!r}, or rows "
                    f"were lost"
                )
            yield from self._input(uri, kind, line)

    def _input(self, uri: str, kind: str, line: str) -> Iterator[ReadMail | Skipped]:
        if kind == "file":
            self.files.append(_file(uri, line))
        elif kind == "skipped":
            yield _skipped(line, uri)
        else:
            mail = read_mail_line(line)
            _demand_within(mail.source.uri, uri)
            yield mail


@contextmanager
def session_of(url: str) -> Iterator[Any]:
    """A session with a server whose Python has this version of firsthop."""
    session = spark_session(url)
    try:
        with told(url, _READING):
            _demand_firsthop(url, session)
        yield session
    finally:
        with suppress(EngineError), told(url, "the end"):
            session.stop()


def _demand_firsthop(url: str, session: Any) -> None:
    one = session.createDataFrame([(1,)], "number bigint")
    try:
        rows = one.mapInArrow(version_reading, ROWS).collect()
    except Exception as error:
        if "No module named" in str(error):
            raise EngineError(
                f"{url}: the server's Python lacks firsthop {tool_version()} or what it needs: "
                f"{_module(error)}"
            ) from error
        raise
    there = [row[3] for row in rows]
    if there != [tool_version()]:
        raise EngineError(
            f"{url}: the server's Python has firsthop {', '.join(map(repr, there))}, and this is "
            f"{tool_version()}"
        )


def _module(error: Exception) -> str:
    """What a worker did not find."""
    found = re.search(r"No module named '?[\w.]+'?", str(error))
    return found[0] if found else "a module"


def _once(rows: Iterable[Any]) -> Iterator[Any]:
    """The rows of a folder, in which no two files have one name: Sail 0.7 hands a large
    file out several times, whole."""
    last = None
    for row in rows:
        if row != last:
            yield row
        last = row


def _kept_there(frame: Any) -> Any:
    """The frame's rows, worked out once: to sort them a server looks at them twice."""
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        return frame.localCheckpoint(eager=True)
    except PySparkException as error:
        if "checkpoint" not in str(error):
            raise
        return frame


def _file(uri: str, line: str) -> Original:
    size, digest = _pair(line)
    if (
        type(size) is not int
        or size < 0
        or type(digest) is not str
        or not _SHA256.fullmatch(digest)
    ):
        raise EngineError(f"{_FOREIGN}: another file")
    return Original(uri, size, digest)


def _skipped(line: str, uri: str) -> Skipped:
    where, reason = _pair(line)
    if type(where) is not str or type(reason) is not str or "\n" in reason:
        raise EngineError(f"{_FOREIGN}: another reason")
    _demand_within(where, uri)
    return Skipped(where, reason)


def _pair(line: str) -> tuple[Any, Any]:
    try:
        one, another = json.loads(line)
    except (ValueError, TypeError, RecursionError) as error:
        raise EngineError(f"{_FOREIGN}: its form is broken") from error
    return one, another


def _demand_within(uri: str, file: str) -> None:
    if uri != file and not uri.startswith(f"{file}{MEMBER}"):
        raise EngineError(f"{_FOREIGN}: {uri!r} is not in {file!r}")
