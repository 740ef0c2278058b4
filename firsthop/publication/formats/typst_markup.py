"""A document as Typst markup, from which a PDF is made (pdf.py).

All text stands in string literals: none of it can be markup. What the typeface of the
PDF cannot show is written as an escape, so that no character is lost in silence."""

from __future__ import annotations

import re
from typing import NamedTuple

from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Document,
    Listing,
    Paragraph,
    Picture,
    Section,
    Table,
    Value,
)
from firsthop.publication.bulletin.render import title, visible, words
from firsthop.publication.clock import day_of
from firsthop.publication.formats.pictures import svg
from firsthop.publication.formats.pictures.canvas import told_in_words
from firsthop.publication.words import say

# what the typefaces within Typst show (Libertinus Serif, DejaVu Sans Mono), tried
# character by character with PDF/A, which refuses any other
_UNSHOWN = re.compile("[^ -~\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u2010-\u2040\u2190-\u226f]")
_INK = "#111111"  # of pictures: a page of paper has no colour of its own
_WIDE = 105  # letters of the longest words of all columns; more have a page on its side
_FITTING = 140  # letters, with margins, that stand beside each other on an upright page
_MARGINS = 3  # letters of a column
_LONGEST = 28  # letters of a cell that count: longer ones are wrapped
_SETUP = """#set page(paper: "a4", margin: (x: 20mm, y: 22mm), numbering: "1 / 1", header: [
#h(1fr) #box(fill: black, inset: (x: 5pt, y: 3pt), text(white, weight: "bold", size: 8pt, {tlp}))])
#set par(leading: 0.62em)
#set text(size: 10.5pt, hyphenate: false)
#show raw: set text(size: 0.92em)
#let wrapped(it, length) = if it.text.len() <= length { it } else {
  let parts = regex("[^.@_/:=+\\]-]{1,10}[.@_/:=+\\]-]*|[.@_/:=+\\]-]+")
  it.text.matches(parts).map(part => part.text).join(box(width: 0pt))
}
#show raw: it => wrapped(it, 70)
#show table: it => { show raw: value => wrapped(value, 12); it }
#show heading: set block(above: 1.5em, below: 0.8em)
#set table(stroke: 0.4pt + luma(140), inset: 3.5pt)
#show table: set text(size: 7.5pt)
#show table: set par(justify: false)
#let lead(it) = block(sticky: true, it)
"""


def typst(document: Document, language: str, version: str) -> str:
    """The markup of a document in one language."""
    name = _text(title(document, language))
    day = day_of(document.dated, "UTC")
    tlp = _literal(say(language, "document.tlp", {"tlp": document.tlp}))
    lines = [
        (
            f"#set document(title: {_literal(title(document, language))}, "
            f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))"
        ),
        f"#set text(lang: {_literal(language)})",
        _SETUP.replace("{tlp}", tlp),
        f'#text(size: 18pt, weight: "bold")[{name}]',
        "",
    ]
    lines += [
        f"- {_text(say(language, key))}: {_value(value, language)}" for key, value in document.facts
    ]
    for section in document.sections:
        lines += ["", *_section(section, language)]
    made = say(language, "document.generated", {"version": version})
    return "\n".join([*lines, f"#line(length: 100%)\n#text(size: 8pt)[{_text(made)}]", ""])


def _section(section: Section, language: str) -> list[str]:
    """A section; with a wide table it has pages of its own, on their side."""
    lines = [f"= {_text(say(language, section.title))}", ""]
    following = [*section.blocks[1:], None]
    for block, after in zip(section.blocks, following, strict=False):
        leads = isinstance(block, Paragraph) and isinstance(after, Table | Bullets)
        made = _block(block, language)
        lines += [*(["#lead[", *made, "]"] if leads else made), ""]
    if any(isinstance(block, Table) and _is_wide(block, language) for block in section.blocks):
        return ["#page(flipped: true, margin: (x: 15mm, top: 18mm, bottom: 15mm))[", *lines, "]"]
    return lines


class _Column(NamedTuple):
    """How many letters a column of a table takes."""

    whole: int  # its longest cell on one line
    least: int  # its longest word
    wanted: int  # what its cells take in reasonable lines


def _columns(table: Table, language: str) -> list[_Column]:
    made = []
    for n, key in enumerate(table.columns):
        head = say(language, key)
        cells = [words(row[n], language, visible, visible) for row in table.rows]
        longest = max(map(len, cells), default=0)
        least = max(len(word) for cell in [head, *cells] for word in cell.split() or [""])
        least = min(least, _LONGEST)
        wanted = max(least, min(longest, _LONGEST)) + _MARGINS
        made.append(_Column(max(longest, len(head)) + _MARGINS, least, wanted))
    return made


def _is_wide(table: Table, language: str) -> bool:
    """Whether its columns, wrapped at their blanks, are wider than an upright page."""
    return sum(one.least for one in _columns(table, language)) > _WIDE


def _widths(table: Table, language: str) -> str:
    """As wide as their cells, where the page holds them; else in proportion to what
    they want."""
    columns = _columns(table, language)
    fits = sum(one.whole for one in columns) <= _FITTING
    return "".join("auto, " if fits else f"{one.wanted}fr, " for one in columns)


def _block(block: Block, language: str) -> list[str]:
    if isinstance(block, Paragraph):
        return [_value(block, language)]
    if isinstance(block, Picture):
        return [_picture(block, language)]
    if isinstance(block, Listing):
        return _listing(block)
    if isinstance(block, Bullets):
        return [f"- {_value(item, language)}" for item in block.items]
    return _table(block, language)


def _picture(block: Picture, language: str) -> str:
    said = words(block.alt, language, visible, visible)
    told = " ".join((said, *told_in_words(block.said, language)))
    image = f'image(bytes({_literal(svg(block, language, _INK))}), format: "svg", '
    return f"#figure({image}alt: {_literal(told)}, width: 118mm), caption: [{_text(said)}])"


def _listing(listing: Listing) -> list[str]:
    rows = [f"[{_text(number)}], [{_raw(text.text)}]," for number, text in listing.lines]
    setup = "columns: (auto, 1fr), stroke: none, inset: (x: 3pt, y: 1.5pt), align: (right, left)"
    return [f"#table({setup},", *rows, ")"]


def _table(table: Table, language: str) -> list[str]:
    head = ", ".join(f"[*{_text(say(language, column))}*]" for column in table.columns)
    rows = [", ".join(f"[{_value(cell, language)}]" for cell in row) + "," for row in table.rows]
    return [f"#table(columns: ({_widths(table, language)}), table.header({head}),", *rows, ")"]


def _value(value: Value | Paragraph, language: str) -> str:
    return words(value, language, _raw, _text)


def _raw(text: str) -> str:
    """Text that is not ours; where it is long, the setup lets it be wrapped."""
    return f"#raw({_literal(visible(text))});"


def _text(text: str) -> str:
    return f"#{_literal(text)};" if text else ""


def _literal(text: str) -> str:
    """A string literal of Typst."""
    shown = _UNSHOWN.sub(lambda match: f"\\u{{{ord(match[0]):x}}}", text)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
