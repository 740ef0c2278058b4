"""The text of a tagged PDF in the order in which its structure is read aloud: a row for
each paragraph, list item or cell, whole however its lines were wrapped.

Without figures, whose letters no structure sets apart, and without what stands beside
the structure (the heads of pages).
Source:     ISO 32000-1 sections 14.6 (marked content), 14.7 (structure), 14.8.4.4
            (structure types within a line).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_WITHIN_A_LINE = frozenset(
    f"/{name}" for name in "Span Quote Note Reference Code Link Annot Em Strong Sub".split()
)
_FIGURE = "/Figure"

Marked = Mapping[tuple[int, int], str]  # text by number of the page and mark within it


class DrawnPage(NamedTuple):
    """What the operators of one page say."""

    text: str  # in the order of drawing
    marks: Mapping[int, str]  # text by the number of its mark
    told: tuple[Any, ...]  # what stands at marks and is not drawn
    has_pixels: bool  # between the operators


def reading_order(reader: PdfReader, drawn: Sequence[DrawnPage]) -> dict[int, list[str]]:
    """The rows by the index of the page on which each begins; none of a file that is
    not tagged."""
    root = reader.root_object.get("/StructTreeRoot")
    if root is None:
        return {}
    marked = {(n, mark): text for n, page in enumerate(drawn) for mark, text in page.marks.items()}
    references = [page.indirect_reference for page in reader.pages]
    walk = _Walk(marked, {one.idnum: n for n, one in enumerate(references) if one})
    walk.element(root, None)
    walk.end_row()
    return walk.rows


class _Walk:
    """The way through the structure of one file."""

    def __init__(self, marked: Marked, pages: Mapping[int, int]) -> None:
        self.rows: defaultdict[int, list[str]] = defaultdict(list)
        self._marked, self._pages = marked, pages
        self._begun: list[str] = []
        self._first = 0  # page of the row that is begun

    def element(self, one: Any, page: int | None) -> None:
        """An element with all that is in it."""
        within = one.get("/S") in _WITHIN_A_LINE
        if not within:
            self.end_row()
        page = self._page_of(one, page)
        for kid in [] if one.get("/S") == _FIGURE else _kids(one):
            if isinstance(kid, int):
                self._add(page, kid)
            elif "/MCID" in kid:
                self._add(self._page_of(kid, page), kid["/MCID"])
            else:
                self.element(kid, page)
        if not within:
            self.end_row()

    def end_row(self) -> None:
        """What comes next does not belong to what was read."""
        if row := "".join(self._begun).strip():
            self.rows[self._first].append(row)
        self._begun = []

    def _page_of(self, one: Any, page: int | None) -> int | None:
        reference = one.raw_get("/Pg") if "/Pg" in one else None
        return self._pages.get(getattr(reference, "idnum", -1), page)

    def _add(self, page: int | None, mark: int) -> None:
        if page is not None and (text := self._marked.get((page, mark))):
            if not self._begun:
                self._first = page
            self._begun.append(text)


def _kids(one: Any) -> Iterator[Any]:
    kids = one.get("/K", ())
    for one_kid in kids if isinstance(kids, (list, tuple)) else (kids,):
        yield one_kid if isinstance(one_kid, int) else one_kid.get_object()


def drawn_page(page: PageObject) -> DrawnPage:
    """A page, operator by operator. Line ends before a mark's text are none of its
    own."""
    texts: defaultdict[int, list[str]] = defaultdict(list)
    told: list[Any] = []
    open_marks: list[int | None] = []
    pixels: list[bytes] = []

    def before(operator: bytes, operands: list[Any], *_: Any) -> None:
        if operator in (b"BDC", b"DP"):
            told.extend(operands)
        if operator == b"BDC":
            mark = operands[1].get("/MCID") if isinstance(operands[1], dict) else None
            open_marks.append(mark if mark is not None or not open_marks else open_marks[-1])
        elif operator == b"BMC":
            open_marks.append(open_marks[-1] if open_marks else None)
        elif operator == b"EMC" and open_marks:
            open_marks.pop()
        elif operator == b"INLINE IMAGE":
            pixels.append(operator)

    def text(part: str, *_: Any) -> None:
        mark = open_marks[-1] if open_marks else None
        if mark is not None:
            texts[mark].append(part.replace("\n", ""))

    whole = page.extract_text(visitor_operand_before=before, visitor_text=text)
    marks = {mark: "".join(parts) for mark, parts in texts.items()}
    return DrawnPage(whole, marks, tuple(told), bool(pixels))
