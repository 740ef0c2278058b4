"""The command line. Subcommands are loaded when they are called: `firsthop --help`
imports click and nothing else.

Exit codes: 0 done; 1 done, with inputs that could not be read (each named on standard
error), `verify` found a change or `publish` a leak; 2 usage or settings.
            130 interrupted, 143 and 129 ended by SIGTERM and SIGHUP, 141 the reader of
            a pipe went away, 70 a fault of this program.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
import threading
from contextlib import suppress
from typing import Any, NoReturn

import click

from firsthop import __version__
from firsthop.faces.cli.failures import PIPE_CLOSED, guarded
from firsthop.system.garbage import OLDER, OLDEST, YOUNG

COMMANDS = {
    "trace": "The hops of each message, each with who vouches for it.",
    "examine": "A verdict on each message, with the evidence it rests on.",
    "investigate": "Campaigns, their distinctive elements and a bulletin, in a case folder.",
    "campaigns": "The operations, campaigns and waves of a case.",
    "why": "What ties two messages of a case, in bits and fields.",
    "match": "The mail of a campaign elsewhere, by its signature.",
    "background": "Other mail to measure rarity against.",
    "publish": "The files of a case that may go out, redacted and searched.",
    "pack": "The evidence of a case, sealed in one file for who has to check it.",
    "export": "A campaign as filter rules, intelligence and drafts of reports.",
    "verify": "Proof that nothing in a case folder was changed.",
    "explain": "What a check looks for, why, and when it is wrong.",
}
PACKAGE = "firsthop.faces.cli"
_TOOLS = 6  # so many can watch a process at a time (PEP 669)


class Firsthop(click.Group):
    """The commands by name, in the order of the work; each in the module of
    its name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """All names, without loading any command."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"{PACKAGE}.{cmd_name}").command
        _collect_garbage()
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, without loading any command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run and exit; what goes wrong is one line on standard error (failures.py)."""
        extra["standalone_mode"] = False
        guarded(lambda: super(Firsthop, self).main(*args, **extra))

    def invoke(self, ctx: click.Context) -> Any:
        """Keep a broken pipe from click, which would call it a failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise PipeClosed from error


class PipeClosed(click.exceptions.Exit):
    """Whoever read our output went away."""

    def __init__(self) -> None:
        super().__init__(PIPE_CLOSED)


@click.command(
    cls=Firsthop,
    epilog="Exit codes: 0 done; 1 done, but inputs could not be read, verify found a change or "
    "publish a leak; 2 "
    "wrong usage or settings, or no mail to investigate; 130, 143, 129 ended by SIGINT, SIGTERM, "
    "SIGHUP.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _parameter, asked: _show_version(context) if asked else None,
    help="Show the version and which engine reads, and exit.",
)
def cli() -> None:
    """Where forged mail was really handed over, what belongs together, and what stays
    undecided."""


def _show_version(context: click.Context) -> None:
    from firsthop.evidence.bulk.engine import engine

    click.echo(f"firsthop {__version__} (reads by: {engine()})")
    context.exit()


def main() -> NoReturn:
    """The console script."""
    gc.disable()  # what a start loads is never garbage
    try:
        cli.main(prog_name="firsthop")
    except SystemExit as error:
        if isinstance(error.code, int):
            _leave(error.code)
        raise


def _leave(code: int) -> None:
    """Ends the process as Python does, but lets go of no object that ends with it. Not
    beside DuckDB, which cleans up behind itself, nor where other threads are at work or
    somebody watches, who tells what was seen afterwards."""
    if "duckdb" in sys.modules or threading.active_count() > 1 or _is_watched():
        return
    atexit._run_exitfuncs()
    with suppress(OSError, ValueError):  # nobody reads them
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _is_watched() -> bool:
    """Whether a debugger, a profiler or what counts lines is at work."""
    monitoring: Any = getattr(sys, "monitoring", None)  # from Python 3.12 on
    watching = monitoring and any(monitoring.get_tool(number) for number in range(_TOOLS))
    return bool(watching or sys.gettrace() or sys.getprofile())


def _collect_garbage() -> None:
    """From now on, and seldom: one mail makes less than is worth a look. What a start
    loads stays out of it to the end, which would go through all of it once more."""
    gc.freeze()
    atexit.register(_unfreeze)
    gc.set_threshold(YOUNG, OLDER, OLDEST)
    gc.enable()


def _unfreeze() -> None:
    """Beside DuckDB, which else calls a leak what ends with the program: where a signal
    ended it, what was loaded first still holds some of it."""
    if "duckdb" in sys.modules:
        gc.unfreeze()
