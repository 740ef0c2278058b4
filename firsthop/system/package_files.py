"""Finds the files that an installed package carries along."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def package_folder(package: str) -> Traversable:
    """The folder of a package: a path, and only where it lies in an archive what
    `importlib.resources` makes of it, which loads all that unpacks."""
    folder = Path(import_module(package).__path__[0])
    if folder.is_dir():
        return folder
    from importlib.resources import files

    return files(package)


def package_bytes(package: str, name: str) -> bytes:
    """The bytes of a file of a package."""
    return package_folder(package).joinpath(name).read_bytes()
