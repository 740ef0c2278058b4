"""`firsthop publish`: the files of a case that may go out, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firsthop.faces.cli.noted import NOTED, time_to_note
from firsthop.faces.cli.options import JSON, NO_COLOR
from firsthop.settings import TLP

if TYPE_CHECKING:
    from firsthop.investigation.publish import Publication


@click.command("publish")
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to write: a new or an empty one.",
)
@click.option(
    "--tlp",
    type=click.Choice(TLP),
    help="How far it may go; decides what is shown. By default as the case says, else AMBER.",
)
@click.option(
    "--pdf",
    "pages",
    is_flag=True,
    help="Write the bulletins as PDF/A too (extra: pdf).",
)
@NOTED
@JSON
@NO_COLOR
def command(
    case: Path,
    out: Path,
    tlp: str | None,
    pages: bool,
    noted: str | None,
    as_json: bool,
    no_color: bool,
) -> int:
    """Write the files of the folder CASE that may go out: the bulletin, the campaigns,
    a manifest with digests.

    People become pseudonyms, the same in all files; the names of your own and of
    private hosts go, as the TLP level says. Every file is then searched for what must
    not be in it, encoded forms included. A value in which something is found is left
    out everywhere and counted; anything that is still found is named with file and
    line, and nothing is written. The journal of the case notes what went out.

    Exit code 0: written. 1: something was found. 2: no such case, or DIR is not empty.
    """
    from firsthop.investigation.publish import publish

    result = publish(case, out, tlp=tlp, pages=pages, time=time_to_note(noted))
    if as_json:
        _write_json(result, out)
    else:
        _write_text(result, out, no_color)
    return 1 if result.finds else 0


def _write_json(result: Publication, out: Path) -> None:
    from firsthop.publication.json.message import json_line

    told = {
        "out": str(out),
        "tlp": result.tlp,
        "files": list(result.files),
        "finds": [one._asdict() for one in result.finds],
        "left_out": list(result.left_out),
        "withheld": result.withheld,
    }
    sys.stdout.write(json_line(told) + "\n")


def _write_text(result: Publication, out: Path, no_color: bool) -> None:
    from firsthop.faces.cli.finds import write_finds
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    write_finds(screen, result.finds)
    if result.finds:
        return
    screen.line((f"{out}: TLP:{result.tlp}", "green"), f", {len(result.files)} files")
    for name in result.files:
        screen.line(name, indent=4)
    if result.withheld:
        screen.line(
            f"left out: {result.withheld} values in which the search finds a name, or what "
            "cannot be told from one; each stands as withheld-…"
        )
    for what in result.left_out:
        screen.line(f"left out: {what}")
