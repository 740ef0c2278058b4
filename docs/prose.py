"""Wraps the prose of Markdown at 88 columns; all that is not prose stays as it is.

Prose:      paragraphs, items of lists and quotations. Fenced and indented code, tables,
            headings, HTML and link definitions are no prose.
Promises:   wrapping again changes nothing, and what a reader sees is the same: only
            blanks and line ends between words change, never inside a code span.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

WIDTH = 88
_ITEM = re.compile(r"(?P<lead> *(?:[-*+]|\d+[.)]) +|(?:> ?)+| *)(?=\S)")
_FENCE = re.compile(r" *(?:```|~~~)")
_KEPT = re.compile(r"#|\||<|\[[^\]]+\]: | {4}|\s*$|[-=*_]{3,}\s*$")
_SPAN = re.compile(r"(`+)[^`\n]+\1|!?\[[^\]\n]*\]\([^)\s]*\)")
_BLANK = "\x00"  # stands for a blank that no line may break at
# what would begin something else at the head of a line, or belongs to a number
_STARTER = re.compile(r"(?:[-*+>%]|#+|\d+[.)])$|%[.,;:)]")


def wrapped(text: str) -> str:
    """The text with its prose wrapped."""
    return "\n".join(_lines(text.split("\n")))


def long_lines(text: str) -> list[int]:
    """The numbers, from 1, of lines of prose that are longer than WIDTH though they
    could be broken."""
    fenced, numbers = False, []
    for number, line in enumerate(text.split("\n"), 1):
        fenced ^= bool(_FENCE.match(line))
        if not fenced and len(line) > WIDTH and not _KEPT.match(line):
            if any(len(part) > WIDTH for part in _broken(line.lstrip(), "", "")):
                continue
            numbers.append(number)
    return numbers


def _lines(lines: Iterable[str]) -> Iterator[str]:
    fenced = False
    waiting: list[str] = []  # the lines of the paragraph or item at hand
    for line in lines:
        fence = bool(_FENCE.match(line))
        if fence or fenced or _is_apart(line, waiting):
            yield from _paragraph(waiting)
            waiting = []
            fenced ^= fence
            yield line
        elif waiting and not _begins(line, waiting):
            waiting.append(line)
        else:
            yield from _paragraph(waiting)
            waiting = [line]
    yield from _paragraph(waiting)


def _is_apart(line: str, waiting: list[str]) -> bool:
    """Whether a line is no prose. An indented line behind prose goes on with it."""
    if waiting and line.startswith("    ") and line.strip():
        return False
    return bool(_KEPT.match(line))


def _begins(line: str, waiting: list[str]) -> bool:
    """Whether a line begins an item or a quotation of its own."""
    lead = _lead(line).strip()
    return bool(lead) and not (lead.startswith(">") and _lead(waiting[0]).strip() == lead)


def _lead(line: str) -> str:
    match = _ITEM.match(line)
    return match["lead"] if match else ""


def _paragraph(lines: list[str]) -> Iterator[str]:
    if not lines or all(len(line) <= WIDTH for line in lines):
        yield from lines
        return
    lead = _lead(lines[0])
    quote = lead.strip().startswith(">")
    rest = lead if quote else " " * len(lead)
    text = " ".join(
        line[len(lead) if quote or n == 0 else 0 :].strip() for n, line in enumerate(lines)
    )
    yield from _broken(text, lead, rest)


def _broken(text: str, first: str, rest: str) -> list[str]:
    """The lines of a paragraph; none begins with what would begin a list there."""
    held = _SPAN.sub(lambda span: span[0].replace(" ", _BLANK), text)
    words = held.split()
    joined: list[str] = []
    for word in words:
        if joined and _STARTER.match(word):
            joined[-1] += f"{_BLANK}{word}"
        else:
            joined.append(word)
    lines = textwrap.wrap(
        " ".join(joined),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_BLANK, " ") for line in lines]
