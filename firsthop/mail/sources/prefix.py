"""Bytes that a tool put before a message: a binary record of a capture, a mail
program's or an archive's (MacBinary, Outlook for Mac), or a few characters on the
header's first line.

Lines of text before a header are no such prefix: they make a published text. What is
before the header is left out and told in the notes."""

from __future__ import annotations

import re

from firsthop.mail.field_names import BEHIND_BYTES
from firsthop.mail.sources.separator import familiar_names
from firsthop.system.kept_expressions import compiled

MAX_PREFIX = 4096  # bytes looked through
MAX_BINARY = 512  # bytes without a control character, half of them no ASCII
MAX_LABEL = 64  # bytes of text on the header's first line
# behind a byte order mark too, which is no tool's
_FIELD = compiled(rb"(?:\xef\xbb\xbf)?[!-9;-~]{1,76}[ \t]*:")
_COLON = compiled(rb":(?:[ \t]|from|by)", re.IGNORECASE)
_NAME = compiled(rb"(?:X-)?(?:" + "|".join(sorted(BEHIND_BYTES)).encode() + rb")\Z", re.IGNORECASE)
_LONGEST_NAME = 24
_HOP = compiled(rb"Received:(?:from|by)[ \t]", re.IGNORECASE)
_CONTROLS = compiled(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HIGH = compiled(rb"[\x80-\xff]")
_LINE_END = compiled(rb"\r\n?|\n")


def prefix_bytes(head: bytes) -> int:
    """The length of what stands before the header at the start of `head`; 0 where a
    field begins there or no header follows."""
    if _FIELD.match(head) or head.startswith(b"From "):
        return 0
    start = _first_name(head)
    if start is None or not _is_prefix(head[:start]):
        return 0
    names = familiar_names(_LINE_END.sub(b"\n", head[start : start + MAX_PREFIX]))
    return start if len(names) > 1 else 0


def _first_name(head: bytes) -> int | None:
    """Where the first name of a field stands, found from its colon, which is rare."""
    for colon in _COLON.finditer(head, 0, MAX_PREFIX):
        place = colon.start()
        name = _NAME.search(head, max(place - _LONGEST_NAME, 0), place)
        if name and (colon[0][1:].isspace() or _HOP.match(head, name.start())):
            return name.start()
    return None


def _is_prefix(before: bytes) -> bool:
    """Whether these bytes are no text; or a short one on the line of the header."""
    if _CONTROLS.search(before):
        return True
    if _is_utf_8(before):
        return 0 < len(before) <= MAX_LABEL and not re.search(rb"[\r\n:<>|]|\A\s*\Z", before)
    return len(before) <= MAX_BINARY and 2 * len(_HIGH.findall(before)) >= len(before)


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
