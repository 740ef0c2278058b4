"""A document as PDF/A-3a: tagged, with its typefaces within, made to last (ISO
19005-3).

Typst lays it out, a library in the extra `pdf`: it brings its typefaces along, so that
a document has the same bytes on every machine, and loads nothing. SettingsError where
it is not installed."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from firsthop.errors import SettingsError
from firsthop.publication.bulletin.document import Document
from firsthop.publication.formats.typst_markup import typst

STANDARD = "a-3a"


def demand_library() -> ModuleType:
    """The library that lays pages out. SettingsError names the extra that lacks."""
    try:
        return import_module("typst")
    except ImportError:
        raise SettingsError("a PDF needs the extra pdf: pip install 'firsthop[pdf]'") from None


def pdf(document: Document, language: str, version: str) -> bytes:
    """The pages of a document in one language. SettingsError without the extra
    `pdf`."""
    made: bytes = demand_library().compile(
        typst(document, language, version).encode(),
        pdf_standards=[STANDARD],
        ignore_system_fonts=True,
        timestamp=document.dated,
    )
    return made
