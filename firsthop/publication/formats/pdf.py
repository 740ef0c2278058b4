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
LACKING = "a PDF needs the extra pdf: pip install 'firsthop[pdf]'"

# what a PDF/A of Typst says of itself: names of objects (ISO 32000), XMP, typefaces
OWN_WORDS = """
adobe aiim alt annot annots application artifact ascent associated attached bag based
basefont bbox begin bold bordercolor borderstyle borderthickness c0 ca calrgb
capheight caption catalog category cidfonttype0 cidfonttype0c cidfonttype2 cidset
cidsysteminfo cidtogidmap circle cmap colorspace column custom conformance conforms contents
created createdate creationdate creator creatortool datetime dc dejavusansmono
descendantfonts descent dest destoutputprofile device direction div document
documentid dw em encoding extension external extgstate f0 f1 f2 flags flatedecode
fontbbox fontdescriptor fontfile2 fontfile3 fontname form format formtype g0 g1 group
gts iccbased identifier idtree image imageb imagec incarnation info instanceid
internal italicangle keywords kids l2r language layout lbl lbody libertinusserif link
listnumbering management marked markinfo matrix mediabox metadata mm moddate
modifydate namespaceuri newcmmath npages ns nums objr ordering outlines outputcondition
outputconditionidentifier outputintent outputintents pagelabel pagelabels pages
parenttree parenttreenextkey parsetype pdf pdfa pdfa1 pdfaextension pdfaid
pdfaproperty pdfaschema pdfversion pg placement prefix prev procset producer proof
property purl quadpoints r rdf rect registry registryname regular renditionclass
resource resourceevent resources rolemap saved schema schemas scope seq softwareagent
specific specification srgb st stemv stevt strong structelem structparent structparents
structtreeroot stype subtype supplement suspects syntax tabs tbody terms tfoot tounicode
transparency trapped type type0 typst uri valuetype viewerpreferences w w3
w5m0mpcehihzreszntczkc9d wmode www x0 x1 x2 xap xml xmlns xmp xmpmeta xmpmm xmptk
xmptpg xobject xpacket xyz
"""


def demand_library() -> ModuleType:
    """The library that lays pages out. SettingsError names the extra that lacks."""
    try:
        return import_module("typst")
    except ImportError:
        raise SettingsError(LACKING) from None


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
