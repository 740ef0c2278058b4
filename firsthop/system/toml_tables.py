"""Reads the project's TOML tables: every error names file and key (the tables ship with
the package; a broken one is a fault of the program).

What was read is kept (kept_tables.py), so that a start of the program needs no TOML."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firsthop.errors import TableError
from firsthop.system.kept_tables import Tables, once
from firsthop.system.package_files import package_folder

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def read_table(file: Traversable) -> dict[str, Any]:
    """The content of one TOML file. TableError where it is no TOML."""
    contents = {file.name: file.read_bytes()}
    folder = file.parent if isinstance(file, Path) else None
    return _tables(contents, folder, file.name.removesuffix(".toml"))[file.name]


def package_table(package: str, name: str) -> dict[str, Any]:
    """The content of one TOML file of a package."""
    return read_table(package_folder(package).joinpath(name))


def package_tables(package: str, folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name (without ending) and content of each table in a folder of a package, sorted
    by name."""
    place = package_folder(package).joinpath(folder)
    contents = dict(sorted(_of_folder(place) if isinstance(place, Path) else _of_archive(place)))
    tables = _tables(contents, place if isinstance(place, Path) else None, "all tables")
    for name, table in tables.items():
        yield name.removesuffix(".toml"), table


def _of_folder(place: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each table in a folder; each start reads some hundred."""
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.name.endswith(".toml"):
                with FileIO(entry.path) as file:
                    yield entry.name, file.readall()


def _of_archive(place: Traversable) -> Iterator[tuple[str, bytes]]:
    for file in place.iterdir():
        if file.name.endswith(".toml"):
            yield file.name, file.read_bytes()


def _tables(contents: dict[str, bytes], folder: Path | None, name: str) -> Tables:
    """The tables in the bytes of some files; as they are kept in a folder, if it is
    one."""
    return once(folder, name, contents, lambda: _read(contents))


def _read(contents: dict[str, bytes]) -> Tables:
    import tomllib

    tables: Tables = {}
    for name, content in contents.items():
        try:
            tables[name] = tomllib.loads(content.decode("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise TableError(f"{name}: {error}") from error
    return tables


def demand(
    where: str, table: dict[str, Any], known: set[str], needed: Collection[str] = ()
) -> None:
    """Raises TableError for a key the form does not know, or one it needs and lacks."""
    if known.issuperset(table) and table.keys() >= set(needed):
        return
    for key in sorted(table.keys() - known):
        raise TableError(f"{where}: unknown key {key!r}")
    for key in sorted(set(needed) - table.keys()):
        raise TableError(f"{where}: key {key!r} is missing")
