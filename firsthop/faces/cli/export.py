"""`firsthop export`: a campaign in the formats of filters, platforms and reports."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firsthop.errors import SettingsError
from firsthop.faces.cli.case_folder import settled
from firsthop.faces.cli.noted import NOTED, time_to_note
from firsthop.faces.cli.options import JSON, NO_COLOR
from firsthop.settings import TLP

if TYPE_CHECKING:
    from firsthop.investigation.export import ExportResult
    from firsthop.publication.exports.exporter import Gap

SHOWN = 3  # of what a format cannot say for one reason; report.json has all


@click.command("export")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("campaign")
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to write: a new or an empty one.",
)
@click.option("--format", "formats", multiple=True, metavar="NAME", help="A format. Repeatable.")
@click.option("--all", "everything", is_flag=True, help="All formats.")
@click.option(
    "--tlp",
    type=click.Choice(TLP),
    help="How far it may go; decides what is shown. By default as the case says, else AMBER.",
)
@click.option(
    "--background",
    "backgrounds",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Other mail to measure false finds against. Repeatable.",
)
@NOTED
@JSON
@NO_COLOR
def command(  # noqa: PLR0913, PLR0917 - each is an option
    case: Path,
    campaign: str,
    out: Path,
    formats: tuple[str, ...],
    everything: bool,
    tlp: str | None,
    backgrounds: tuple[Path, ...],
    noted: str | None,
    as_json: bool,
    no_color: bool,
) -> int:
    """Write CAMPAIGN of the folder CASE in the formats of other programs, a folder
    each: filter rules, intelligence, drafts of reports. Nothing is sent.

    report.json says what was measured of each, and what a format cannot say. Every file
    is searched for what must not go out at the TLP level: what is found is named with
    file and line, and nothing is written.

    Exit code 0: written. 1: something was found. 2: no such case, campaign or format.
    """
    from firsthop.investigation.export import export

    if bool(formats) is everything:
        raise SettingsError("export: name formats with --format, or all with --all")
    result = export(
        settled(case),
        campaign,
        out,
        formats=formats,
        tlp=tlp,
        backgrounds=backgrounds,
        time=time_to_note(noted),
    )
    if as_json:
        _write_json(result, out)
    else:
        _write_text(result, out, no_color)
    return 1 if result.finds else 0


def _write_json(result: ExportResult, out: Path) -> None:
    from firsthop.publication.json.message import json_line

    told = {
        "out": str(out),
        "campaign": result.campaign,
        "tlp": result.tlp,
        "files": list(result.files),
        "finds": [one._asdict() for one in result.finds],
    }
    sys.stdout.write(json_line(told) + "\n")


def _write_text(result: ExportResult, out: Path, no_color: bool) -> None:
    from firsthop.faces.cli.finds import write_finds
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    write_finds(screen, result.finds)
    if result.finds:
        return
    screen.line((f"{out}: {result.campaign}, TLP:{result.tlp}", "green"))
    for name, one in result.formats.items():
        screen.line((name, "bold"), f": {', '.join(sorted(one.files)) or 'nothing'}")
        for rule in one.rules.rules if one.rules else ():
            found, false = rule.measured.found, rule.measured.other
            screen.line(
                f"{rule.name}: finds {found[0]} of {found[1]} messages, "
                f"{false[0]} of {false[1]} others",
                indent=4,
            )
        for none in one.rules.none if one.rules else ():
            screen.line(f"no {none.strength} rule ({none.form}): {none.reason}", indent=4)
        for reason, what in _by_reason(one.gaps):
            rest = f" and {len(what) - SHOWN} more" if len(what) > SHOWN else ""
            screen.line(f"{', '.join(what[:SHOWN])}{rest}: {reason}", indent=4)


def _by_reason(gaps: Iterable[Gap]) -> Iterator[tuple[str, list[str]]]:
    """What a format cannot say, or was refused, by the reason."""
    reasons: dict[str, list[str]] = {}
    for gap in gaps:
        reasons.setdefault(gap.reason, []).append(gap.what)
    yield from reasons.items()
