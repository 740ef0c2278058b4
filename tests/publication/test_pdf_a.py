"""The pages are PDF/A-3a: both languages, redacted or not; and each rule that is tested
finds the file that breaks it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
)

from firsthop.investigation.investigate import investigate
from firsthop.investigation.publish import publish
from firsthop.publication.formats.pdf import pdf
from tests.children import run as run_child
from tests.publication.pdf_a import faults
from tests.publication.test_pages import document

EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """The bulletins of the example, in the case and as they may go out."""
    folder = tmp_path_factory.mktemp("pages")
    investigate([EXAMPLE], folder / "case", pages=True)
    publish(folder / "case", folder / "out", tlp="CLEAR", pages=True)
    yield sorted(folder.rglob("*.pdf"))
    shutil.rmtree(folder)


def test_the_pages_keep_the_standard(pages: list[Path]) -> None:
    assert len(pages) == 4
    for page in pages:
        assert faults(page.read_bytes()) == [], page.name


@pytest.mark.skipif(shutil.which("verapdf") is None, reason="veraPDF is not installed")
def test_verapdf_finds_nothing(pages: list[Path]) -> None:
    command = ["verapdf", "--flavour", "3a", "--format", "text", *map(str, pages)]
    told = run_child(command).stdout
    assert told.count("PASS") == len(pages), told


def small() -> PdfWriter:
    """A document with one block of each kind."""
    return PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(document("x"), "en", "1"))))


def root(writer: PdfWriter) -> DictionaryObject:
    return writer._root_object


def first(writer: PdfWriter, kind: str) -> DictionaryObject:
    """An object of a type."""
    (one, *_) = (
        one
        for one in writer._objects
        if isinstance(one, DictionaryObject) and one.get("/Type") == kind
    )
    return one


def without_mark(writer: PdfWriter) -> None:
    more = DecodedStreamObject()
    more.set_data(b"BT (x) Tj ET\n")
    page = writer.pages[0]
    page[NameObject("/Contents")] = ArrayObject(
        [writer._add_object(more), page.raw_get("/Contents")]
    )


def other_filter(writer: PdfWriter) -> None:
    root(writer)["/Metadata"][NameObject("/FFilter")] = NameObject("/LZWDecode")  # type: ignore[index]


def annotated(writer: PdfWriter) -> None:
    note = DictionaryObject({NameObject("/Subtype"): NameObject("/Movie")})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])


def renamed(writer: PdfWriter) -> None:
    first(writer, "/StructElem")[NameObject("/S")] = NameObject("/Paragraphe")


def unlettered(writer: PdfWriter) -> None:
    del first(writer, "/Font")["/ToUnicode"]


def put_out(writer: PdfWriter) -> None:
    one = first(writer, "/FontDescriptor")
    for key in ("/FontFile2", "/FontFile3"):
        one.pop(key, None)


BROKEN: dict[str, Callable[[PdfWriter], object]] = {
    "6.1.3: no identifier": lambda w: w.encrypt("", "x", algorithm="RC4-128"),
    "6.2.3": lambda w: root(w).pop("/OutputIntents"),
    "6.2.5": lambda w: first(w, "/ExtGState").update({NameObject("/TR"): NameObject("/Identity")}),
    "6.2.11.4": put_out,
    "6.2.11.7": unlettered,
    "6.3": annotated,
    "6.5.1": lambda w: w.add_open_action(JavaScript("1")),
    "6.5.2": lambda w: root(w).update({NameObject("/AA"): DictionaryObject()}),
    "6.6.4": lambda w: root(w).pop("/Metadata"),
    "6.6.2.3": lambda w: w.add_metadata({"/Title": "Another"}),
    "6.7.2": lambda w: root(w).pop("/MarkInfo"),
    "6.7.3: unmarked": without_mark,
    "6.7.3.4": renamed,
    "6.7.4": lambda w: root(w).pop("/Lang"),
    "6.1.7.1": other_filter,
    "6.8": lambda w: w.add_attachment("a.txt", b"x"),
}


@pytest.mark.parametrize("clause", BROKEN)
def test_each_rule_finds_what_breaks_it(clause: str) -> None:
    writer = small()
    BROKEN[clause](writer)
    file = io.BytesIO()
    writer.write(file)
    assert any(one.startswith(clause) for one in faults(file.getvalue())), faults(file.getvalue())


def test_a_figure_needs_its_text() -> None:
    writer = small()
    figures = [
        one
        for one in writer._objects
        if isinstance(one, DictionaryObject) and one.get("/S") == "/Figure"
    ]
    for one in figures:
        del one["/Alt"]
    file = io.BytesIO()
    writer.write(file)
    assert any("figure without" in one for one in faults(file.getvalue()))
