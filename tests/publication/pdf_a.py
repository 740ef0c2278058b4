"""What of PDF/A-3a (ISO 19005-3) the objects of a file tell: each fault with the clause
that it breaks. veraPDF, the reference checker, is in no registry that tests
can install from (PyPI, Debian, npm); where a machine has it, a test starts it too."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

ACTIONS = {"/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"}
ANNOTATIONS = {"/Link", "/Text", "/FreeText", "/Highlight", "/Underline", "/Stamp", "/Widget"}
BLENDING = set(
    "/Normal /Compatible /Multiply /Screen /Overlay /Darken /Lighten /ColorDodge /ColorBurn "
    "/HardLight /SoftLight /Difference /Exclusion /Hue /Saturation /Color /Luminosity".split()
)
FILTERS = {"/FlateDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/RunLengthDecode", "/DCTDecode"}
# ISO 32000-1 section 14.8.4
STANDARD = set(
    "/Document /Part /Art /Sect /Div /BlockQuote /Caption /TOC /TOCI /Index /NonStruct /Private "
    "/P /H /H1 /H2 /H3 /H4 /H5 /H6 /L /LI /Lbl /LBody /Table /TR /TH /TD /THead /TBody /TFoot "
    "/Span /Quote /Note /Reference /BibEntry /Code /Link /Annot /Figure /Formula /Form".split()
)
SHOWING = (b"Tj", b"TJ", b"'", b'"')
PAINTING = (*SHOWING, b"Do", b"S", b"f", b"f*", b"B", b"B*", b"b", b"s", b"sh")


def faults(data: bytes) -> list[str]:
    """Everything in a file that PDF/A-3a forbids, or that it lacks."""
    with pikepdf.open(io.BytesIO(data)) as file:
        syntax = [f"syntax: {told}" for told in file.check_pdf_syntax()]
    reader = PdfReader(io.BytesIO(data), strict=True)
    told = [*syntax, *_file(data, reader), *_document(reader), *_pages(reader)]
    for one in _objects(reader):
        told += [*_stream(one), *_font(one), *_action(one), *_structure(one, reader)]
    return told


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of a file, those within others too."""
    numbers = {number for table in reader.xref.values() for number in table if number}
    pending: list[Any] = [reader.trailer]
    pending += [
        reader.get_object(IndirectObject(number, 0, reader))
        for number in sorted(numbers | set(reader.xref_objStm))
    ]
    while pending:
        one = pending.pop()
        if isinstance(one, DictionaryObject):
            yield one
            pending += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            pending += list(one)


def _file(data: bytes, reader: PdfReader) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}", data):
        yield "6.1.2: the head"
    if not data.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3: something behind the end"
    if "/ID" not in reader.trailer or "/Encrypt" in reader.trailer:
        yield "6.1.3: no identifier, or encrypted"


def _document(reader: PdfReader) -> Iterator[str]:
    root = reader.root_object
    metadata: Any = root.get("/Metadata")
    xmp = metadata.get_object().get_data().decode() if metadata else ""
    if "/Filter" in (metadata or {}):
        yield "6.6.2.1: packed metadata"
    if "<pdfaid:part>3</pdfaid:part>" not in xmp or (
        "<pdfaid:conformance>A</pdfaid:conformance>" not in xmp
    ):
        yield "6.6.4: no part and conformance"
    info = reader.metadata
    if info and info.title and f">{info.title}</rdf:li>" not in xmp:
        yield "6.6.2.3: another title in the metadata"
    intents: Any = root.get("/OutputIntents", [])
    if not any(
        one.get_object().get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in one.get_object()
        for one in intents
    ):
        yield "6.2.3: no output intent with a profile"
    mark: Any = root.get("/MarkInfo", {})
    if not mark.get("/Marked") or "/StructTreeRoot" not in root:
        yield "6.7.2: not tagged"
    if not re.fullmatch(r"[a-z]{2,3}(-\w+)*", str(root.get("/Lang", ""))):
        yield "6.7.4: no language"
    if "/AA" in root or "/NeedsRendering" in root or "/OpenAction" in root:
        yield "6.5.2: actions of the document"
    names: Any = root.get("/Names", {})
    if "/JavaScript" in names:
        yield "6.5.1: JavaScript"


def _pages(reader: PdfReader) -> Iterator[str]:
    for number, page in enumerate(reader.pages, 1):
        depth, contents = 0, page.get_contents()
        for _, operator in contents.operations if contents is not None else ():
            depth += (operator in (b"BDC", b"BMC")) - (operator == b"EMC")
            if operator in PAINTING and not depth:
                yield f"6.7.3: unmarked {operator.decode()} on page {number}"
        for one in page.get("/Annots", ()):
            note: Any = one.get_object()
            flags = note.get("/F", 0)
            if note["/Subtype"] not in ANNOTATIONS or not flags & 4 or flags & 0b100011:
                yield f"6.3: an annotation of page {number}"


def _stream(one: DictionaryObject) -> Iterator[str]:
    if not isinstance(one, StreamObject):
        return
    if {"/F", "/FFilter", "/FDecodeParms"} & one.keys():
        yield "6.1.7.1: a stream outside of the file"
    filters: Any = one.get("/Filter", [])
    if not {str(f) for f in ([filters] if isinstance(filters, str) else filters)} <= FILTERS:
        yield f"6.1.7.2: filter {filters}"
    if one.get("/Subtype") == "/PS" or {"/Ref", "/OPI", "/Alternates"} & one.keys():
        yield "6.2.9: an outside or PostScript object"
    if one.get("/Interpolate") is True:
        yield "6.2.8: interpolation"
    if one.get("/Type") == "/EmbeddedFile" and "/Subtype" not in one:
        yield "6.8: an attachment without its type"


def _font(one: DictionaryObject) -> Iterator[str]:
    if one.get("/Type") == "/FontDescriptor":
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & one.keys():
            yield "6.2.11.4: a typeface that is not within"
    elif one.get("/Type") == "/Font" and not str(one.get("/Subtype")).startswith("/CIDFont"):
        if "/ToUnicode" not in one:
            yield "6.2.11.7: glyphs without letters"
        if one.get("/Subtype") not in ("/Type0", "/Type3") and "/FontDescriptor" not in one:
            yield "6.2.11.4: a typeface that is not within"


def _action(one: DictionaryObject) -> Iterator[str]:
    is_action = one.get("/Type") == "/Action" or "/JS" in one or "/URI" in one
    if is_action and str(one.get("/S", "/URI")) not in ACTIONS:
        yield f"6.5.1: action {one['/S']}"
    if one.get("/Type") == "/ExtGState" and (
        {"/TR", "/HTP"} & one.keys() or str(one.get("/BM", "/Normal")) not in BLENDING
    ):
        yield "6.2.5: a graphics state"
    if "/AA" in one:
        yield "6.5.2: further actions"
    if one.get("/Type") == "/Filespec" and not {"/EF", "/AFRelationship"} <= one.keys():
        yield "6.8: a file specification without its file"


def _structure(one: DictionaryObject, reader: PdfReader) -> Iterator[str]:
    if one.get("/Type") != "/StructElem":
        return
    tree: Any = reader.root_object["/StructTreeRoot"]
    roles: Any = tree.get("/RoleMap", {})
    kind = one.get("/S")
    seen: set[Any] = set()
    while kind not in STANDARD and kind in roles and kind not in seen:
        seen.add(kind)
        kind = roles[kind]
    if kind not in STANDARD:
        yield f"6.7.3.4: structure type {kind}"
    if kind == "/Figure" and not {"/Alt", "/ActualText"} & one.keys():
        yield "6.7.3: a figure without alternative text"
