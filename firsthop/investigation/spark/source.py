"""A heap that lies where a Spark Connect server sees it, as it is named among the
inputs:

    spark:TABLE             a table or view with the columns uri and bytes
    spark:FOLDER            a folder with files of mail, any depth; a "/" is in its name
    spark:FILE.parquet      Parquet with the columns uri and bytes, a file or a folder

A folder may be a path or a URL of any file system that the server has. Local files are
called by their paths, as if they were read here.
Raises:     SettingsError for what is none of these; EngineError where the server has
            no such heap.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from firsthop.errors import EngineError, SettingsError
from firsthop.evidence.dns.store import DnsStore
from firsthop.system.given_file import shown

PREFIX = "spark:"
_TABLE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,3}", re.ASCII)
_LOCAL = re.compile(r"file:/*")


class SparkSource(NamedTuple):
    """A heap on the server."""

    name: str  # without the prefix

    @property
    def is_table(self) -> bool:
        """Whether it is a table or view."""
        return "/" not in self.name

    @property
    def folder(self) -> str | None:
        """The folder that its files lie in, as their URIs begin; None for rows of a
        table."""
        return None if self.is_table or self.is_parquet else called(self.name, self)

    @property
    def is_parquet(self) -> bool:
        """Whether its rows stand in Parquet."""
        return not self.is_table and self.name.rstrip("/").endswith(".parquet")


def demand_possible(
    there: Sequence[SparkSource],
    engine: str,
    store: DnsStore,
    *,
    send_mail: bool,
    compared: bool,
) -> None:
    """SettingsError for what a server's workers cannot do."""
    if not (there or send_mail):
        return
    asked = f"{PREFIX}{there[0].name}" if there else "--send-mail"
    if not engine.startswith("sc://"):
        raise SettingsError(f"{asked}: needs --engine sc://HOST:PORT, the server that reads it")
    if there and send_mail:
        raise SettingsError(f"--send-mail: {asked} lies on the server already")
    if there and compared:
        raise SettingsError(f"--contacts: compared with mail that is read here, not with {asked}")
    if type(store) is not DnsStore:
        raise SettingsError(
            f"{asked}: the server's workers ask no DNS: give what is known with --answers"
        )


def spark_sources(paths: Sequence[Path | str]) -> tuple[SparkSource, ...]:
    """The heaps on a server among some inputs; none, or all of them."""
    named = [text for path in paths if (text := os.fspath(path)).startswith(PREFIX)]
    if named and len(named) < len(paths):
        raise SettingsError(
            f"{shown(named[0])}: mail on the server and mail here are added to a case one after "
            f"the other"
        )
    return tuple(_source(text) for text in named)


def folders_of(sources: Sequence[SparkSource]) -> list[str]:
    """The folders among some heaps."""
    return [one.folder for one in sources if one.folder is not None]


def _source(text: str) -> SparkSource:
    one = SparkSource(text.removeprefix(PREFIX))
    if (one.is_table and not _TABLE.fullmatch(one.name)) or not one.name.isprintable():
        raise SettingsError(
            f"{shown(text)}: written spark:TABLE, spark:FOLDER with a / in it, or "
            f"spark:FILE.parquet"
        )
    return one


def heap_of(session: Any, source: SparkSource) -> Any:
    """The rows (uri, bytes) of a heap, as a frame of the session."""
    if source.is_table:
        return _two_columns(session.table(source.name), source)
    if source.is_parquet:
        return _two_columns(session.read.parquet(source.name), source)
    files = session.read.format("binaryFile").option("recursiveFileLookup", "true")
    frame = files.load(source.name)
    return frame.selectExpr("path AS uri", "content AS bytes")


def called(uri: str, source: SparkSource) -> str:
    """What a file of a folder is called: a local one by its path, however the server
    writes it (file:/x, file:///x, or x)."""
    if source.is_table or source.is_parquet or not _is_local(source.name):
        return uri
    return "/" + _LOCAL.sub("", uri).lstrip("/")


def _is_local(name: str) -> bool:
    return name.startswith("file:") or "://" not in name


def _two_columns(frame: Any, source: SparkSource) -> Any:
    kinds = dict(frame.dtypes)
    if (kinds.get("uri"), kinds.get("bytes")) != ("string", "binary"):
        raise EngineError(f"{PREFIX}{source.name} has no columns uri (string) and bytes (binary)")
    return frame.select("uri", "bytes")
