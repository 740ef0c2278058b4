"""`firsthop examine`: verdicts on each message, each with the findings, counts and bytes it rests on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from firsthop.case.dns_answers import NotedStore, answers_text, joined, read_answers_text
from firsthop.errors import SettingsError
from firsthop.evidence.dns import Answer, DnsStore
from firsthop.faces.cli.dns import DnsRequest, of_dns
from firsthop.faces.cli.options import Request, of_reading
from firsthop.faces.cli.reading import Mail
from firsthop.judgement.examine import examine


@click.command("examine")
@of_reading
@of_dns
@click.option(
    "--record", metavar="FILE", type=click.Path(path_type=Path), help="Keep the DNS answers that were used, beside those the file holds; read too."
)
def command(request: Request, dns: DnsRequest, record: Path | None) -> int:
    """Judge each message in PATH... ("-" is standard input): verdicts with the evidence they rest on.

    `firsthop explain CHECK` says what a check looks for and when it is wrong.
    """
    with _recorded(dns.store, record) as store, request.reading(prints_meanwhile=True) as reading:
        mail = Mail(request, reading, store)
        (_write_json if request.as_json else _write_text)(mail, request)
    dns.report(quiet=request.quiet)
    return mail.exit_code


@contextmanager
def _recorded(store: DnsStore, record: Path | None) -> Iterator[DnsStore]:
    """The store; what was used of it is in the file afterwards, whatever ended the work."""
    if record is None:
        yield store
        return
    if not record.parent.is_dir():
        raise SettingsError(f"{record}: no such folder")  # said before the work, not after it
    former: tuple[Answer, ...] = read_answers_text(record.read_bytes(), str(record)) if record.exists() else ()
    noted = NotedStore(inner=joined(store, former))
    try:
        yield noted
    finally:
        record.write_text(answers_text([*former, *noted.used]), encoding="utf-8", newline="\n")


def _write_json(mail: Mail, request: Request) -> None:
    from firsthop.publication.contract import examine_object, json_line

    for facts in mail:
        sys.stdout.write(json_line(examine_object(examine(facts, request.brief))) + "\n")


def _write_text(mail: Mail, request: Request) -> None:
    from firsthop.faces.cli.judged import show_judgement
    from firsthop.faces.cli.ladder import show_heading
    from firsthop.faces.cli.screen import Screen
    from firsthop.faces.cli.vouched import show_vouched

    screen = Screen(request.no_color)
    for facts in mail:
        show_heading(screen, facts)
        show_vouched(screen, facts.authentication)
        show_judgement(screen, examine(facts, request.brief))
        screen.gap()
