"""The bulletin as PDF and the first hops as CSV: hostile text stays text, the same
input gives the same bytes, every word can be shown."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
import typst as library
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthop.campaign.investigation import Investigation, assemble
from firsthop.case_file import CaseFile
from firsthop.errors import SettingsError
from firsthop.investigation.investigate import investigate
from firsthop.publication.bulletin.document import (
    Bullets,
    Document,
    Paragraph,
    Quoted,
    Section,
    Table,
    Timeline,
)
from firsthop.publication.bulletin.render import visible
from firsthop.publication.formats.hops_csv import COLUMNS, hops_csv
from firsthop.publication.formats.pdf import demand_library, pdf
from firsthop.publication.formats.typst_markup import _UNSHOWN, typst
from firsthop.publication.words import LANGUAGES, WORDS

EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014"
HOSTILE = '#panic("x") ] } $a$ <b> @c `d` \\u{41} "e" = f - g // h /* i */ \x1b[31m \u202e \u3042'


def document(text: str) -> Document:
    said = Paragraph("authenticated.said", {"by": Quoted(text), "protocol": Quoted(text)})
    blocks = (
        said,
        Bullets((said,)),
        Table(("column.n", "column.relay"), (("1", Quoted(text)),)),
        Timeline(((Quoted(text), (0, 86_400)),), "Europe/Rome", said),
    )
    return Document(
        text, "CLEAR", (("head.author", Quoted(text)),), (Section("title.path", blocks),)
    )


def text_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text(language: str) -> None:
    told = text_of(pdf(document(HOSTILE), language, "1"))
    assert '#panic("x")' in told
    assert "\\u{1b}" in told
    assert "\\u{202e}" in told
    assert "\\u{3042}" in told, "what the typeface cannot show is written as an escape"


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_makes_pages(text: str) -> None:
    assert pdf(document(text), "en", "1")[:5] == b"%PDF-"


@given(st.text(alphabet='#"\\{}[]()$`*_<>@=-/~\n\u2028a', max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_text_leaves_its_literal(text: str) -> None:
    """Outside of literals stand the same characters, whatever the text is."""
    outside = [
        "".join(
            typst(document(one), "en", "1").replace("\\\\", "").replace('\\"', "").split('"')[::2]
        )
        for one in (text, "a")
    ]
    assert outside[0] == outside[1]


def test_every_word_of_every_language_can_be_shown() -> None:
    texts = [
        form
        for words in WORDS.values()
        for text in words.values()
        for form in (text.values() if isinstance(text, dict) else (text,))
    ]
    assert [text for text in texts if _UNSHOWN.search(str(text).replace("\n", " "))] == []


def test_the_same_input_gives_the_same_pages(tmp_path: Path) -> None:
    for name in ("a", "b"):
        investigate([EXAMPLE], tmp_path / name, pages=True, case_file=CaseFile(author="me"))
    for language in LANGUAGES:
        name = f"bulletin.{language}.pdf"
        one, other = ((tmp_path / case / name).read_bytes() for case in ("a", "b"))
        assert one == other
        assert b"pdfaid:part>3<" in one.replace(b" ", b"")
        assert "r3.kawaz.jp" in text_of(one)


def test_without_the_extra_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(SettingsError, match=r"firsthop\[pdf\]"):
        demand_library()
    with pytest.raises(SettingsError, match=r"firsthop\[pdf\]"):
        investigate([EXAMPLE], tmp_path / "case", pages=True)
    assert not (tmp_path / "case").exists()


def test_nothing_is_loaded() -> None:
    """Not even a file beside the markup: the program hands over bytes alone."""
    with pytest.raises(library.TypstError):
        library.compile(b'#read("/etc/passwd")', ignore_system_fonts=True)


def summary(helo: str) -> SimpleNamespace:
    hop = SimpleNamespace(
        by="r.example", helo=helo, client_address="192.0.2.1", client_name=None, protocol="ESMTPA",
        authenticated=True, queue_id="-1",
    )  # fmt: skip
    return SimpleNamespace(sha256="ab", instant=1400331577, first=hop)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "|", "%"])
def test_no_cell_is_a_formula(sign: str) -> None:
    case = SimpleNamespace(summaries=[summary(f'{sign}cmd|"/c calc"!A0,x\n')])
    head, row = csv.reader(io.StringIO(hops_csv(case)))  # type: ignore[arg-type]
    assert tuple(head) == COLUMNS
    shown = visible(f'{sign}cmd|"/c calc"!A0,x\n')  # a control character is no sign any more
    assert row[4] == (shown if sign in "\t\r" else f"'{shown}")
    assert row[2] == "2014-05-17T12:59:37Z"
    assert row[-1] == "'-1"


def test_a_case_without_messages_has_a_head() -> None:
    empty: Investigation = assemble((), (), CaseFile())
    assert hops_csv(empty).count("\n") == 1
