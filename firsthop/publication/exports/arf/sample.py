"""The header of one message for a report: the fields that tell its way, redacted as the
level demands, each held against the search for what must not go out.

Never:      tells a Subject, a body, or a field in which the search finds anything.
Source:     RFC 5965 section 2 (text/rfc822-headers), RFC 6590: who is hidden has one
            pseudonym in all reports of a case.
"""

from __future__ import annotations

import textwrap

from firsthop.mail.field_names import REPORTED
from firsthop.mail.header import read_message
from firsthop.mail.message import Field, Source
from firsthop.publication.bulletin.render import visible
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.redaction.publication import lookup_of
from firsthop.publication.redaction.scan.scan import scan_file

_TOLD = {name.lower(): name for name in REPORTED}
_WIDTH = 900  # characters of a line (RFC 5322 section 2.1.1: 998)
WITHHELD = "[withheld]"


def header_of(source: ExportSource, data: bytes) -> str:
    """The fields of a message, a line each, folded where they are long."""
    message = read_message(data, Source("", "eml", 0, ""))
    search = lookup_of(source.redactor.known, source.redactor)
    lines: list[str] = []
    for field in message.fields:
        if (name := _TOLD.get(field.key)) is None:
            continue
        line = f"{name}: {_redacted(source, field)}"
        if scan_file("", line.encode(), search):
            line = f"{name}: {WITHHELD}"
        lines += textwrap.wrap(line, _WIDTH, subsequent_indent=" ", break_on_hyphens=False)
    return "\r\n".join(lines) + "\r\n"


def _redacted(source: ExportSource, field: Field) -> str:
    by, value = source.redactor, field.value
    shown = by.message_id(value) if field.key == "message-id" else by.text(value)
    return visible(shown).encode("ascii", "backslashreplace").decode()
