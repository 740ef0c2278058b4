"""`firsthop campaigns`: the operations, campaigns and waves of a case, with what makes each distinctive."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from firsthop.errors import CaseError
from firsthop.faces.cli.options import JSON, NO_COLOR

LEVELS = ("operation", "campaign", "wave")


@click.command("campaigns")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--level", type=click.Choice(LEVELS), help="Only this level.")
@JSON
@NO_COLOR
def command(case: Path, level: str | None, as_json: bool, no_color: bool) -> int:
    """Show the campaigns of the folder CASE: operations hold campaigns, campaigns hold waves; each has two messages or more."""
    told = [one for one in read_campaigns(case) if level in (None, one["level"])]
    if as_json:
        from firsthop.publication.contract import json_line

        sys.stdout.write(json_line(told) + "\n")
    else:
        _write_text(told, no_color)
    return 0


def read_campaigns(case: Path) -> list[dict[str, Any]]:
    """The campaigns that a case holds. CaseError where it holds none."""
    from firsthop.investigate import CAMPAIGNS

    try:
        told: list[dict[str, Any]] = json.loads((case / CAMPAIGNS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CaseError(f"{case} is no case with campaigns: run `firsthop investigate`") from error
    return told


def _write_text(told: list[dict[str, Any]], no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    if not told:
        screen.line("no two messages belong together")
    for one in told:
        indent = 2 * LEVELS.index(one["level"])
        screen.line(
            (f"{one['level']} {one['id']}", "bold"),
            f": {one['size']} messages, {one['first_seen'] or '–'} to {one['last_seen'] or '–'}",
            indent=indent,
        )
        for atom in one["signature"].get("any", {}).get("atoms", ()):
            k, n = atom["covered"]
            bk, bn = atom["background"]
            screen.line(f"{atom['family']} = {atom['value']}: {k} of {n}; elsewhere {bk} of {bn}", indent=indent + 4)
