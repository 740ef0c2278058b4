"""The messages that speed is measured on, and how a fresh process gets them."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.corpora import messages

PARTS = {"pp": "phishing_pot", "sa": "spamassassin_corpus"}
BATCH = 256
Mails = list[bytes]


def batches(mails: Mails) -> Iterator[Any]:
    """The messages as the bulk path takes them."""
    from firsthop.mail.message import Source  # noqa: PLC0415 - a round loads what it measures and nothing else
    from firsthop.mail.sources.raw import RawMail  # noqa: PLC0415

    source = Source("", "eml", 0, "")
    for start in range(0, len(mails), BATCH):
        yield [RawMail(source, data) for data in mails[start : start + BATCH]]


def write_parts(folder: Path) -> dict[str, Mails]:
    """The parts and the rest of the corpora as files that a fresh process reads at
    once."""
    labelled = [(one.source, one.data) for one in messages()]
    parts = {}
    for part, source in PARTS.items():
        parts[part] = [data for of, data in labelled if of == source]
        (folder / part).write_bytes(marshal.dumps(parts[part]))
        (folder / f"{part}.files").mkdir()
        for number, data in enumerate(parts[part]):
            (folder / f"{part}.files" / str(number)).write_bytes(data)
        (folder / f"{part}.rest").write_bytes(
            marshal.dumps([data for of, data in labelled if of != source])
        )
    return parts
