"""`firsthop background`: archives of other mail, against which the rarity of a
campaign's elements is measured."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from firsthop.faces.cli.options import Request, of_reading
from firsthop.faces.cli.reading import Mail


@click.group("background")
def command() -> None:
    """Keep mail that is not of the campaigns: best of all genuine mail of the provider
    and the programs that are being imitated."""


@command.command("add")
@click.argument("folder", type=click.Path(path_type=Path))
@of_reading
def add(request: Request, folder: Path) -> int:
    """Add the mail in PATH... to the background archive FOLDER, which is made where
    there is none; name it with `investigate --background FOLDER`."""
    from firsthop.campaign.archive import Archive
    from firsthop.campaign.archive.records import records_of
    from firsthop.campaign.features import features_of_all

    added = 0
    with request.reading(prints_meanwhile=False) as reading, Archive.open(folder) as archive:
        mail = Mail(request, reading)
        for some in mail.together():
            added += archive.add_records(records_of(features_of_all(some, request.case_file)))
        archive.flush()
    _show(folder, added, request)
    return mail.exit_code


def _show(folder: Path, added: int, request: Request) -> None:
    from firsthop.campaign.archive import Archive

    with Archive.read(folder) as archive:
        held = sum(segment.rows for segment in archive.segments("message"))
    if request.as_json:
        from firsthop.publication.json.message import json_line

        sys.stdout.write(
            json_line({"background": str(folder), "added": added, "messages": held}) + "\n"
        )
    elif not request.quiet:
        from firsthop.faces.cli.screen import Screen

        Screen(request.no_color).line(f"{folder}: {added} added, {held} messages")
