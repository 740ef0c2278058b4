"""Keeps tables that were read in `__pycache__` beside them, as Python keeps what it
makes of a module: so kept they are read forty times as fast as TOML.

What is kept holds for the very bytes it was made from, whose SHA-256 it names. It lies
where the bytecode of the package lies (kept_file.py). PYTHONDONTWRITEBYTECODE and
PYTHONPYCACHEPREFIX hold here too; where nothing can be written the tables are read from
their TOML each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firsthop.system.kept_file import keep_file, read_kept

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Tables = dict[str, dict[str, Any]]  # by the name of the file
Way = tuple[str | int, ...]  # keys and places, from the tables to a value in them


def fingerprint(contents: Mapping[str, bytes]) -> str:
    """The SHA-256 over the names and bytes of some files."""
    digest = hashlib.sha256(b"2")  # the form in which tables are kept
    for name, content in contents.items():
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def place_of(folder: Path, name: str) -> str:
    """Where the tables of a folder are kept, under a name."""
    return f"{cache_from_source(str(folder / f'{name}.py')).rpartition('.')[0]}.tables"


def kept(place: str, wanted: str) -> Tables | None:
    """What is kept in a place; None unless it was made from the files of that
    fingerprint."""
    try:
        made_of, tables, days = read_kept(place)
        if made_of != wanted:
            return None
        for way, day in days:
            _put(tables, way, date.fromisoformat(day))
    except (LookupError, TypeError, ValueError):
        return None
    return tables if isinstance(tables, dict) else None


def keep(place: str, made_of: str, tables: Tables) -> None:
    """Keeps tables, where Python may keep what it makes."""
    days = [(way, day.isoformat()) for way, day in _days(tables, ())]
    keep_file(place, (made_of, _without_days(tables), days))


def once(
    folder: Traversable | None, name: str, contents: Mapping[str, bytes], make: Callable[[], Tables]
) -> Tables:
    """What is made of some files: as it is kept in a folder, if it is one; else made
    now and kept."""
    if not isinstance(folder, Path):
        return make()
    place, made_of = place_of(folder, name), fingerprint(contents)
    tables = kept(place, made_of)
    if tables is None:
        keep(place, made_of, tables := make())
    return tables


def _put(tables: Any, way: Way, value: object) -> None:
    *folders, last = way
    for step in folders:
        tables = tables[step]
    tables[last] = value


def _days(value: Any, way: Way) -> Iterator[tuple[Way, date]]:
    """The days in a value, which `marshal` has no form for, and the way to each."""
    if type(value) is date:
        yield way, value
    elif isinstance(value, dict | list):
        for step, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _days(one, (*way, step))


def _without_days(value: Any) -> Any:
    """A value with None for each of its days."""
    if isinstance(value, dict):
        return {key: _without_days(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_days(one) for one in value]
    return None if type(value) is date else value
