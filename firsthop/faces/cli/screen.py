"""The terminal, or what stands in its place: lines with hanging indents, at the
terminal's width, or always 100 columns where there is none.

Every text goes through `clean`; no markup is ever read out of a text. Colours go off
with --no-color, NO_COLOR, or when nobody watches."""

from __future__ import annotations

import sys
from typing import NoReturn, TextIO

from rich.console import Console
from rich.text import Text

from firsthop.faces.cli.escape import clean

WIDTH = 100  # where there is no terminal: the output of a pipe is the same everywhere
NARROWEST = 40
LABEL = 12

Part = str | tuple[str, str]  # a text, or a text with its style


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


class Screen:
    """Writes lines."""

    def __init__(self, no_color: bool = False) -> None:
        self._console = open_console(no_color=no_color)
        self._width = max(self._console.width, NARROWEST)
        self._plain = not self._console.is_terminal

    def narrowed(self, columns: int) -> Screen:
        """The same screen, folding its lines at `columns` at the most."""
        screen = Screen.__new__(Screen)
        screen._console, screen._plain = self._console, self._plain
        screen._width = min(self._width, columns)
        return screen

    def line(self, *parts: Part, indent: int = 0) -> None:
        """Parts in a row, folded under their own start."""
        self._fold(Text(" " * indent), _assemble(parts), indent)

    def labelled(self, label: str, *parts: Part, indent: int = 2, width: int = LABEL) -> None:
        """A label, and parts folded beside it."""
        self._fold(
            Text(" " * indent + f"{clean(label):<{width}}", "bold"),
            _assemble(parts),
            indent + width,
        )

    def rule(self, *parts: Part, indent: int = 0) -> None:
        """Parts with a dash on either side."""
        self.line("── ", *parts, " ──", indent=indent)

    def gap(self) -> None:
        """An empty line."""
        self._console.print()

    def _fold(self, lead: Text, text: Text, indent: int) -> None:
        if self._plain and len(text) <= self._width - indent and text.plain.isascii():
            # the usual line of a pipe needs nothing of rich
            self._console.file.write(f"{lead.plain}{text.plain}".rstrip() + "\n")
            return
        for line in text.wrap(
            self._console, max(self._width - indent, NARROWEST // 2), overflow="fold"
        ) or [Text()]:
            line.rstrip()
            shown = Text.assemble(lead, line)
            shown.rstrip()
            self._console.print(shown, soft_wrap=True)
            lead = Text(" " * indent)


def _assemble(parts: tuple[Part, ...]) -> Text:
    return Text.assemble(
        *(
            (clean(part), "") if isinstance(part, str) else (clean(part[0]), part[1])
            for part in parts
        )
    )
