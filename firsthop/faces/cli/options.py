"""The options that several commands share, and the request that they make together."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from firsthop.case_file import CaseFile, audience_of
from firsthop.faces.cli.configuration import case_file_of, settings_of, tell_belonging
from firsthop.faces.cli.progress import ProgressBar, expected_bytes
from firsthop.settings import Audience, Settings
from firsthop.system.named_tuple import NamedTuple

JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, one object a line.")
VERBOSE = click.option(
    "--verbose",
    "-v",
    is_flag=True,
    help="All findings, counts and bytes, and the path line by line.",
)
NO_COLOR = click.option(
    "--no-color", is_flag=True, help="No colours (NO_COLOR in the environment does the same)."
)
OF_READING = (
    click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
    JSON,
    click.option(
        "--own",
        multiple=True,
        metavar="SERVER",
        help="A server of yours: host, .domain, address, range, or a receiver's key such as "
        "microsoft365. Repeatable.",
    ),
    click.option(
        "--no-assume",
        is_flag=True,
        help="With no server named: take nobody for the receiver, instead of the topmost line's "
        "writer.",
    ),
    click.option(
        "--settings",
        "settings_file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="TOML: own, authserv_ids, time_zone, tlp.",
    ),
    click.option(
        "--case",
        "case_file_path",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Case file; by default case.toml in a given folder.",
    ),
    click.option(
        "--password",
        "passwords",
        multiple=True,
        metavar="PASSWORD",
        help="For encrypted zip archives; infected, malware and virus are tried anyway. "
        "Repeatable.",
    ),
    click.option("--quiet", "-q", is_flag=True, help="No progress and no summary."),
    NO_COLOR,
)


class Request(NamedTuple):
    """What the operator asks of a command that reads mail."""

    paths: tuple[str, ...]
    case_file: CaseFile
    case_file_path: Path | None
    settings: Settings
    audience: Audience
    passwords: tuple[str, ...]
    as_json: bool
    quiet: bool
    no_color: bool

    def reading(self, *, prints_meanwhile: bool) -> ProgressBar:
        """A bar only on a terminal, and not where it would run into the results."""
        wanted = (
            not self.quiet
            and sys.stderr.isatty()
            and not (prints_meanwhile and sys.stdout.isatty())
        )
        return ProgressBar(wanted, self.no_color, expected_bytes(self.paths) if wanted else None)


def of_reading(command: Callable[..., int]) -> Callable[..., int]:
    """Gives a command the shared options, as one Request; its own come as they are."""

    @functools.wraps(command)
    def run(
        *,
        paths: tuple[str, ...],
        own: tuple[str, ...],
        settings_file: Path | None,
        case_file_path: Path | None,
        no_assume: bool,
        passwords: tuple[str, ...],
        **rest: Any,
    ) -> int:
        case_file, place = case_file_of(case_file_path, paths)
        shown = {name: rest.pop(name) for name in ("as_json", "quiet", "no_color")}
        settings = settings_of(settings_file, own, assume=not no_assume)
        if not shown["quiet"]:
            tell_belonging(settings.own)
        audience = audience_of(settings, case_file)
        return command(
            Request(paths, case_file, place, settings, audience, passwords, **shown), **rest
        )

    for option in reversed(OF_READING):
        run = option(run)
    return run
