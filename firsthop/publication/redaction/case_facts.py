"""What the facts of a case say of people, hosts and paths: the sources of what must not
go out (known.py). Reads `people.parquet` and `hops.parquet`; CaseError without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from firsthop.errors import CaseError
from firsthop.evidence.path.receiver import RECEIVERS
from firsthop.evidence.people import Person
from firsthop.evidence.providers.provider import PROVIDERS
from firsthop.publication.redaction.known import HostSeen, Sources
from firsthop.settings import OwnServers
from firsthop.system.duckdb import open_locked, quoted

_MEMORY = "512MB"
_TRUSTED = ("trusted", "handover")


def sources_of(case: Path, own: OwnServers, paths: Iterable[str]) -> Sources:
    """The sources of a case."""
    folder = case.resolve()
    try:
        connection = open_locked(":memory:", folder, _MEMORY, threads=1)
        try:
            people = [
                Person(*row)
                for row in _rows(connection, folder, "people", "kind, value, display_name")
            ]
            hosts = [*_hosts(connection, folder), *_hosts_of_ids(connection, folder)]
        finally:
            connection.close()
    except duckdb.Error as error:
        raise CaseError(
            f"{case} is no case that can be published: run `firsthop investigate` on its mail again"
        ) from error
    return Sources(people, hosts, own, tuple(paths))


def _rows(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: str, columns: str
) -> list[tuple[Any, ...]]:
    """The distinct rows of some columns, in one order."""
    file = quoted(str(folder / f"{table}.parquet"))
    statement = f"SELECT DISTINCT {columns} FROM read_parquet({file}) ORDER BY ALL"  # noqa: S608 - names of the program, a quoted path
    return connection.execute(statement).fetchall()


def _hosts(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[HostSeen]:
    columns = "by_host, helo, client_name, trust, client_address"
    for by, helo, name, trust, address in _rows(connection, folder, "hops", columns):
        network = ".".join(address.split(".")[:3]) if address else None
        inner = trust == "trusted"
        if by:
            yield HostSeen(
                by, trust in _TRUSTED and not is_service(by), claimed=False, network=None
            )
        for host, said in ((helo, True), (name, False)):
            if host and host != "unknown":
                yield HostSeen(host, inner and not is_service(host), said, network)


def _hosts_of_ids(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[HostSeen]:
    """The hosts behind the at sign of Message-IDs: many programs write the machine's
    name there."""
    for (message_id,) in _rows(connection, folder, "messages", "message_id"):
        if message_id and (host := message_id.rpartition("@")[2].strip("<>")):
            yield HostSeen(host, own=False, claimed=True, network=None)


def is_service(host: str) -> bool:
    """Whether a host belongs to a service that tables know: its names say nothing of
    whose mail it keeps."""
    name = host.lower().rstrip(".")
    return any(
        known.matches(name) for receiver in RECEIVERS.values() for known in receiver.hosts
    ) or any(provider.is_own_host(name) for provider in PROVIDERS.values())
