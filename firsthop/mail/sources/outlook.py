"""Read Outlook items, .msg files ([MS-OXMSG] over [MS-CFB]): the transport headers as
Outlook stored them, and the body it shows.

The headers are property 0x007D (PidTagTransportMessageHeaders, [MS-OXOMSG] 2.2.3.1),
never rebuilt from other properties: an item that was sent or drafted has none, and its
message then has no header, which the notes say. The digest is that of the .msg file's
own bytes, for those are what can be hashed again; the message's bytes are put together
here from the two properties. Broken files are told, never raised. Streams are read one
by one and straight from the compound file, so that a damaged attachment does not cost
the headers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from firsthop.mail.limits import Limits
from firsthop.mail.message import BodyBytes, Evidence
from firsthop.mail.sources.raw import (
    OTHER_DOCUMENT,
    Carried,
    Opener,
    Piece,
    RawMail,
    Skipped,
    raw_mail,
)

# Exchange puts it before the headers it stored
_BANNER = re.compile(rb"Microsoft Mail Internet Headers Version [\d.]+\r?\n")
_NOT_MAIL = (
    "IPM.CONTACT",
    "IPM.APPOINTMENT",
    "IPM.TASK",
    "IPM.STICKYNOTE",
    "IPM.ACTIVITY",
    "IPM.DISTLIST",
)
HEADERS, BODY, HTML, MESSAGE_CLASS, SUBJECT = "007D", "1000", "1013", "001A", "0037"
ATTACHED, LONG_NAME, SHORT_NAME, MIME_TAG = "3701", "3707", "3704", "370E"


class Envelope(NamedTuple):
    """Where an Outlook item lies: what its messages' sources say."""

    uri: str
    offset: int
    # of the file's own bytes; None for an item inside another, which has no bytes of
    # its own
    sha256: str | None
    enclosed_in: str | None


class Storage:
    """One storage of a compound file: an item or an attachment. A stream that is
    missing or cannot be read is empty."""

    def __init__(self, file: object, path: list[str], names: list[list[str]]) -> None:
        self._file, self._path = file, path
        self._names = [name for name in names if name[: len(path)] == path]

    def stream(self, name: str) -> bytes:
        """The bytes of the stream called `name`."""
        try:
            return bytes(self._file.openstream([*self._path, name]).read())  # type: ignore[attr-defined]
        except Exception:  # noqa: BLE001 - hostile bytes: olefile raises OSError, IndexError, struct.error and others
            return b""

    def text(self, tag: str) -> bytes:
        """The string property `tag` as bytes: as stored when it is of 8 bits (001E), in
        UTF-8 when it is of Unicode (001F)."""
        unicode = self.stream(f"__substg1.0_{tag}001F")
        stored = (
            unicode.decode("utf-16-le", "replace").encode("utf-8", "replace")
            if unicode
            else self.stream(f"__substg1.0_{tag}001E")
        )
        return stored.rstrip(b"\0")

    def binary(self, tag: str) -> bytes:
        """The binary property `tag`."""
        return self.stream(f"__substg1.0_{tag}0102")

    def has(self, name: str) -> bool:
        """Whether something in here begins with `name`."""
        depth = len(self._path)
        return any(len(path) > depth and path[depth].startswith(name) for path in self._names)

    def storages(self, prefix: str) -> list[Storage]:
        """The storages in here whose names begin with `prefix`, sorted."""
        depth = len(self._path)
        names = {
            path[depth]
            for path in self._names
            if len(path) > depth + 1 and path[depth].startswith(prefix)
        }
        return [Storage(self._file, [*self._path, name], self._names) for name in sorted(names)]


def read_outlook(
    data: bytes,
    uri: str,
    limits: Limits,
    opener: Opener,
    offset: int = 0,
    enclosed_in: str | None = None,
) -> Iterator[RawMail | Skipped]:
    """The message of a .msg file, then those attached to it."""
    import olefile  # type: ignore[import-untyped]  # noqa: PLC0415 - loaded only when there is an Outlook item

    if len(data) > limits.max_message_bytes:
        yield Skipped(uri, f"{len(data)} bytes: {limits.refusal('max_message_bytes')}")
        return
    try:
        file = olefile.OleFileIO(data)
        root = Storage(file, [], file.listdir())
    except Exception as fault:  # noqa: BLE001 - as above
        yield Skipped(uri, f"a broken compound file: {fault}")
        return
    if not root.has("__substg1.0_") and not root.has("__properties_version1.0"):
        yield Skipped(uri, OTHER_DOCUMENT)
        return
    envelope = Envelope(uri, offset, hashlib.sha256(data).hexdigest(), enclosed_in)
    yield from _item(root, envelope, limits, opener, 1)


def _item(
    item: Storage, envelope: Envelope, limits: Limits, opener: Opener, depth: int
) -> Iterator[RawMail | Skipped]:
    kind = item.text(MESSAGE_CLASS).decode("utf-8", "backslashreplace")
    headers = item.text(HEADERS)
    if not headers and kind.upper().startswith(_NOT_MAIL):
        yield Skipped(envelope.uri, f"an Outlook item of class {kind}: no message")
        return
    attached = list(_attached(item, envelope, limits, opener, depth))
    carried = sum(
        isinstance(one, RawMail) and one.source.enclosed_in == envelope.uri for one in attached
    )
    report = (f"report: carries {carried} message{'s' if carried > 1 else ''}",) if carried else ()
    yield _message(headers, *_body(item), envelope, report)
    yield from attached


def _body(item: Storage) -> tuple[bytes, str]:
    """The body, and what it is: the plain text, else the HTML; one that is kept as RTF
    only is not read."""
    if text := item.text(BODY):
        return text, "its plain text"
    if html := item.binary(HTML) or item.text(HTML):
        return html, "its HTML"
    return b"", "none (at most RTF)"


def _message(
    headers: bytes, body: bytes, what: str, envelope: Envelope, report: tuple[str, ...]
) -> RawMail:
    data, told = compose(headers, body)
    notes = (told, f"body: {what} as Outlook stored it", *report)
    evidence = Evidence.ENCLOSED if envelope.enclosed_in is not None else Evidence.MESSAGE
    place = (envelope.offset, evidence, envelope.enclosed_in)
    mail = raw_mail(data, envelope.uri, "msg", *place, notes, BodyBytes.REBUILT)
    if envelope.sha256 is None:
        return mail
    notes += ("sha256: of the .msg file",)
    return mail._replace(source=mail.source._replace(sha256=envelope.sha256, notes=notes))


def compose(headers: bytes, body: bytes) -> tuple[bytes, str]:
    """The message's bytes: the header block as stored, an empty line, the body; and
    where the headers come from."""
    block = _BANNER.sub(b"", headers.lstrip(b"\r\n"), count=1).rstrip(b"\r\n\t \0")
    if not block:
        return (
            b"\r\n" + body,
            "transport headers absent: a sent, drafted or internal item keeps none",
        )
    return block + b"\r\n\r\n" + body, "headers taken from property 0x007D"


def _attached(
    item: Storage, envelope: Envelope, limits: Limits, opener: Opener, depth: int
) -> Iterator[RawMail | Skipped]:
    """The messages attached to the item: Outlook items inside it, and what the attached
    files hold."""
    for number, attachment in enumerate(item.storages("__attach_version1.0_"), 1):
        uri = f"{envelope.uri}!/attachment-{number}"
        if number > limits.max_parts:
            yield Skipped(uri, limits.refusal("max_parts"))
            return
        inner = attachment.storages(f"__substg1.0_{ATTACHED}000D")
        if inner and inner[0].has("__properties_version1.0"):
            if depth > limits.max_enclosed_depth:
                yield Skipped(uri, limits.refusal("max_enclosed_depth"))
            else:
                place = Envelope(uri, 0, None, envelope.uri)
                yield from _item(inner[0], place, limits, opener, depth + 1)
        else:
            yield from opener(_piece(attachment, uri, envelope.uri))


def _piece(attachment: Storage, uri: str, report: str) -> Piece:
    name = attachment.text(LONG_NAME) or attachment.text(SHORT_NAME)
    declared = attachment.text(MIME_TAG).lower() in {
        b"message/rfc822",
        b"application/vnd.ms-outlook",
    }
    carried = Carried.MESSAGE if declared else Carried.FILE
    content = attachment.binary(ATTACHED)
    return Piece(uri, content, report, carried, name.decode("utf-8", "backslashreplace"))
