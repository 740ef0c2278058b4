"""The text of a PDF's pages: what a reader reads, and what one would copy.

Read aloud, in the order of its structure, each paragraph and each cell is whole. Where
the letters stand, PDFium (pypdfium2) tells words, blanks and line ends, of figures too;
of these the words that the structure lacks are as they were written. Everything else
may join what does not belong together: lines as they are copied, words that line ends
part, letters that stand apart, the letters as pypdf reads them, which lets no
ActualText speak for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from firsthop.publication.redaction.scan.reading_order import DrawnPage, reading_order

if TYPE_CHECKING:
    from pypdf import PdfReader

WINDOW = 8  # lines over which a word may be wrapped

_HYPHENS = "-\u2010\xad"
_AT_LINE_END = "\ufffe"  # PDFium: a hyphen that parts a word
_NO_HYPHENS = str.maketrans("", "", _HYPHENS)
_SPACED = re.compile(r"(?<!\S)\S(?: {1,2}\S){3,}(?!\S)")


class PageText(NamedTuple):
    """The text of one page."""

    shown: str
    joined: str


def page_texts(data: bytes, reader: PdfReader, drawn: Sequence[DrawnPage]) -> Iterator[PageText]:
    """The text of each page."""
    read = reading_order(reader, drawn)
    whole = "".join("".join(row.split()) for rows in read.values() for row in rows)
    whole = whole.translate(_NO_HYPHENS)
    for number, (copied, page) in enumerate(zip(_copied(data), drawn, strict=True)):
        hyphened = copied.replace(_AT_LINE_END, "-")
        shown = [*read.get(number, ()), *_lacking(hyphened, whole)]
        joined = [
            hyphened,
            copied.replace(_AT_LINE_END, ""),
            *_joined(hyphened),
            page.text,
            _spaced(page.text),
        ]
        yield PageText("\n".join(shown), "\n".join(joined))


def _copied(data: bytes) -> Iterator[str]:
    """The text of each page, as copied."""
    from pypdfium2 import PdfDocument  # noqa: PLC0415 - an extra

    with PdfDocument(data) as document:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            copied = text.get_text_range()
            text.close()
            page.close()
            yield copied.replace("\r\n", "\n")


def _lacking(copied: str, whole: str) -> Iterator[str]:
    """The rows of a page without the words that stand in its structure."""
    known: dict[str, bool] = {}
    for row in copied.split("\n"):
        words = row.split()
        known.update({word: word.translate(_NO_HYPHENS) in whole for word in words})
        if rest := [word for word in words if not known[word]]:
            yield " ".join(rest)


def _joined(text: str) -> Iterator[str]:
    """What a wrapped, a hyphenated or a spaced word is, put together."""
    rows = text.split("\n")
    yield " ".join(rows)
    yield "\n".join(_wrapped(rows))
    yield "\n".join(_wrapped([row.rstrip(_HYPHENS) for row in rows]))
    yield _spaced(text)


def _spaced(text: str) -> str:
    """The words whose letters blanks part."""
    return "\n".join("".join(one.split()) for one in _SPACED.findall(text))


def _wrapped(rows: list[str]) -> Iterator[str]:
    """The last word of each row with what the next rows begin with."""
    for number, row in enumerate(rows):
        word = row.rpartition(" ")[2]
        for following in rows[number + 1 : number + 1 + WINDOW] if word else ():
            first, blank, _ = following.partition(" ")
            word += first
            yield word
            if blank:
                break
