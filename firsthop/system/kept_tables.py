"""Keeps tables that were read as JSON in `__pycache__` beside them, as Python keeps
what it makes of a module: JSON is read ten times as fast as TOML.

What is kept holds for the very bytes it was made from, whose SHA-256 it names; nothing
in it is executed. It lies where the bytecode of the package lies, so that who can write
it can write the code as well. PYTHONDONTWRITEBYTECODE and PYTHONPYCACHEPREFIX hold here
too; where nothing can be written the tables are read from their TOML each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from datetime import date
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

Tables = dict[str, dict[str, Any]]  # by the name of the file
_DAY = "\0day"  # a TOML key of this name is none that anybody writes


def fingerprint(contents: Mapping[str, bytes]) -> str:
    """The SHA-256 over the names and bytes of some files."""
    digest = hashlib.sha256(b"1")  # the form in which tables are kept
    for name, content in contents.items():
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def place_of(folder: Path, name: str) -> Path:
    """Where the tables of a folder are kept, under a name."""
    return Path(cache_from_source(str(folder / f"{name}.json"))).with_suffix(".json")


def kept(place: Path, wanted: str) -> Tables | None:
    """What is kept in a place; None unless it was made from the files of that
    fingerprint."""
    try:
        content = place.read_text(encoding="utf-8")
        if not content.startswith(f'["{wanted}", '):
            return None
        tables: Tables = json.loads(content, object_hook=_with_day)[1]
    except (OSError, ValueError, RecursionError):
        return None
    return tables


def keep(place: Path, made_of: str, tables: Tables) -> None:
    """Keeps tables, where Python may keep what it makes; none is ever seen in part."""
    if sys.dont_write_bytecode:
        return
    new = place.with_name(f"{place.name}.{os.getpid()}")
    with contextlib.suppress(OSError, TypeError):  # TypeError: a value that JSON lacks
        place.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps([made_of, tables], default=_day), encoding="utf-8")
        new.replace(place)


def _day(value: object) -> dict[str, str]:
    """A day as JSON, which knows none."""
    if type(value) is not date:
        raise TypeError(f"{value!r} is no day")
    return {_DAY: value.isoformat()}


def _with_day(value: dict[str, Any]) -> Any:
    return date.fromisoformat(value[_DAY]) if _DAY in value else value
