"""Messages sent to a Spark Connect server and examined by its workers: as Workers does
it with processes of this machine, with rounds of chunks in the place of single ones.

Trusts:     the server sees the mail. It is the operator's choice.
Raises:     EngineError where the server fails, or what comes back is not what this
            program would send.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from firsthop.errors import EngineError
from firsthop.investigation.message import ProcessedChunk
from firsthop.investigation.spark.read import session_of
from firsthop.investigation.spark.rows import ReadMail, joined, read_mail_line
from firsthop.investigation.spark.there import CHUNK, ROWS, Asked, mail_reading, source_text
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.system.spark import told

ROUND_BYTES = 32 << 20  # of mail that are sent at a time, or
ROUND = 4_096  # messages
Given = Sequence[RawMail | Skipped]


class SparkWorkers:
    """Examines chunks of messages on a server."""

    def __init__(self, url: str, asked: Asked) -> None:
        self._url, self._asked = url, asked

    def map(self, chunks: Iterable[Given]) -> Iterator[tuple[Given, ProcessedChunk]]:
        """Each chunk with what is kept of it, in order."""
        with session_of(self._url) as session:
            for some in _rounds(chunks):
                mails = [one for chunk in some for one in chunk if isinstance(one, RawMail)]
                read = iter(self._read(session, mails))
                for chunk in some:
                    yield (
                        chunk,
                        joined([one if isinstance(one, Skipped) else next(read) for one in chunk]),
                    )

    def _read(self, session: Any, mails: Sequence[RawMail]) -> list[ReadMail]:
        """The messages as they came back."""
        if not mails:
            return []
        with told(self._url, "examining"):
            parts = session.createDataFrame(_arrow(mails)).repartition(-(-len(mails) // CHUNK))
            rows = parts.mapInArrow(mail_reading(self._asked), ROWS).collect()
        by_number = {row["number"]: row["told"] for row in rows}
        if len(rows) != len(mails) or by_number.keys() != set(range(len(mails))):
            raise EngineError(f"{self._url}: of {len(mails)} messages {len(rows)} came back")
        return [_of(read_mail_line(by_number[number]), mail) for number, mail in enumerate(mails)]


def _rounds(chunks: Iterable[Given]) -> Iterator[list[Given]]:
    """The chunks in rounds of ROUND messages or ROUND_BYTES."""
    waiting: list[Given] = []
    messages = size = 0
    for chunk in chunks:
        waiting.append(chunk)
        messages += len(chunk)
        size += sum(one.size for one in chunk if not isinstance(one, Skipped))
        if messages >= ROUND or size >= ROUND_BYTES:
            yield waiting
            waiting, messages, size = [], 0, 0
    if waiting:
        yield waiting


def _arrow(mails: Sequence[RawMail]) -> Any:
    import pyarrow  # noqa: PLC0415 - an extra

    return pyarrow.table(
        {
            "number": pyarrow.array(range(len(mails)), pyarrow.int64()),
            "source": [source_text(mail.source) for mail in mails],
            "bytes": pyarrow.array([mail.data for mail in mails], pyarrow.binary()),
        }
    )


def _of(read: ReadMail, mail: RawMail) -> ReadMail:
    """What was read, where it is of this message."""
    if (read.source, read.size) != (mail.source, mail.size):
        raise EngineError(f"{mail.source.uri}: another message came back than was sent")
    return read
