"""What a PDF holds, for a search and not for reading: the text of its pages, every
string and name of its objects, its streams as they are unpacked, its attachments.

The file is walked by pypdf, which names every object; pages.py reads what they show.
What the walk would not reach is refused, and so is what no letters can be read from: an
encrypted file, an earlier state of it, an object that its table does not name, pixels,
glyphs without letters, text that no page draws.
Never:      renders, runs scripts, follows links, passes a file that it cannot read.
Source:     ISO 32000-1 sections 7.3 (objects), 7.5 (structure of a file), 8.9 (images),
            8.10 (forms), 9.10 (ToUnicode), 14.6 (marked content).
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from firsthop.publication.redaction.scan.pages import page_texts
from firsthop.publication.redaction.scan.pdf_objects import (
    Objects,
    drawn_streams,
    form_text,
    stream,
)
from firsthop.publication.redaction.scan.reading_order import drawn_page
from firsthop.publication.redaction.scan.unsearchable import UnsearchableError

if TYPE_CHECKING:
    from pypdf.generic import StreamObject

_HEAD = re.compile(rb"(?<!\d)\d+\s+\d+\s+obj\b")
_DRAWN_TEXT = re.compile(rb"[)\]>]\s{0,8}(?:T[jJ]|['\"])(?![\w-])")
_PIXELS = {"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}
_AT_ONCE = 1 << 20  # bytes that are unpacked in one step
_NEEDS_LETTERS = {"/Type0", "/Type3"}  # fonts of glyph numbers


class PdfPart(NamedTuple):
    """A part of a PDF to search."""

    place: str  # page 3, object 17, strings
    data: bytes | str
    as_written: bool = True  # False: pieces were joined that may not belong together


def readers_installed() -> bool:
    """Whether the libraries that read a PDF are there."""
    try:
        return all(map(import_module, ("pypdf", "pypdfium2")))
    except ImportError:
        return False


def pdf_parts(data: bytes) -> Iterator[PdfPart]:
    """Everything in a PDF that could be text. UnsearchableError where a part of it
    cannot be read, and without the extra `pdf`."""
    if not readers_installed():
        raise UnsearchableError("a PDF is searched by the extra pdf, which is not installed")
    try:
        yield from _parts(data)
    except UnsearchableError:
        raise
    except Exception as error:  # hostile bytes: KeyError, TypeError and others come through
        raise UnsearchableError(f"a damaged PDF: {type(error).__name__}") from error


def _parts(data: bytes) -> Iterator[PdfPart]:
    from pypdf import PdfReader  # noqa: PLC0415 - an extra

    reader = PdfReader(io.BytesIO(data), strict=True)
    if reader.is_encrypted:
        raise UnsearchableError("an encrypted PDF")
    objects, drawn = Objects(reader), [drawn_page(page) for page in reader.pages]
    if any(page.has_pixels for page in drawn):
        raise UnsearchableError("a picture of pixels in a PDF")
    yield PdfPart("between its streams", _demand_named(data, objects).decode("latin-1"))
    yield PdfPart("strings", objects.strings([told for page in drawn for told in page.told]))
    yield from _streams(objects)
    for number, text in enumerate(page_texts(data, reader, drawn), 1):
        yield PdfPart(f"page {number}", text.shown)
        yield PdfPart(f"page {number}", text.joined, False)


def _streams(objects: Objects) -> Iterator[PdfPart]:
    """The streams unpacked, without the outlines of letters."""
    outlines, drawn = objects.outlines(), set(drawn_streams(objects.reader))
    for number, (_, value) in objects.values.items():
        _demand_letters(value)
        if number in outlines or (one := stream(value)) is None:
            continue
        body = _unpacked(one)
        if number in drawn:
            letters = form_text(objects.reader, one)
            yield PdfPart(f"object {number}", f"{letters}\n{body.decode('latin-1')}", False)
        elif _DRAWN_TEXT.search(body) and "/Type" not in one:
            raise UnsearchableError("text that no page of a PDF draws")
        else:
            yield PdfPart(f"object {number}", body)


def _demand_letters(value: object) -> None:
    glyphs = isinstance(value, dict) and value.get("/Subtype") in _NEEDS_LETTERS
    if isinstance(value, dict) and glyphs and "/ToUnicode" not in value:
        raise UnsearchableError("a font of a PDF that does not tell its letters")


def _demand_named(data: bytes, objects: Objects) -> bytes:
    """What stands outside of streams; every object in it is one of the table."""
    parts, place = [], 0
    for at, body in sorted(objects.bodies()):
        begin = data.find(body, at) if body else -1
        if begin >= place:
            parts.append(data[place:begin])
            place = begin + len(body)
    parts.append(data[place:])
    rest = b"\n".join(parts)
    if rest.count(b"startxref") != 1:
        raise UnsearchableError("a PDF that holds an earlier state of itself")
    if len(_HEAD.findall(rest)) != len(objects.offsets):
        raise UnsearchableError("an object of a PDF that its table does not name")
    return rest


def _unpacked(one: StreamObject) -> bytes:
    filters = one.get("/Filter", ())
    named = {str(one) for one in ([filters] if isinstance(filters, str) else filters)}
    if one.get("/Subtype") == "/Image" or named & _PIXELS:
        raise UnsearchableError("a picture of pixels in a PDF")
    if "/FlateDecode" in named and not _is_whole(one._data):
        raise UnsearchableError("a damaged compressed stream")
    return one.get_data()


def _is_whole(packed: bytes) -> bool:
    """Whether a library that mends what it can has nothing to mend."""
    try:
        reader = zlib.decompressobj()
        while packed and not reader.eof:
            reader.decompress(packed, _AT_ONCE)
            packed = reader.unconsumed_tail
    except zlib.error:
        return False
    return reader.eof and not reader.unused_data.strip()
