"""`firsthop trace`: the hops of each message, newest first, with the line that parts
what is believed from what is claimed."""

from __future__ import annotations

import sys

import click

from firsthop.faces.cli.options import Request, of_reading
from firsthop.faces.cli.reading import Mail


@click.command("trace")
@of_reading
def command(request: Request) -> int:
    """Show each message in PATH... ("-" is standard input): the answer first, then its
    hops, each with who vouches for it.

    A PATH is a message, a folder, an mbox, a Maildir, an archive of these, or text with
    header lines in it."""
    with request.reading(prints_meanwhile=True) as reading:
        mail = Mail(request, reading)
        (_write_json if request.as_json else _write_text)(mail, request)
    return mail.exit_code


def _write_json(mail: Mail, _request: Request) -> None:
    from firsthop.publication.json.message import trace_line

    for facts in mail:
        sys.stdout.write(trace_line(facts) + "\n")


def _write_text(mail: Mail, request: Request) -> None:
    from zoneinfo import ZoneInfo

    from firsthop.faces.cli.ladder import show_heading, show_ladder, show_trace_fields
    from firsthop.faces.cli.opened import show_opening
    from firsthop.faces.cli.screen import Screen
    from firsthop.judgement.examine import examine

    screen, zone = Screen(request.no_color), ZoneInfo(request.audience.time_zone)
    for facts in mail:
        show_opening(screen, examine(facts, request.case_file), zone.key, more=False)
        screen.gap()
        show_heading(screen, facts)
        show_ladder(screen, facts.path, zone)
        show_trace_fields(screen, facts.trace_fields)
        screen.gap()
