"""What is executed on the server: Arrow batches in, Arrow batches with lines of JSON
out. It is sent as functions of this package by name, so that the same version of it has
to be installed there.

Never:      writes, fetches, or gives the bytes of a message back.
Raises:     RuntimeError on a worker that has another version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from firsthop.case.journal import tool_version
from firsthop.investigation.message import MessageProcessor
from firsthop.investigation.spark.rows import mail_line, tables_of
from firsthop.investigation.spark.source import SparkSource, called
from firsthop.mail.message import BodyBytes, Evidence, Source
from firsthop.mail.sources import USUAL_PASSWORDS, RawMail, Skipped, read_bytes

CHUNK = 64  # messages that are examined at a time, or
CHUNK_BYTES = 4 << 20
ROWS = "uri string, number bigint, kind string, told string"
NO_URI = "a row without a URI: not read"
Row: TypeAlias = tuple[str, int, str, str]  # as ROWS
Batches: TypeAlias = Iterable[Any]  # of Arrow


class Asked(NamedTuple):
    """How mail is to be read there."""

    processor: MessageProcessor
    passwords: tuple[str, ...]
    version: str


def asked(processor: MessageProcessor, passwords: Sequence[str]) -> Asked:
    """What is asked by this version; the usual passwords are tried after those that
    were given."""
    return Asked(processor, tuple(dict.fromkeys((*passwords, *USUAL_PASSWORDS))), tool_version())


class Placed(NamedTuple):
    """An input with the row that it came with, and its number in it."""

    uri: str
    number: int
    one: RawMail | Skipped


def heap_reading(how: Asked, source: SparkSource) -> Callable[[Batches], Batches]:
    """Reads rows (uri, bytes): each a file of mail, opened as a file of that name
    would be."""

    def read(batches: Batches) -> Batches:
        _demand_version(how.version)
        return _written(_heap_rows(batches, how, source))

    return read


def mail_reading(how: Asked) -> Callable[[Batches], Batches]:
    """Examines rows (number, source, bytes): each a message."""

    def read(batches: Batches) -> Batches:
        _demand_version(how.version)
        return _written(_examined(_sent(batches), how.processor))

    return read


def version_reading(_batches: Batches) -> Batches:
    """The version that is installed there."""
    return _written([("", 0, "version", tool_version())])


def source_text(source: Source) -> str:
    """A source as it is sent, in ASCII."""
    return json.dumps(list(source))


def _demand_version(version: str) -> None:
    if tool_version() != version:
        raise RuntimeError(f"a worker has firsthop {tool_version()}, and this is {version}")


def _heap_rows(batches: Batches, how: Asked, source: SparkSource) -> Iterator[Row]:
    for batch in batches:
        for uri, data in zip(batch.column("uri"), batch.column("bytes"), strict=True):
            name = uri.as_py()
            name = None if name is None else called(name, source)
            yield from _file_rows(name, data.as_py(), how)


def _file_rows(uri: str | None, data: bytes | None, how: Asked) -> Iterator[Row]:
    """What one file holds, and first what it is as a whole."""
    if uri is None:
        yield "", -1, "skipped", json.dumps(["", NO_URI])
    elif data is None:
        yield uri, 0, "skipped", json.dumps([uri, "no bytes: not read"])
    else:
        yield uri, 0, "file", json.dumps([len(data), hashlib.sha256(data).hexdigest()])
        found = read_bytes(data, uri, passwords=how.passwords)
        placed = (Placed(uri, number, one) for number, one in enumerate(found, 1))
        yield from _examined(placed, how.processor)


def _sent(batches: Batches) -> Iterator[Placed]:
    for batch in batches:
        columns = (batch.column(name) for name in ("number", "source", "bytes"))
        for number, source, data in zip(*columns, strict=True):
            yield Placed("", number.as_py(), RawMail(_source(source.as_py()), data.as_py()))


def _source(text: str) -> Source:
    uri, container, offset, digest, evidence, report, notes, body = json.loads(text)
    return Source(
        uri, container, offset, digest, Evidence(evidence), report, tuple(notes), BodyBytes(body)
    )


def _examined(inputs: Iterable[Placed], processor: MessageProcessor) -> Iterator[Row]:
    chunk: list[Placed] = []
    size = 0
    for placed in inputs:
        chunk.append(placed)
        size += len(placed.one.data) if isinstance(placed.one, RawMail) else 0
        if len(chunk) >= CHUNK or size >= CHUNK_BYTES:
            yield from _chunk_rows(chunk, processor)
            chunk, size = [], 0
    yield from _chunk_rows(chunk, processor)


def _chunk_rows(chunk: Sequence[Placed], processor: MessageProcessor) -> Iterator[Row]:
    processed, evidence, archived = processor.read([placed.one for placed in chunk])
    told = zip(archived, tables_of(evidence), strict=True)
    for (uri, number, one), kept in zip(chunk, processed, strict=True):
        if isinstance(one, Skipped) or isinstance(kept, Skipped):
            yield uri, number, "skipped", json.dumps(one)
        else:
            yield uri, number, "mail", mail_line(one, kept, *next(told))


def _written(rows: Iterable[Row]) -> Iterator[Any]:
    """Rows as Arrow batches of bounded size."""
    waiting: list[Row] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += len(row[-1])
        if len(waiting) >= CHUNK or size >= CHUNK_BYTES:
            yield _batch(waiting)
            waiting, size = [], 0
    if waiting:
        yield _batch(waiting)


def _batch(rows: Sequence[Row]) -> Any:
    import pyarrow  # noqa: PLC0415 - an extra

    uris, numbers, kinds, told = zip(*rows, strict=True)
    text = pyarrow.string()
    return pyarrow.RecordBatch.from_arrays(
        [
            pyarrow.array(uris, text),
            pyarrow.array(numbers, pyarrow.int64()),
            pyarrow.array(kinds, text),
            pyarrow.array(told, text),
        ],
        names=["uri", "number", "kind", "told"],
    )
