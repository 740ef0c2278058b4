"""`firsthop examine`: verdicts on each message, each with the findings, counts and
bytes it rests on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from firsthop.errors import SettingsError
from firsthop.evidence.dns.store import DnsStore
from firsthop.faces.cli.dns import DnsRequest, of_dns
from firsthop.faces.cli.options import VERBOSE, Request, of_reading
from firsthop.faces.cli.reading import Mail
from firsthop.judgement.examine import examine, examine_all


@click.command("examine")
@of_reading
@of_dns
@VERBOSE
@click.option(
    "--record",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Keep the DNS answers that were used, beside those the file holds; read too.",
)
def command(request: Request, dns: DnsRequest, verbose: bool, record: Path | None) -> int:
    """Judge each message in PATH... ("-" is standard input): the answer first, with its
    reason, where the message was handed over and whom to tell; with -v all findings,
    counts and bytes.

    `firsthop explain CHECK` says what a check looks for and when it is wrong.
    """
    with _recorded(dns.store, record) as store, request.reading(prints_meanwhile=True) as reading:
        mail = Mail(request, reading, store)
        if request.as_json:
            _write_json(mail, request)
        else:
            _write_text(mail, request, verbose)
    dns.report(quiet=request.quiet)
    return mail.exit_code


@contextmanager
def _recorded(store: DnsStore, record: Path | None) -> Iterator[DnsStore]:
    """The store; what was used of it is in the file afterwards, whatever ended the
    work."""
    if record is None:
        yield store
        return
    from firsthop.case.dns_answers import RecordingStore, answers_text, merged, read_answers_text
    from firsthop.system.given_file import read_given
    from firsthop.system.private import owner_only, tighten

    if not record.parent.is_dir():
        raise SettingsError(f"{record}: no such folder")  # said before the work, not after it
    former = read_answers_text(read_given(record), str(record)) if os.path.lexists(record) else ()
    noted = RecordingStore(inner=merged(store, former))
    try:
        yield noted
    finally:
        with owner_only():
            record.write_text(answers_text([*former, *noted.used]), encoding="utf-8", newline="\n")
        tighten(record)


def _write_json(mail: Mail, request: Request) -> None:
    from firsthop.publication.json.message import examine_line

    for some in mail.together():
        for examination in examine_all(some, request.case_file):
            sys.stdout.write(examine_line(examination) + "\n")


def _write_text(mail: Mail, request: Request, verbose: bool) -> None:
    from zoneinfo import ZoneInfo

    from firsthop.faces.cli.judged import show_judgement
    from firsthop.faces.cli.ladder import show_heading, show_ladder, show_trace_fields
    from firsthop.faces.cli.opened import show_opening
    from firsthop.faces.cli.screen import Screen
    from firsthop.faces.cli.vouched import show_vouched

    screen, zone = Screen(request.no_color), request.audience.time_zone
    for facts in mail:
        examination = examine(facts, request.case_file)
        show_opening(screen, examination, zone, more=not verbose)
        screen.gap()
        if verbose:
            show_heading(screen, facts)
            show_ladder(screen, facts.path, ZoneInfo(zone))
            show_trace_fields(screen, facts.trace_fields)
            show_vouched(screen, facts.authentication)
            show_judgement(screen, examination)
            screen.gap()
