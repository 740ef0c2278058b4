"""Published or pasted text as a container: each header excerpt in it is one message,
and evidence of a publication."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.mail.damage import is_html
from firsthop.mail.excerpts import FROM_HTML, find_excerpts
from firsthop.mail.message import Evidence
from firsthop.mail.sources.raw import RawMail, raw_mail

CONTAINER = "pasted"


def read_pasted(data: bytes, uri: str) -> Iterator[RawMail]:
    """The excerpts of a text, in its order, each with its byte offset in the text."""
    notes = (FROM_HTML,) if is_html(data) else ()
    for start, stop in find_excerpts(data):
        yield raw_mail(data[start:stop], uri, CONTAINER, start, Evidence.PUBLICATION, notes=notes)
