"""`firsthop examine`: verdicts on each message, each with the findings, counts and bytes it rests on."""

from __future__ import annotations

import sys

import click

from firsthop.faces.cli.options import Request, of_reading
from firsthop.faces.cli.reading import Mail
from firsthop.judgement.examine import examine


@click.command("examine")
@of_reading
def command(request: Request) -> int:
    """Judge each message in PATH... ("-" is standard input): verdicts with the evidence they rest on.

    `firsthop explain CHECK` says what a check looks for and when it is wrong.
    """
    with request.reading(prints_meanwhile=True) as reading:
        mail = Mail(request, reading)
        (_write_json if request.as_json else _write_text)(mail, request)
    return mail.exit_code


def _write_json(mail: Mail, request: Request) -> None:
    from firsthop.publication.contract import examine_object, json_line

    for facts in mail:
        sys.stdout.write(json_line(examine_object(examine(facts, request.brief))) + "\n")


def _write_text(mail: Mail, request: Request) -> None:
    from firsthop.faces.cli.judged import show_judgement
    from firsthop.faces.cli.ladder import show_heading
    from firsthop.faces.cli.screen import Screen

    screen = Screen(request.no_color)
    for facts in mail:
        show_heading(screen, facts)
        show_judgement(screen, examine(facts, request.brief))
        screen.gap()
