"""The console of rich, for a terminal."""

from __future__ import annotations

import sys
from typing import NoReturn, TextIO

from rich.console import Console
from rich.text import Text

from firsthop.faces.cli.escape import clean
from firsthop.faces.cli.screen import WIDTH, Part


class PipeConsole(Console):
    """A console that leaves a closed pipe to failures.py."""

    def on_broken_pipe(self) -> NoReturn:
        """Hand on what rich would turn into exit code 1."""
        raise BrokenPipeError


def open_console(file: TextIO | None = None, no_color: bool = False) -> Console:
    """A console on `file` (standard output by default)."""
    file = file or sys.stdout
    width = None if file.isatty() else WIDTH
    return PipeConsole(
        file=file,
        width=width,
        no_color=no_color or None,
        markup=False,
        emoji=False,
        highlight=False,
    )


def print_folded(
    console: Console, lead: tuple[str, str], parts: tuple[Part, ...], indent: int, width: int
) -> None:
    """Parts behind a lead with its style, folded under their own start."""
    before, text = Text(*lead), _assemble(parts)
    for line in text.wrap(console, width, overflow="fold") or [Text()]:
        line.rstrip()
        shown = Text.assemble(before, line)
        shown.rstrip()
        console.print(shown, soft_wrap=True)
        before = Text(" " * indent)


def _assemble(parts: tuple[Part, ...]) -> Text:
    return Text.assemble(
        *(
            (clean(part), "") if isinstance(part, str) else (clean(part[0]), part[1])
            for part in parts
        )
    )
