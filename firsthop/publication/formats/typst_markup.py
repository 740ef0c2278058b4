"""A document as Typst markup, from which a PDF is made (pdf.py).

All text stands in string literals: none of it can be markup. What the typeface of the
PDF cannot show is written as an escape, so that no character is lost in silence."""

from __future__ import annotations

import re

from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Document,
    Paragraph,
    Table,
    Timeline,
    Value,
)
from firsthop.publication.bulletin.render import title, visible, words
from firsthop.publication.clock import day_of
from firsthop.publication.formats.svg import timeline
from firsthop.publication.words import say

# what the typefaces within Typst show (Libertinus Serif, DejaVu Sans Mono), tried
# character by character with PDF/A, which refuses any other
_UNSHOWN = re.compile("[^ -~\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u2010-\u2040\u2190-\u226f]")
_WIDE = 6  # columns; a wider table has a page on its side
_SETUP = """#set page(paper: "a4", margin: (x: 20mm, y: 22mm), numbering: "1 / 1", header: [
#h(1fr) #box(fill: black, inset: (x: 5pt, y: 3pt), text(white, weight: "bold", size: 8pt, {tlp}))])
#set par(leading: 0.62em)
#set text(size: 10.5pt, hyphenate: false)
#show raw: set text(size: 0.92em)
#show heading: set block(above: 1.5em, below: 0.8em)
#set table(stroke: 0.4pt + luma(140), inset: 3.5pt)
#show table: set text(size: 7.5pt)
#show table: set par(justify: false)
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
        lines += ["", f"= {_text(say(language, section.title))}", ""]
        for block in section.blocks:
            lines += [*_block(block, language), ""]
    made = say(language, "document.generated", {"version": version})
    return "\n".join([*lines, f"#line(length: 100%)\n#text(size: 8pt)[{_text(made)}]", ""])


def _block(block: Block, language: str) -> list[str]:
    if isinstance(block, Paragraph):
        return [_value(block, language)]
    if isinstance(block, Timeline):
        return [_picture(block, language)]
    if isinstance(block, Bullets):
        return [f"- {_value(item, language)}" for item in block.items]
    return _table(block, language)


def _picture(block: Timeline, language: str) -> str:
    said = words(block.alt, language, visible, visible)
    image = f'image(bytes({_literal(timeline(block, language))}), format: "svg", '
    return f"#figure({image}alt: {_literal(said)}, width: 100%), caption: [{_text(said)}])"


def _table(table: Table, language: str) -> list[str]:
    head = ", ".join(f"[*{_text(say(language, column))}*]" for column in table.columns)
    rows = [", ".join(f"[{_value(cell, language)}]" for cell in row) + "," for row in table.rows]
    columns = f"({'auto, ' * len(table.columns)})"
    text = [f"#table(columns: {columns}, table.header({head}),", *rows, ")"]
    if len(table.columns) <= _WIDE:
        return text
    return ["#page(flipped: true)[", *text, "]"]


def _value(value: Value | Paragraph, language: str) -> str:
    return words(value, language, _raw, _text)


def _raw(text: str) -> str:
    """Text that is not ours, which may be broken between any two characters."""
    return f"#raw({_literal(visible(text))});"


def _text(text: str) -> str:
    return f"#{_literal(text)};" if text else ""


def _literal(text: str) -> str:
    """A string literal of Typst."""
    shown = _UNSHOWN.sub(lambda match: f"\\u{{{ord(match[0]):x}}}", text)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
