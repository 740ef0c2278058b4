"""`firsthop investigate`: the main job, into a case folder."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firsthop.errors import SettingsError
from firsthop.faces.cli.dns import DnsRequest, of_dns
from firsthop.faces.cli.failures import complain
from firsthop.faces.cli.noted import NOTED, time_to_note
from firsthop.faces.cli.options import Request, of_reading
from firsthop.faces.cli.signals import EndedBySignal, ending, received

if TYPE_CHECKING:
    from firsthop.investigation.investigate import InvestigationResult


@click.command("investigate")
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    metavar="CASE",
    help="The case folder: a new one, or one that the mail is added to.",
)
@click.option(
    "--replace",
    is_flag=True,
    help="Replace the mail that the case holds instead of adding to it; the journal notes what "
    "went.",
)
@click.option(
    "--pdf",
    "pages",
    is_flag=True,
    help="Write the bulletins as PDF/A too (extra: pdf).",
)
@NOTED
@click.option(
    "--background",
    "backgrounds",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Other mail to measure rarity against. Repeatable.",
)
@click.option(
    "--engine",
    metavar="duckdb|sc://HOST:PORT",
    default="duckdb",
    show_default=True,
    help="What counts and compares the heap: DuckDB in this program, or a Spark Connect server. "
    "Same result.",
)
@click.option(
    "--send-mail",
    is_flag=True,
    help="Send the mail to that server too, whose workers examine it (they need firsthop).",
)
@click.option(
    "--places",
    multiple=True,
    metavar="rir|FILE.mmdb",
    help="Data on the country and network of addresses (extra: places). Repeatable; none by "
    "default.",
)
@click.option(
    "--contacts",
    multiple=True,
    metavar="ADDRESS=PATH",
    help="Contacts of somebody whose name is forged: vCard, CSV, sent mail. Repeatable. They are "
    "compared here; only counts enter the case.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes that read the mail of a large heap. All processors by default.",
)
@of_reading
@of_dns
def command(  # noqa: PLR0913, PLR0917 - each is an option
    request: Request,
    dns: DnsRequest,
    out: Path,
    replace: bool,
    pages: bool,
    noted: str | None,
    backgrounds: tuple[Path, ...],
    engine: str,
    send_mail: bool,
    jobs: int | None,
    places: tuple[str, ...],
    contacts: tuple[str, ...],
) -> int:
    """Investigate the mail in PATH... ("-" is standard input) and write a case folder:
    facts, campaigns, bulletin, journal.

    A file case.toml in a given folder says what the mail cannot: title, author, claimed
    provider, asserted claims. The DNS answers that were used are kept in
    CASE/dns.jsonl, and read from there when the case is written again. A case that is
    not as its journal says is refused; where PATH... holds no mail, nothing is written
    (both exit code 2).

    Of --places and --contacts only counts stay in the case. Mail that is added without
    them leaves the counts as they were, and a line says what they do not cover (exit
    code 1).

    Mail is added to a case that is there: what it holds stays, from its own facts, and
    the same mail gives the same case in whatever steps and order it came. Facts stand
    beside each other where they were established with the same settings; with others,
    all of the case's mail has to be given again.

    With --engine sc://HOST:PORT a heap that lies where the server sees it is read
    there, by its workers: spark:TABLE (columns uri and bytes), spark:FOLDER or
    spark:FILE.parquet in the place of PATH... Only results come back.

    A run that was interrupted or killed keeps what it has read, in steps of 8,192
    messages; the same command goes on from there."""
    from firsthop.case.manifest import MANIFEST
    from firsthop.faces.cli.left_out import left_out_lines
    from firsthop.investigation.investigate import investigate
    from firsthop.system.workers import usable_cpus

    with noting_what_is_kept(out), request.reading(prints_meanwhile=False) as reading:
        result = investigate(
            request.paths,
            out,
            settings=request.settings,
            case_file=request.case_file if request.case_file_path else None,
            case_file_path=request.case_file_path,
            stdin=sys.stdin.buffer,
            passwords=request.passwords,
            progress=reading,
            time=time_to_note(noted),
            store=dns.store,
            backgrounds=backgrounds,
            engine=_engine(engine),
            send_mail=send_mail,
            places=places,
            contacts=contacts,
            jobs=jobs or usable_cpus(),
            replace=replace,
            pages=pages,
        )
        for line in left_out_lines(result.skipped, f"{MANIFEST} names all"):
            reading.say(f"not read: {line}")
    for what in result.uncovered:
        complain(what)
    dns.report(quiet=request.quiet)
    _show(result, out, request)
    return 1 if result.skipped or result.uncovered else 0


@contextmanager
def noting_what_is_kept(out: Path) -> Iterator[None]:
    """Says what a run that a signal ended has kept."""
    try:
        yield
    except KeyboardInterrupt:
        _say_what_is_kept(signal.SIGINT, out)
        raise
    except (Exception, EndedBySignal) as error:
        if (number := received()) is None:
            raise
        _say_what_is_kept(number, out)
        raise EndedBySignal(number, said=True) from error


def _say_what_is_kept(number: int, out: Path) -> None:
    from firsthop.case.working import kept_messages

    kept = kept_messages(out)
    complain(
        f"{ending(number)}: {kept:,} messages are kept in {out}; the same command goes on from "
        f"there"
        if kept
        else f"{ending(number)}: nothing unfinished is left in {out}"
    )


def _engine(named: str) -> str:
    """The engine as named; SettingsError for one that is none."""
    if named == "duckdb" or named.startswith("sc://"):
        return named
    raise SettingsError(f"--engine {named}: duckdb, or sc://HOST:PORT")


def _what_became(result: InvestigationResult, out: Path) -> str:
    """What became of a case that was there; nothing of a new one."""
    if result.unchanged:
        return f"{out}: nothing new, the case is as it was"
    if result.replaced:
        return f"{out}: {_counted(result.replaced.messages)} of the case replaced"
    held = result.messages - result.added
    return f"{out}: {_counted(result.added)} added to {held:,}" if held else ""


def _counted(messages: int) -> str:
    return f"{messages:,} {'message' if messages == 1 else 'messages'}"


def _show(result: InvestigationResult, out: Path, request: Request) -> None:
    if request.as_json:
        from firsthop.publication.json.message import json_line

        skipped = [{"uri": one.uri, "reason": one.reason} for one in result.skipped]
        sys.stdout.write(
            json_line(
                {
                    "case": str(out),
                    "messages": result.messages,
                    "replaced": result.replaced._asdict() if result.replaced else None,
                    "entries": result.entries,
                    "skipped": skipped,
                    "files": list(result.files),
                }
            )
            + "\n"
        )
    elif not request.quiet:
        from firsthop.faces.cli.screen import Screen

        screen = Screen(request.no_color)
        if told := _what_became(result, out):
            screen.line((told, "bold"))
            screen.line("")
        for line in result.lines("en"):
            if line.startswith("- "):
                screen.labelled("-", line[2:], indent=0, width=2)
            else:
                screen.line(line)
