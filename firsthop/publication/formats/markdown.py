"""A document as Markdown (CommonMark with tables). Quoted text stands in code spans and
can neither open markup nor break a table."""

from __future__ import annotations

import re

from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Document,
    Listing,
    Paragraph,
    Picture,
    Table,
    Value,
)
from firsthop.publication.bulletin.render import title, visible, words
from firsthop.publication.words import say

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def markdown(document: Document, language: str, version: str) -> str:
    """The text of a document in one language."""
    lines = [
        f"# {_escape(title(document, language))}",
        "",
        f"**{say(language, 'document.tlp', {'tlp': document.tlp})}**",
        "",
    ]
    lines += [f"- {say(language, key)}: {_value(value, language)}" for key, value in document.facts]
    for section in document.sections:
        lines += ["", f"## {say(language, section.title)}"]
        for block in section.blocks:
            lines += ["", *_block(block, language)]
    return "\n".join(
        [*lines, "", "---", "", say(language, "document.generated", {"version": version}), ""]
    )


def _block(block: Block, language: str) -> list[str]:
    if isinstance(block, Paragraph):
        return [_paragraph(block, language)]
    if isinstance(block, Picture):
        parts = [[_paragraph(block.alt, language)], *(_block(one, language) for one in block.said)]
        return [line for part in parts for line in (*part, "")][:-1]
    if isinstance(block, Listing):
        return _listing(block)
    if isinstance(block, Bullets):
        return [f"- {_paragraph(item, language)}" for item in block.items]
    return _table(block, language)


def _listing(listing: Listing) -> list[str]:
    """A code block whose fence is longer than any run of back-ticks inside (CommonMark
    4.5), so that no line can close it."""
    width = max((len(number) for number, _ in listing.lines), default=0)
    lines = [f"{number:>{width}}  {visible(text.text)}" for number, text in listing.lines]
    runs = (len(run) for line in lines for run in re.findall("`+", line))
    fence = "`" * max(3, max(runs, default=0) + 1)
    return [f"{fence}text", *lines, fence]


def _paragraph(block: Paragraph, language: str) -> str:
    return words(block, language, _quote, lambda text: text)


def _table(table: Table, language: str) -> list[str]:
    head = "| " + " | ".join(say(language, column) for column in table.columns) + " |"
    rows = [
        "| " + " | ".join(words(cell, language, _cell, _cell_text) for cell in row) + " |"
        for row in table.rows
    ]
    return [head, "|" + "---|" * len(table.columns), *rows]


def _value(value: Value, language: str) -> str:
    return words(value, language, _quote, lambda text: text)


def _quote(text: str) -> str:
    """A code span whose fence is longer than any run of back-ticks inside (CommonMark
    6.1)."""
    shown = visible(text) or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _cell(text: str) -> str:
    return _quote(text).replace("|", "\\|")  # a pipe ends a cell even inside a code span


def _cell_text(text: str) -> str:
    return text.replace("|", "\\|")


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(text))
