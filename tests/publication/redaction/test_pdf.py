"""Text and metadata of a PDF are searched: plain and escaped strings, strings of glyph
numbers with their map, compressed streams, arrays, what cannot be read."""

from __future__ import annotations

import zlib

import pytest

from firsthop.investigation.publish import Prepared
from firsthop.publication.redaction.scan.scan import scan_file

NAME = "giuseppina_verdi75"
ADDRESS = "mario.rossi@libero.it"


def stream(body: bytes, head: bytes = b"", pack: bool = True) -> bytes:
    """A stream object's dictionary and body."""
    data = zlib.compress(body) if pack else body
    kind = b"/Filter /FlateDecode" if pack else b""
    size = str(len(data)).encode()
    return b"<< /Length " + size + kind + head + b" >>\nstream\n" + data + b"\nendstream\n"


def pdf(*objects: bytes) -> bytes:
    numbered = (b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"".join(numbered) + b"trailer << >>\n%%EOF\n"


def glyphs(text: str) -> tuple[str, bytes]:
    """A text as numbers of a font's glyphs, and the font's map."""
    letters = sorted(set(text))
    number = {c: n for n, c in enumerate(letters, 3)}
    pairs = "\n".join(f"<{number[c]:04x}> <{ord(c):04x}>" for c in letters)
    table = f"{len(letters)} beginbfchar\n{pairs}\nendbfchar\n".encode()
    return "".join(f"{number[c]:04x}" for c in text), table


def ranged(text: str) -> tuple[str, bytes]:
    """The same by a range of the map."""
    table = b"1 beginbfrange\n<0001> <0060> <0020>\nendbfrange\n"
    return "".join(f"{ord(c) - 31:04x}" for c in text), table


def kerned(digits: str) -> bytes:
    """Glyphs in pieces, with the spaces between them."""
    pieces = "".join(f"<{digits[i : i + 8]}> -20 " for i in range(0, len(digits), 8))
    return f"BT [{pieces}] TJ ET".encode()


def one_by_one(digits: str) -> bytes:
    shown = "\n".join(f"<{digits[i : i + 4]}> Tj" for i in range(0, len(digits), 4))
    return f"BT {shown} ET".encode()


PDFS = {
    "plain string": lambda text: pdf(stream(f"BT ({text}) Tj ET".encode(), pack=False)),
    "compressed": lambda text: pdf(stream(f"BT ({text}) Tj ET".encode())),
    "octal escapes": lambda text: pdf(
        stream(("BT (" + "".join(f"\\{ord(c):03o}" for c in text) + ") Tj ET").encode())
    ),
    "pieces of an array": lambda text: pdf(
        stream(("BT [" + " 12 ".join(f"({c})" for c in text) + "] TJ ET").encode())
    ),
    "glyphs": lambda text: pdf(
        stream(f"BT <{glyphs(text)[0]}> Tj ET".encode()), stream(glyphs(text)[1])
    ),
    "glyphs by range": lambda text: pdf(
        stream(f"BT <{ranged(text)[0]}> Tj ET".encode()), stream(ranged(text)[1])
    ),
    "glyphs, kerned": lambda text: pdf(stream(kerned(glyphs(text)[0])), stream(glyphs(text)[1])),
    "glyphs, one by one": lambda text: pdf(
        stream(one_by_one(glyphs(text)[0])), stream(glyphs(text)[1])
    ),
    "title": lambda text: pdf(f"<< /Title ({text}) >>".encode()),
    "title in UTF-16": lambda text: pdf(
        b"<< /Author <FEFF" + text.encode("utf-16-be").hex().encode() + b"> >>"
    ),
    "XMP": lambda text: pdf(
        stream(f"<x:xmpmeta><dc:creator>{text}</dc:creator></x:xmpmeta>".encode(), pack=False)
    ),
    "object stream": lambda text: pdf(
        stream(f"5 0 << /Subject ({text}) >>".encode(), b"/Type /ObjStm /N 1 /First 4")
    ),
    "link": lambda text: pdf(f"<< /A << /URI (mailto:{text}) >> >>".encode()),
    "attachment": lambda text: pdf(stream(text.encode(), b"/Type /EmbeddedFile")),
}


@pytest.mark.parametrize("text", [NAME, ADDRESS])
@pytest.mark.parametrize("how", PDFS)
def test_a_leak_in_a_pdf_is_found(clear: Prepared, how: str, text: str) -> None:
    finds = scan_file("bulletin.en.pdf", PDFS[how](text), clear.lookup)
    assert {one.kind for one in finds} & {"author"}, (how, finds)
    assert all("PDF" in one.encoding for one in finds)


@pytest.mark.parametrize("how", PDFS)
def test_a_pdf_without_a_leak_is_clean(clear: Prepared, how: str) -> None:
    assert scan_file("bulletin.en.pdf", PDFS[how]("r3.kawaz.jp"), clear.lookup) == []


def test_what_of_a_pdf_cannot_be_read_is_a_find(clear: Prepared) -> None:
    for data in (
        pdf(b"<< /Encrypt 5 0 R >>"),
        pdf(stream(b"pixels", b"/Subtype /Image")),
        pdf(b"<< /Filter /DCTDecode >>\nstream\n\xff\xd8\nendstream"),
        pdf(b"<< /Filter /FlateDecode >>\nstream\nno zlib\nendstream"),
        pdf(b"<< /Filter /Crypt >>\nstream\nx\nendstream"),
    ):
        finds = scan_file("bulletin.en.pdf", data, clear.lookup)
        assert [one.kind for one in finds] == ["unsearchable"], data
