"""What the pictures are drawn with: lines, dots and text as SVG elements.

Each is made for a width of WIDTH units, which a telephone shows as it is and a wider
page enlarges a little; nothing is told by colour alone. There is no style, no script,
no link and no typeface in them, and every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from firsthop.publication.bulletin.document import Bullets, Paragraph, Table, Value
from firsthop.publication.bulletin.render import visible, words
from firsthop.publication.words import say

WIDTH = 400  # user units
SIZE, SMALL = 13, 11.5  # of text
_EM = 0.6  # width of a letter, of the widest typeface that may show it
Said = Sequence[Paragraph | Bullets | Table]


class Canvas:
    """Takes what is drawn, in one language and one colour."""

    def __init__(self, language: str, ink: str) -> None:
        self._language, self._ink = language, ink
        self._parts: list[str] = []

    def say(self, value: Value | Paragraph) -> str:
        """A value in the picture's language, control characters made visible."""
        return words(value, self._language, visible, visible)

    def word(self, key: str) -> str:
        """A word of the bulletin."""
        return say(self._language, key)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        anchor: str = "start",
        size: float = SIZE,
        *,
        bold: bool = False,
    ) -> None:
        """One line of text; `y` is its base line."""
        weight = ' font-weight="bold"' if bold else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{_n(size)}"'
            f"{weight}>{escape(text)}</text>"
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        width: float = 1,
        dash: str = "",
        *,
        faint: bool = False,
    ) -> None:
        """A straight line."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        opacity = ' stroke-opacity="0.35"' if faint else ""
        self._parts.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
            f'stroke="{self._ink}" stroke-width="{_n(width)}"{dashes}{opacity}/>'
        )

    def dot(self, x: float, y: float, radius: float, *, filled: bool = True) -> None:
        """A disc, or a ring."""
        ring = "" if filled else f' fill="none" stroke="{self._ink}" stroke-width="1.5"'
        self._parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"{ring}/>')

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """The outline of a rectangle."""
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="4" '
            f'fill="none" stroke="{self._ink}" stroke-opacity="0.5"/>'
        )

    def zigzag(self, x: float, y: float) -> None:
        """The sign of a broken way."""
        self.line(x - 9, y + 4, x - 1, y - 6, 2)
        self.line(x - 1, y - 6, x + 1, y + 6, 2)
        self.line(x + 1, y + 6, x + 9, y - 4, 2)

    def svg(self, height: float, alt: Paragraph, said: Said) -> str:
        """The picture with its title and its description."""
        told = " ".join(told_in_words(said, self._language))
        desc = f"<desc>{escape(told)}</desc>" if told else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
            f'viewBox="0 0 {WIDTH} {_n(height)}" width="100%" fill="{self._ink}">'
            f"<title>{escape(self.say(alt))}</title>{desc}{''.join(self._parts)}</svg>"
        )


def told_in_words(said: Said, language: str) -> Iterator[str]:
    """The sentences of paragraphs, lists and tables, a row a sentence."""
    for block in said:
        if isinstance(block, Table):
            for row in block.rows:
                cells = (words(cell, language, visible, visible) for cell in row)
                heads = (say(language, column) for column in block.columns)
                yield ", ".join(map(": ".join, zip(heads, cells, strict=True))) + "."
        else:
            some = block.items if isinstance(block, Bullets) else (block,)
            yield from (words(one, language, visible, visible) for one in some)


def wrapped(text: str, width: float, lines: int = 2, size: float = SIZE) -> list[str]:
    """`text` on at most so many lines that are no wider; broken at blanks where that
    can be, cut in the middle where it is too long."""
    letters = max(int(width / (size * _EM)), 4)
    text = shortened(text, letters * lines)
    rows: list[str] = []
    while text and len(rows) < lines - 1 and len(text) > letters:
        place = text.rfind(" ", 0, letters + 1)
        if place <= 0 or len(text) - place > letters * (lines - len(rows) - 1):
            place = _mark(text, letters, letters * (lines - len(rows) - 1))
        rows.append(text[:place].rstrip())
        text = text[place:].lstrip()
    return [*rows, shortened(text, letters)] if text else rows or [""]


def _mark(text: str, letters: int, room: int) -> int:
    """Where a text without blanks is broken: behind a mark, if the rest has room."""
    for place in range(letters, max(letters // 2, len(text) - room) - 1, -1):
        if text[place - 1] in ".-_/@:":
            return place
    return letters


def shortened(text: str, letters: int) -> str:
    """`text`, its middle left out where it has more letters."""
    if len(text) <= letters:
        return text
    front = letters // 2
    return f"{text[:front]}…{text[len(text) - (letters - 1 - front) :]}"


def _n(number: float) -> str:
    """A number as short as can be."""
    return f"{number:.1f}".rstrip("0").rstrip(".")
