"""The terminal, or what stands in its place: lines with hanging indents, at the
terminal's width, or always 100 columns where there is none.

Every text goes through `clean`; no markup is ever read out of a text. Colours go off
with --no-color, NO_COLOR, or when nobody watches. Rich is loaded for a terminal; what
goes elsewhere is written as it is."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from firsthop.faces.cli.escape import clean
from firsthop.faces.cli.folding import folded

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100  # where there is no terminal: the output of a pipe is the same everywhere
NARROWEST = 40
LABEL = 12
_LIKE_A_TERMINAL = ("FORCE_COLOR", "TTY_COMPATIBLE")  # what makes rich take a pipe for one

Part = str | tuple[str, str]  # a text, or a text with its style


class Screen:
    """Writes lines."""

    def __init__(self, no_color: bool = False) -> None:
        self._no_color = no_color
        self._file = sys.stdout
        self._plain = not self._file.isatty() and os.environ.keys().isdisjoint(_LIKE_A_TERMINAL)
        self._width = WIDTH if self._plain else max(self._console.width, NARROWEST)

    @cached_property
    def _console(self) -> Console:
        from firsthop.faces.cli.console import open_console

        return open_console(self._file, self._no_color)

    def narrowed(self, columns: int) -> Screen:
        """The same screen, folding its lines at `columns` at the most."""
        screen = Screen.__new__(Screen)
        screen.__dict__.update(self.__dict__)
        screen._width = min(self._width, columns)
        return screen

    def line(self, *parts: Part, indent: int = 0) -> None:
        """Parts in a row, folded under their own start."""
        self._fold((" " * indent, ""), parts, indent)

    def labelled(self, label: str, *parts: Part, indent: int = 2, width: int = LABEL) -> None:
        """A label, and parts folded beside it."""
        self._fold(
            (" " * indent + f"{clean(label):<{width}}", "bold"),
            parts,
            indent + width,
        )

    def rule(self, *parts: Part, indent: int = 0) -> None:
        """Parts with a dash on either side."""
        self.line("── ", *parts, " ──", indent=indent)

    def gap(self) -> None:
        """An empty line."""
        if self._plain:
            self._file.write("\n")
            self._file.flush()  # what was said so far is seen
        else:
            self._console.print()

    def _fold(self, lead: tuple[str, str], parts: tuple[Part, ...], indent: int) -> None:
        width = max(self._width - indent, NARROWEST // 2)
        if self._plain:
            text = "".join(clean(part if isinstance(part, str) else part[0]) for part in parts)
            before = lead[0]
            for line in folded(text, width):
                self._file.write(f"{before}{line}".rstrip() + "\n")
                before = " " * indent
            return
        from firsthop.faces.cli.console import print_folded

        print_folded(self._console, lead, parts, indent, width)
