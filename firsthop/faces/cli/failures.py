"""What goes wrong becomes one line on standard error and an exit code; only a fault of
this program shows a traceback, escaped."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click

from firsthop.errors import FirsthopError
from firsthop.faces.cli.escape import clean
from firsthop.faces.cli.signals import EndedBySignal, ending, heeding_signals, received

USAGE = 2
FAULT = 70  # EX_SOFTWARE of sysexits.h
SIGNALLED = 128  # and the number of the signal, as shells have it
_STREAMS = {"stdin": "r", "stdout": "w", "stderr": "w"}  # in the order of their numbers
PIPE_CLOSED = 141  # what a shell shows for a program ended by SIGPIPE


def guarded(run: Callable[[], object]) -> NoReturn:
    """Run a command and exit with its code."""
    _open_what_is_closed()
    _make_output_safe()
    with heeding_signals():
        code = _code_of(run)
    if code == PIPE_CLOSED:
        _forget_output()
    sys.exit(code)


def complain(text: str) -> None:
    """One line on standard error; whatever it quotes is escaped."""
    with contextlib.suppress(BrokenPipeError):
        click.echo(f"firsthop: {clean(text)}", err=True)


def _code_of(run: Callable[[], object]) -> int:
    """What a signal has ended is told as that, whatever a library made of it."""
    try:
        return _code_of_work(run)
    except EndedBySignal as error:
        if not error.said:
            complain(ending(error.number))
        return SIGNALLED + error.number


def _code_of_work(run: Callable[[], object]) -> int:
    try:
        code = run()
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.Abort:
        return SIGNALLED + signal.SIGINT
    except BrokenPipeError:
        return PIPE_CLOSED
    except click.UsageError as error:
        return _wrong_usage(error)
    except Exception as error:
        if (number := received()) is not None:
            raise EndedBySignal(number) from error
        return _code_of_error(error)


def _code_of_error(error: Exception) -> int:
    if isinstance(error, OSError):
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    elif isinstance(error, click.ClickException | FirsthopError):
        complain(str(error))
    else:  # it may quote a mail: nothing of it may reach the terminal unescaped
        return _fault()
    return USAGE


def _wrong_usage(error: click.UsageError) -> int:
    # click 8.2 and later; before, it showed the help by itself
    if error.ctx and type(error).__name__ == "NoArgsIsHelpError":
        click.echo(error.ctx.get_help(), err=True)
        return USAGE
    command = error.ctx.command_path if error.ctx else "firsthop"
    complain(f"{' '.join(error.format_message().split())} ({command} --help says more)")
    return USAGE


def _fault() -> int:
    import traceback

    for line in traceback.format_exc().splitlines():
        click.echo(clean(line), err=True)
    complain("this is a fault of firsthop, not of the mail: please report it")
    return FAULT


def _open_what_is_closed() -> None:
    """A standard stream that whoever started the program has closed is empty, or leads
    nowhere; no file that is opened later takes its number."""
    for name, mode in _STREAMS.items():
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _make_output_safe() -> None:
    """A character that the terminal's encoding lacks is shown as an escape, and is no
    reason to stop."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """Let the interpreter's own last flush go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        output = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, output)
        os.close(nowhere)
