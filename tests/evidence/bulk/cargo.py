"""Whether a cargo is here that can build the crate."""

from __future__ import annotations

import re
import shutil
import tomllib
from functools import cache
from pathlib import Path

from tests.children import run

CRATE = Path(__file__).resolve().parents[3] / "kernel"


@cache
def builds() -> bool:
    """Whether the cargo on the path is there, and as new as the crate needs it."""
    if shutil.which("cargo") is None:
        return False
    told = re.match(r"cargo (\d+)\.(\d+)", run(["cargo", "--version"]).stdout)
    manifest = tomllib.loads((CRATE / "Cargo.toml").read_text(encoding="utf-8"))
    needed = tuple(map(int, manifest["package"]["rust-version"].split(".")))
    return told is not None and (int(told[1]), int(told[2])) >= needed
