"""Measurements in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

KEPT = "kept"  # a folder for what a start keeps for the next


def run(folder: Path, *arguments: str) -> dict[str, float]:
    """One measurement in a fresh process, which finds the bytecode and the expressions
    that earlier ones kept, as an installed program does."""
    kept = {"PYTHONPYCACHEPREFIX": str(folder / KEPT)}
    environment = os.environ | kept
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def medians(found: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of each figure."""
    return {name: median(one[name] for one in found) for name in found[0]}
