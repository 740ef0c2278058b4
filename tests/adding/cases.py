"""Cases to which mail is added, and what they hold then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from firsthop.case.journal import JOURNAL, Entry, read_journal
from firsthop.faces.cli import cli
from firsthop.investigation.investigate import investigate

STEPS = ("a", "b", "c")
Contents = dict[str, bytes]


def contents(case: Path) -> Contents:
    """The files of a case but its journal."""
    return {
        path.relative_to(case).as_posix(): path.read_bytes()
        for path in sorted(case.rglob("*"))
        if path.is_file() and path.name != JOURNAL
    }


def entries(case: Path) -> tuple[Entry, ...]:
    return read_journal((case / JOURNAL).read_bytes()).entries


def campaigns(case: Path) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads((case / "campaigns.json").read_text(encoding="utf-8"))
    return [one for one in told if one["level"] == "campaign"]


def added(case: Path, *steps: str, **options: Any) -> Path:
    """The case once the steps were added, one after the other."""
    for step in steps:
        investigate(step.split("+"), case, **options)
    return case


def shown(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])
