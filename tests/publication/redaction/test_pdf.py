"""A leak planted into a PDF is found wherever it stands: in the text of its pages
however it is set, in what describes it, in its attachments and hidden parts. What of a
PDF cannot be read is a find."""

from __future__ import annotations

import io
import re
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
import typst
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from firsthop.evidence.people import Person
from firsthop.investigation.publish import Prepared, prepare
from firsthop.publication.redaction.canonical import ATOM, folded
from firsthop.publication.redaction.known import Sources, known_of
from firsthop.publication.redaction.levels import LEVELS
from firsthop.publication.redaction.scan.lookup import Allowed, Lookup
from firsthop.publication.redaction.scan.pdf_objects import Objects
from firsthop.publication.redaction.scan.scan import Find, scan_file
from firsthop.publication.redaction.vocabulary import shared_words
from firsthop.settings import OwnServers

NAME = "giuseppina_verdi75"
ADDRESS = "mario.rossi@libero.it"
STRANGER = "nobody.known@some-place.example.com"
CLEAN = "r3.kawaz.jp"

HEAD = '#set document(title: "A", date: datetime(year: 2014, month: 5, day: 30))\n'


def laid_out(markup: str) -> bytes:
    return typst.compile((HEAD + markup).encode(), pdf_standards=["a-3a"], ignore_system_fonts=True)


def raw(text: str) -> str:
    return f'#raw("{text}");'


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">'
    '<text x="5" y="20" font-family="Libertinus Serif" font-size="12">{}</text></svg>'
)

SET: dict[str, Callable[[str], str]] = {
    "in a sentence": lambda text: f'Written by #"{text}"; and others.',
    "as code": raw,
    "in a heading and the outline": lambda text: f'= #"{text}";',
    "between cells": lambda text: (
        f"#table(columns: 3, stroke: none, inset: 1pt, [a], [{raw(text)}], [b], [c])"
    ),
    "wrapped in a narrow cell": lambda text: "#table(columns: (12mm, 12mm), [{}], [b])".format(
        "#h(0pt)".join(map(raw, (text[i : i + 5] for i in range(0, len(text), 5))))
    ),
    "hyphenated": lambda text: (
        f'#box(width: 3mm)[#"{text[:6]}";#sym.hyph.soft#"{text[6:]}";] and more'
    ),
    "letter by letter": lambda text: "".join(
        f'#text(fill: rgb("{n % 10:02}0000"))[#"{c}";]' for n, c in enumerate(text)
    ),
    "spaced": lambda text: f'#text(tracking: 8pt)[#"{text}";]',
    "kerned and placed": lambda text: "".join(
        f'#place(dx: {4 + n * 4:.1f}mm)[#"{c}";]' for n, c in enumerate(text)
    ),
    "white on white": lambda text: f'#text(fill: white, size: 1pt)[#"{text}";]',
    "off the page": lambda text: f'#place(dx: 400mm)[#"{text}";] x',
    "in a picture": lambda text: (
        f'#image(bytes("{SVG.format(text)}".replace("\'", "\\"")), format: "svg")'.replace(
            '"<svg', '"<svg'
        )
    ),
    "alternative text": lambda text: f'#figure(rect(), alt: "{text}", caption: [c])',
    "target of a link": lambda text: f'#link("mailto:{text}")[here]',
    "target of a link, percent": lambda text: '#link("https://a.example/{}")[here]'.format(
        "".join(f"%{ord(c):02x}" for c in text)
    ),
    "title": lambda text: f'#set document(title: "{text}")\nx',
    "author": lambda text: f'#set document(author: ("Z", "{text}"))\nx',
    "keyword": lambda text: f'#set document(keywords: ("{text}",))\nx',
    "attachment": lambda text: (
        f'#pdf.attach("n.csv", bytes("n,who\\n1,{text}\\n"), relationship: "data", '
        'mime-type: "text/csv", description: "d")'
    ),
    "description of an attachment": lambda text: (
        '#pdf.attach("n.csv", bytes("n"), relationship: "data", mime-type: "text/csv", '
        f'description: "{text}")'
    ),
    "name of an attachment": lambda text: (
        f'#pdf.attach("{text}.csv", bytes("n"), relationship: "data", mime-type: "text/csv", '
        'description: "d")'
    ),
}
SET["in a picture"] = lambda text: (
    '#image(bytes("' + SVG.format(text).replace('"', '\\"') + '"), format: "svg", alt: "a picture")'
)


def changed(change: Callable[[PdfWriter], object]) -> bytes:
    """A page of one word with something more in the file."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(laid_out("Word"))))
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def stream(writer: PdfWriter, body: bytes, packed: bool = True, **entries: str) -> object:
    one = DecodedStreamObject()
    one.set_data(body)
    for key, value in entries.items():
        one[NameObject(f"/{key}")] = NameObject(f"/{value}")
    return writer._add_object(one.flate_encode() if packed else one)


def in_front(writer: PdfWriter, body: bytes) -> None:
    """More operators before those of the page."""
    page = writer.pages[0]
    contents = page.raw_get("/Contents")
    page[NameObject("/Contents")] = ArrayObject([stream(writer, body), contents])


def attached(writer: PdfWriter, data: bytes) -> None:
    writer.add_attachment("a.zip", data)


def note(writer: PdfWriter, text: str) -> None:
    made = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Text"),
            NameObject("/Contents"): TextStringObject(text),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(made)])


def undrawn(writer: PdfWriter, text: str) -> None:
    """A form among those of a page, in glyph numbers with their letters."""
    letters = sorted(set(text))
    pairs = "".join(f"<{n:04x}> <{ord(c):04x}>\n" for n, c in enumerate(letters, 1))
    table = f"{len(letters)} beginbfchar\n{pairs}endbfchar".encode()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/Encoding"): NameObject("/Identity-H"),
            NameObject("/ToUnicode"): stream(writer, table),
        }
    )
    glyphs = "".join(f"{letters.index(c) + 1:04x}" for c in text)
    form = DecodedStreamObject()
    form.set_data(f"BT /F1 9 Tf <{glyphs}> Tj ET".encode())
    form[NameObject("/Type")], form[NameObject("/Subtype")] = map(NameObject, ("/XObject", "/Form"))
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    form[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    resources = cast(DictionaryObject, writer.pages[0]["/Resources"])
    forms = DictionaryObject({NameObject("/X9"): writer._add_object(form)})
    resources[NameObject("/XObject")] = forms


def in_utf16(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().encode() + b">"


HIDDEN: dict[str, Callable[[PdfWriter, str], object]] = {
    "ActualText": lambda w, text: in_front(
        w, b"/Span << /ActualText " + in_utf16(text) + b" >> BDC EMC\n"
    ),
    "comment in a page": lambda w, text: in_front(w, f"% {text}\n".encode()),
    "hidden stream of text": lambda w, text: stream(w, f"BT ({text}) Tj ET".encode()),
    "hidden stream of glyphs": lambda w, _: stream(w, b"BT [(\\001\\002) -7 (\\003)] TJ ET"),
    "form that no page draws": undrawn,
    "stream that nobody uses": lambda w, text: stream(w, text.encode()),
    "stream as it is": lambda w, text: stream(w, text.encode(), packed=False),
    "annotation": note,
    "script": lambda w, text: w.add_open_action(JavaScript(f"app.alert('{text}')")),
    "name of a place": lambda w, text: w.add_named_destination(text, 0),
    "own entry of the information": lambda w, text: w.add_metadata({"/Scanned-by": text}),
    "key of the information": lambda w, text: w.add_metadata({f"/{text}": "x"}),
    "zip in an attachment": lambda w, text: attached(w, zlib.compress(text.encode())),
    "PDF in an attachment": lambda w, text: attached(w, laid_out(raw(text))),
}


def found(clear: Prepared, data: bytes) -> list[Find]:
    return scan_file("bulletin.en.pdf", data, clear.lookup)


@pytest.mark.parametrize("text", [NAME, ADDRESS])
@pytest.mark.parametrize("how", SET)
def test_a_leak_on_a_page_is_found(clear: Prepared, how: str, text: str) -> None:
    finds = found(clear, laid_out(SET[how](text)))
    assert "author" in {one.kind for one in finds}, (how, finds)
    assert all(one.encoding.startswith("PDF ") for one in finds)


@pytest.mark.parametrize("text", [NAME, ADDRESS])
@pytest.mark.parametrize("how", HIDDEN)
def test_a_leak_beside_the_pages_is_found(clear: Prepared, how: str, text: str) -> None:
    finds = found(clear, changed(lambda writer: HIDDEN[how](writer, text)))
    assert {"author", "unsearchable"} & {one.kind for one in finds}, (how, finds)


@pytest.mark.parametrize("how", SET)
def test_a_page_without_a_leak_is_clean(clear: Prepared, how: str) -> None:
    assert found(clear, laid_out(SET[how](CLEAN))) == []


@pytest.mark.parametrize("how", sorted(set(HIDDEN) - {"zip in an attachment"}))
def test_what_stands_beside_the_pages_is_clean(clear: Prepared, how: str) -> None:
    kinds = {one.kind for one in found(clear, changed(lambda w: HIDDEN[how](w, CLEAN)))}
    assert kinds <= ({"unsearchable"} if "hidden stream" in how else set())


def test_a_find_names_the_page_and_its_line(clear: Prepared) -> None:
    finds = found(clear, laid_out(f"One\n\n#pagebreak()\nTwo\n\n{raw(NAME)}"))
    assert {(one.line, one.encoding) for one in finds} >= {(2, "PDF page 2")}


def test_addresses_that_no_case_knows_are_found(clear: Prepared) -> None:
    for how in ("in a sentence", "as code", "alternative text", "target of a link", "attachment"):
        finds = found(clear, laid_out(SET[how](STRANGER)))
        assert "address" in {one.kind for one in finds}, how


def test_a_pseudonym_that_a_line_end_cuts_is_no_leak(clear: Prepared) -> None:
    given = min(clear.lookup._allowed.pseudonyms)
    cut = "#table(columns: (14mm, 30mm), {}, [b])".format(
        f"[{raw(given + '@libero.it')}#h(0pt){raw(', ' + given + '@libero.it')}]"
    )
    assert found(clear, laid_out(cut)) == []
    assert found(clear, laid_out(cut.replace(given, "other-" + given[5:])))


def encrypted(writer: PdfWriter) -> None:
    writer.encrypt("", "owner", algorithm="AES-256")


def pixels(writer: PdfWriter) -> None:
    stream(writer, b"\0" * 12, Type="XObject", Subtype="Image")


UNREADABLE: dict[str, Callable[[], bytes]] = {
    "encrypted": lambda: changed(encrypted),
    "pixels": lambda: changed(pixels),
    "pixels in the page": lambda: changed(
        lambda w: in_front(w, b"BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI\n")
    ),
    "JPEG": lambda: changed(lambda w: stream(w, b"\xff\xd8", False, Filter="DCTDecode")),
    "unknown filter": lambda: changed(lambda w: stream(w, b"x", False, Filter="Unheard")),
    "damaged stream": lambda: changed(
        lambda w: stream(w, b"no zlib at all", False, Filter="FlateDecode")
    ),
    "glyphs without letters": lambda: changed(
        lambda w: w._add_object(
            DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Font"),
                    NameObject("/Subtype"): NameObject("/Type0"),
                }
            )
        )
    ),
    "earlier state": lambda: laid_out("a") + b"\nstartxref\n0\n%%EOF\n",
    "object without an entry": lambda: laid_out("a").replace(
        b"%%EOF", b"\n999 0 obj\n(x)\nendobj\n%%EOF"
    ),
    "cut": lambda: laid_out("a")[:-400],
    "nothing but its name": lambda: b"%PDF-1.7\n",
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_of_a_pdf_cannot_be_read_is_a_find(clear: Prepared, what: str) -> None:
    finds = found(clear, UNREADABLE[what]())
    assert "unsearchable" in {one.kind for one in finds}, what


def test_without_the_library_a_pdf_does_not_pass(
    clear: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = laid_out("a")
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (find,) = found(clear, page)
    assert (find.kind, "extra pdf" in find.hint) == ("unsearchable", True)


@pytest.mark.parametrize(("word", "found"), [("utent", True), ("utenti", False)])
def test_strings_in_utf16_are_words(word: str, found: bool) -> None:
    """A letter and a zero byte are no word by themselves."""
    people = [Person("recipient", "utent@b.example")]
    known = known_of(Sources(people, (), OwnServers(), ()), LEVELS["CLEAR"], frozenset())
    lookup = Lookup(known, Allowed(frozenset(), frozenset()))
    data = changed(lambda writer: HIDDEN["ActualText"](writer, f"gli {word} 7"))
    kinds = {one.kind for one in scan_file("a.pdf", data, lookup)}
    assert kinds == ({"recipient"} if found else set())


def test_what_a_pdf_says_of_itself_is_nobodys_name(case: Path) -> None:
    """Else a person called so would stop each publication."""
    data = prepare(case, "CLEAR", pages=True).files["bulletin.it.pdf"]
    reader = PdfReader(io.BytesIO(data), strict=True)
    objects = Objects(reader).strings([])
    xmp = cast(StreamObject, reader.root_object["/Metadata"]).get_data().decode()
    own = re.sub(r"[\w+/]{22}==|<dc:title>.*?</dc:title>", "", f"{objects}\n{xmp}")
    own = re.sub(r"(?m)^[A-Z]{6}\+", "", own)
    words = {word for word in ATOM.findall(folded(own)) if re.fullmatch("[a-z]{3,}", word)}
    text = {word for name in clear_texts(case) for word in ATOM.findall(folded(name))}
    assert sorted(words - shared_words() - text) == []


def clear_texts(case: Path) -> list[str]:
    return [data.decode() for name, data in prepare(case, "CLEAR").files.items()]
