"""The pieces of a message: its MIME parts as whatever they are, decoded, each with its
place and with how the message carries it. Which of them holds a message is not decided
here; a picture or a program is left out by its first bytes."""

from __future__ import annotations

import re
from functools import lru_cache

from firsthop.mail.message import Source
from firsthop.mail.mime import Part, decoded, field_values, file_name, lowered
from firsthop.mail.sources.raw import Carried, Piece
from firsthop.mail.sources.sniff import Form, header_names, sniff, unopened
from firsthop.system.kept_expressions import compiled

# RFC 2046 section 5.2, RFC 6532, RFC 5536; the last is nobody's, and some use it
MESSAGE_TYPES = frozenset(
    {
        b"message/rfc822",
        b"message/global",
        b"message/news",
        b"message/partial",
        b"text/rfc822",
    }
)
# what says that it is a container, and with which name
_CONTAINER_TYPES = {
    b"application/zip": "zip",
    b"application/x-zip-compressed": "zip",
    b"application/pkcs7-mime": "p7m",
    b"application/x-pkcs7-mime": "p7m",
    b"application/ms-tnef": "winmail.dat",
    b"application/vnd.ms-tnef": "winmail.dat",
}
# RFC 6522, RFC 6533
HEADER_TYPES = frozenset(
    {
        b"text/rfc822-headers",
        b"text/rfc822-header",
        b"message/rfc822-headers",
        b"message/global-headers",
    }
)
# what a report says about a message, as fields (RFC 3464, RFC 5965, RFC 8098)
_ABOUT = frozenset(
    {
        b"message/delivery-status",
        b"message/global-delivery-status",
        b"message/feedback-report",
        b"message/disposition-notification",
        b"message/global-disposition-notification",
        b"message/tracking-status",
        b"message/external-body",
    }
)
CONTAINER_ENDS = "zip 7z rar tar gz tgz bz2 xz cab p7m pst ost mbox".split()
_TNEF = "winmail.dat"
_CONTAINER_NAME = compiled(
    rf"(?:\A|\.)(?:{'|'.join(CONTAINER_ENDS)})\Z|\A{re.escape(_TNEF)}\Z", re.IGNORECASE
)
_HEAD_BYTES = 2048  # of a part that tell what it is
ORIGINAL = b"x-spam-type=original"  # SpamAssassin's report_safe 2
REMEMBERED = 1_000  # bytes: what a longer header tells is not kept


def part_uri(source: Source, label: str) -> str:
    """The URI of a part; that of a message in an mbox names the message's place too."""
    place = f"@{source.offset}/" if source.container == "mbox" else ""
    return f"{source.uri}!/{place}part-{label}"


def piece_of(data: bytes, part: Part, uri: str, report: str | None, stored: bool) -> Piece | None:
    """A part of `data` as a piece; None for what holds no message. `stored`: whether
    `data` are the report's own bytes."""
    if part.begin and _is_message_itself(part.header):
        return Piece(
            uri,
            data[part.begin : part.stop],
            report,
            Carried.MESSAGE,
            offset=part.begin,
            verbatim=stored,
            notes=("its header stands as that of the part",),
        )
    if part.content_type in _ABOUT:
        return None
    name, carried = _told(part.header, part.content_type)
    body = data[part.start : part.stop]
    if carried is Carried.FILE and not _may_hold_mail(body, part.header, name):
        return None
    content, encoding = decoded(body, part.header)
    if encoding and _begins_as_header(body) and not _begins_as_header(content):
        content, encoding = body, None  # labelled as encoded, and is not
    if not content.strip() or (
        part.content_type == b"message/partial" and not _begins_as_header(content)
    ):
        return None  # the later pieces of a message that was cut in pieces begin without a header
    if carried is Carried.TEXT and encoding == "base64" and b"\0" in content[:_HEAD_BYTES]:
        carried = Carried.FILE  # no text at all
    told = f"headers only ({part.content_type.decode('ascii', 'replace')})"
    notes = (told,) if carried is Carried.HEADERS else ()
    verbatim = stored and encoding is None
    return Piece(uri, content, report, carried, name, part.start, verbatim, notes, encoding)


def _told(header: bytes, content_type: bytes) -> tuple[str, Carried]:
    """What the header of a part calls it, and how that says that it is carried."""
    return (_remembered if len(header) <= REMEMBERED else _read_told)(header, content_type)


def _read_told(header: bytes, content_type: bytes) -> tuple[str, Carried]:
    name = file_name(header) or _CONTAINER_TYPES.get(content_type, "")
    return name, _carried(header, content_type, name)


_remembered = lru_cache(maxsize=1_024)(_read_told)  # few headers stand over most parts


def _carried(header: bytes, content_type: bytes, name: str) -> Carried:
    if content_type in HEADER_TYPES:
        return Carried.HEADERS
    if content_type in MESSAGE_TYPES or _is_attached_message(header, content_type, name.lower()):
        return Carried.MESSAGE
    dispositions = field_values(header, b"content-disposition")
    attached = bool(name) or (dispositions and dispositions[0].lower().startswith(b"attachment"))
    is_text = content_type.startswith(b"text/") or b"/" not in content_type
    return Carried.FILE if attached or not is_text else Carried.TEXT


def _is_attached_message(header: bytes, content_type: bytes, name: str) -> bool:
    original = ORIGINAL in lowered(header)
    return (
        original or name.endswith((".eml", ".msg")) or content_type == b"application/vnd.ms-outlook"
    )


def _is_message_itself(header: bytes) -> bool:
    """Whether a part's header is that of the returned message: some bounces put the
    boundary straight before it."""
    if b"received" not in lowered(header):
        return False
    names, _ = header_names(header)
    return b"received" in names and (b"from" in names or b"message-id" in names)


def _begins_as_header(text: bytes) -> bool:
    head = text[:200]
    return b":" in head and bool(header_names(head)[0])


def is_container_name(name: str) -> bool:
    """Whether what is called so should be a container of mail."""
    return _CONTAINER_NAME.search(name) is not None


def _may_hold_mail(body: bytes, header: bytes, name: str) -> bool:
    """Whether a part's first bytes are neither a picture's nor a program's."""
    head, _ = decoded(body[:_HEAD_BYTES], header)
    form = sniff(head, name)
    return form is not Form.BINARY or unopened(head) is not None or is_container_name(name)
