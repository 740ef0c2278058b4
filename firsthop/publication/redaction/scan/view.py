"""A text to search, with the line of the file that each of its rows comes from.

Every decoder keeps the rows: a line feed that it decodes becomes a blank. So a find
names the line of the file, however deep it lay."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from firsthop.publication.redaction.canonical import folded
from firsthop.publication.redaction.known import MARKS

BLOCK = 1 << 22  # characters
OVERLAP = 64  # rows
APART = "|" * (MARKS + 1)  # more marks than stand within a name
NOISE = frozenset(("base64", "hexadecimal"))  # encodings whose digits stand in any token


@dataclass(frozen=True)
class View:
    """A text as one way of reading a file gives it."""

    text: str
    encodings: tuple[str, ...] = ()  # how it was decoded, the outermost first
    lines: Sequence[int] | None = None  # of each row; None: its own number

    @property
    def may_be_noise(self) -> bool:
        """Whether digits were decoded that may never have been a text."""
        return not NOISE.isdisjoint(self.encodings)

    @cached_property
    def _ends(self) -> list[int]:
        return _line_ends(self.text)

    @cached_property
    def _folded_ends(self) -> list[int]:
        return self._ends if self.text.isascii() else _line_ends(folded(self.text))

    def line(self, position: int) -> int:
        """The line of the file, from 1, of a position in the text."""
        return self.line_of_row(bisect_left(self._ends, position))

    def line_folded(self, position: int) -> int:
        """The same of a position in the folded text, which has as many rows: letters
        beyond ASCII are folded to more or fewer."""
        return self.line_of_row(bisect_left(self._folded_ends, position))

    def line_of_row(self, row: int) -> int:
        """The line of the file of a row, from 0."""
        if self.lines is None:
            return row + 1
        return self.lines[min(row, len(self.lines) - 1)] if self.lines else 1

    def blocks(self) -> Iterator[View]:
        """The view in parts of BLOCK characters, so that what is made of a part takes
        no more memory for a large file. Each begins OVERLAP rows before the former
        ends: what goes over less is whole in one of them."""
        start, row = 0, 0
        while len(self.text) - start > 2 * BLOCK:
            stop = self.text.find("\n", start + BLOCK)
            if stop < 0:
                break
            yield self._part(self.text[start:stop], row)
            again = self._again(start, stop)
            row += self.text.count("\n", start, again)
            start = again
        yield self._part(self.text[start:], row) if start else self

    def _again(self, start: int, stop: int) -> int:
        """Where the part behind one begins: OVERLAP rows before its end, or fewer where
        it has no more."""
        again = stop + 1
        for _ in range(OVERLAP):
            former = self.text.rfind("\n", start, again - 1) + 1
            if former <= start:
                break
            again = former
        return again

    def _part(self, text: str, row: int) -> View:
        lines = [self.line_of_row(row + n) for n in range(text.count("\n") + 1)]
        return View(text, self.encodings, lines)

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


def _line_ends(text: str) -> list[int]:
    ends = []
    place = text.find("\n")
    while place >= 0:
        ends.append(place)
        place = text.find("\n", place + 1)
    return ends
