"""A text to search, with the line of the file that each of its rows comes from.

Every decoder keeps the rows: a line feed that it decodes becomes a blank. So a find
names the line of the file, however deep it lay."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class View:
    """A text as one way of reading a file gives it."""

    text: str
    encodings: tuple[str, ...] = ()  # how it was decoded, the outermost first
    lines: Sequence[int] | None = None  # of each row; None: its own number

    @cached_property
    def _ends(self) -> list[int]:
        ends = []
        place = self.text.find("\n")
        while place >= 0:
            ends.append(place)
            place = self.text.find("\n", place + 1)
        return ends

    def line(self, position: int) -> int:
        """The line of the file, from 1, of a position in the text."""
        row = bisect_right(self._ends, position - 1) if position else 0
        return self.line_of_row(row)

    def line_of_row(self, row: int) -> int:
        """The line of the file of a row, from 0."""
        if self.lines is None:
            return row + 1
        return self.lines[min(row, len(self.lines) - 1)] if self.lines else 1

    def read_as(self, encoding: str, text: str) -> View:
        """The same rows, decoded."""
        return View(text, (*self.encodings, encoding), self.lines)

    def of_rows(self, encoding: str, rows: Iterable[tuple[str, int]]) -> View:
        """Rows that were decoded, each with its line."""
        kept = [(" ".join(text.splitlines()), line) for text, line in rows]
        return View(
            "\n".join(text for text, _ in kept),
            (*self.encodings, encoding),
            [line for _, line in kept],
        )
