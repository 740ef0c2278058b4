"""Reads the project's TOML tables: every error names file and key (the tables ship with
the package; a broken one is a fault of the program)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from firsthop.errors import TableError


def read_table(file: Traversable) -> dict[str, Any]:
    """The content of one TOML file. TableError where it is no TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{file.name}: {error}") from error


def package_tables(package: str, folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name (without ending) and content of each table in a folder of a package, sorted
    by name."""
    for file in sorted(resources.files(package).joinpath(folder).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            yield file.name.removesuffix(".toml"), read_table(file)


def demand(
    where: str, table: dict[str, Any], known: set[str], needed: Collection[str] = ()
) -> None:
    """Raises TableError for a key the form does not know, or one it needs and lacks."""
    for key in sorted(table.keys() - known):
        raise TableError(f"{where}: unknown key {key!r}")
    for key in sorted(set(needed) - table.keys()):
        raise TableError(f"{where}: key {key!r} is missing")
