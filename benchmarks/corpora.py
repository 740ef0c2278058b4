"""The corpora as messages, by label: FIRSTHOP_CORPORA, default `../shared/corpora`."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from firsthop.mail.message import Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail


class Labelled(NamedTuple):
    """One message of the corpora."""

    path: str
    label: str  # ham | spam | phish | bounce | hard
    source: str
    data: bytes

    def message(self) -> Message:
        """Read as mail."""
        return read_mail(raw_mail(self.data, self.path, "eml"))


def root() -> Path:
    """The folder of the corpora."""
    return Path(
        os.environ.get("FIRSTHOP_CORPORA", Path(__file__).parents[2] / "shared" / "corpora")
    )


def members() -> dict[str, bytes]:
    """Every file of the message archive, by its path below `shared/`."""
    with tarfile.open(root() / "messages.tar.xz") as archive:
        return {
            m.name.removeprefix("shared/"): file.read()
            for m in archive
            if m.isfile() and (file := archive.extractfile(m))
        }


def messages() -> Iterator[Labelled]:
    """Every labelled message, in the order of the manifest."""
    files = members()
    for line in files["MANIFEST.tsv"].decode().splitlines()[1:]:
        path, label, source = line.split("\t")[:3]
        yield Labelled(path, label, source, files[path])


def truth(name: str) -> dict[str, str]:
    """A TRUTH_*.tsv: file name to label."""
    rows = (line.split("\t") for line in members()[name].decode().splitlines() if line)
    return {row[0]: row[1] for row in rows}
