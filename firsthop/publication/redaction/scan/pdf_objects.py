"""The objects of a PDF, by pypdf: its strings and names, its streams as they stand, and
which of them the pages draw.

Source:     ISO 32000-1 sections 7.3 (objects), 7.5.4 (table of objects), 8.10 (forms),
            9.9 (outlines of letters), 14.6 (marked content).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import PdfObject, StreamObject

_OUTLINES = ("/FontFile", "/FontFile2", "/FontFile3")


class Objects:
    """All objects that the table of a file names."""

    def __init__(self, reader: PdfReader) -> None:
        from pypdf.generic import IndirectObject  # noqa: PLC0415 - an extra

        self.reader = reader
        places = {(n, g): at for g, table in reader.xref.items() for n, at in table.items() if at}
        packed = {(number, 0): 0 for number in reader.xref_objStm}
        self.offsets = set(places.values())
        self.values: dict[int, tuple[int, PdfObject]] = {}
        for (number, generation), at in sorted({**packed, **places}.items()):
            value = reader.get_object(IndirectObject(number, generation, reader))
            if value is not None:
                self.values[number] = at, value

    def strings(self, told: Iterable[object]) -> str:
        """Every string, and every name once, a row each; `told` are the pages'."""
        values = [self.reader.trailer, *(value for _, value in self.values.values()), *told]
        rows = [*_strings(values), *sorted(set(_names(values)))]
        return "\n".join(" ".join(row.splitlines()) for row in rows)

    def bodies(self) -> Iterator[tuple[int, bytes]]:
        """The streams as they stand in the file, with the place of their object."""
        for at, value in self.values.values():
            if (one := stream(value)) is not None and at:
                yield at, one._data

    def outlines(self) -> set[int]:
        """The streams of fonts, by what describes them."""
        dictionaries: list[Any] = [one for _, one in self.values.values() if isinstance(one, dict)]
        return {
            reference.idnum
            for one in dictionaries
            if one.get("/Type") == "/FontDescriptor"
            for name in _OUTLINES
            if name in one and hasattr(reference := one.raw_get(name), "idnum")
        }


def stream(value: object) -> StreamObject | None:
    """The value, where it is a stream."""
    from pypdf.generic import StreamObject  # noqa: PLC0415 - an extra

    return value if isinstance(value, StreamObject) else None


def form_text(reader: PdfReader, one: StreamObject) -> str:
    """The letters of a form, whether or not a page draws it."""
    if one.get("/Subtype") != "/Form":
        return ""
    return reader.pages[0].extract_xform_text(one)  # type: ignore[arg-type]


def drawn_streams(reader: PdfReader) -> Iterator[int]:
    """The numbers of the streams that the pages draw, forms within forms included."""
    seen: set[int] = set()
    for page in reader.pages:
        contents: Any = page.raw_get("/Contents") if "/Contents" in page else None
        listed = contents.get_object() if contents is not None else None
        several = listed if isinstance(listed, list) else [contents]
        yield from (one.idnum for one in several if hasattr(one, "idnum"))
        pending: list[Any] = [page.get("/Resources")]
        while pending:
            forms = (pending.pop() or {}).get("/XObject", {})
            for name in forms:
                reference = forms.raw_get(name)
                if hasattr(reference, "idnum") and reference.idnum not in seen:
                    seen.add(reference.idnum)
                    yield reference.idnum
                    pending.append(reference.get_object().get("/Resources"))


def _flat(values: Iterable[object]) -> Iterator[object]:
    """What is in objects, however deep; other objects are not followed."""
    pending = list(values)
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending += (key for key in one)
            pending += (one.raw_get(key) if hasattr(one, "raw_get") else one[key] for key in one)
        elif isinstance(one, list):
            pending += one
        else:
            yield one


def _strings(values: Iterable[object]) -> Iterator[str]:
    from pypdf.generic import ByteStringObject, TextStringObject  # noqa: PLC0415 - an extra

    for one in _flat(values):
        if isinstance(one, TextStringObject):
            yield str(one)
        elif isinstance(one, ByteStringObject):
            yield _decoded(one)


def _decoded(value: bytes) -> str:
    """A string of bytes as letters (ISO 32000-2 section 7.9.2.2); where its mark is not
    true, byte by byte."""
    for mark, charset in ((codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8")):
        if value.startswith(mark):
            try:
                return value.removeprefix(mark).decode(charset)
            except UnicodeDecodeError:
                break
    return value.decode("latin-1")


def _names(values: Iterable[object]) -> Iterator[str]:
    from pypdf.generic import NameObject  # noqa: PLC0415 - an extra

    return (str(one)[1:] for one in _flat(values) if isinstance(one, NameObject))
