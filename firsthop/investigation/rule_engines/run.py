"""What running an engine takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

Run = Callable[[Path, Sequence[bytes], Path], list[frozenset[str]]]
"""The folder of a format as `firsthop export` wrote it, messages, and an empty folder
to work in: for each message the names of the rules that met it. Names are those of
`report.json`."""
