"""Read TNEF, the winmail.dat that Outlook makes of what is attached to a mail in rich
text ([MS-OXTNEF]): the files in it, and the messages in it.

A message in it is one as in a .msg file: the transport headers as Outlook stored them
(0x007D) and the body it shows, nothing rebuilt. Of the outermost object only the files
and the text are taken: its message is the mail that carries it, unless it brings
headers of its own. Broken objects are told, never raised; what stands before the damage
is kept."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from firsthop.mail.limits import Limits
from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.outlook import compose
from firsthop.mail.sources.raw import Carried, Opener, Piece, RawMail, Skipped, raw_mail

_SIGNATURE_BYTES = 6  # the magic number and a key
# attributes (section 2.1.3.1.1)
_BEGINS, _NAME, _DATA, _ATTACHMENT = 0x9002, 0x8010, 0x800F, 0x9005
_MESSAGE, _BODY = 0x9003, 0x800C
# MAPI properties ([MS-OXPROPS]) and their types ([MS-OXCDATA] 2.11.1)
_HEADERS, _PLAIN, _HTML, _LONG_NAME, _CONTENT = 0x007D, 0x1000, 0x1013, 0x3707, 0x3701
_UNICODE, _OBJECT, _MULTIPLE = 0x1F, 0x0D, 0x1000
_VARIABLE = frozenset({0x1E, _UNICODE, 0x102, _OBJECT})
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_NAMED = 0x8000  # properties from here on carry their name
_WANTED = frozenset({_HEADERS, _PLAIN, _HTML, _LONG_NAME, _CONTENT})
# IID_IMessage: the object is a TNEF stream of its own
_MESSAGE_INSIDE = bytes.fromhex("0703020000000000c000000000000046")


class _CutError(Exception):
    """The object ends before what it announces."""


class _Attachment(NamedTuple):
    """What was attached to the message."""

    name: str
    content: bytes
    carried: Carried


class _Object:
    """What one TNEF object holds, as far as it can be read."""

    def __init__(self, data: bytes) -> None:
        self.headers = self.text = b""
        self.attachments: list[_Attachment] = []
        self.problem: str | None = None
        self._attachment = _Attachment("", b"", Carried.FILE)
        try:
            for kind, value in _attributes(data):
                self._take(kind, value)
        except (_CutError, struct.error) as fault:
            self.problem = str(fault)
        self._close()

    def _take(self, kind: int, value: bytes) -> None:
        if kind == _BEGINS:
            self._close()
        elif kind == _NAME:
            self._attachment = self._attachment._replace(name=_text(value))
        elif kind == _DATA:
            self._attachment = self._attachment._replace(content=value)
        elif kind == _ATTACHMENT:
            self._attachment = _with_properties(self._attachment, value)
        elif kind == _MESSAGE:
            found = {tag: content for tag, _, content in _properties(value)}
            self.headers = found.get(_HEADERS, b"").rstrip(b"\0")
            text = found.get(_PLAIN) or found.get(_HTML) or self.text
            self.text = text.rstrip(b"\0")
        elif kind == _BODY:
            self.text = self.text or value.rstrip(b"\0")

    def _close(self) -> None:
        if self._attachment.content:
            self.attachments.append(self._attachment)
        self._attachment = _Attachment("", b"", Carried.FILE)


def read_tnef(
    data: bytes,
    uri: str,
    limits: Limits,
    opener: Opener,
    report: str | None = None,
    is_message: bool = False,
) -> Iterator[RawMail | Skipped]:
    """The messages in a TNEF object: itself, where it is a message that was attached or
    brings its headers, then those attached to it. `report` is the URI of the message
    that it is attached to."""
    item = _Object(data)
    carrier = uri if is_message or item.headers else report
    found: list[RawMail | Skipped] = []
    for number, one in enumerate(item.attachments[: limits.max_parts], 1):
        label = f"{uri}!/attachment-{number}"
        found += opener(Piece(label, one.content, carrier, one.carried, one.name))
    if is_message or item.headers:
        yield _message(item, uri, found)
    elif item.text:
        found += opener(Piece(f"{uri}!/text", item.text, report, Carried.TEXT))
    yield from found
    if item.problem is not None:
        yield Skipped(uri, f"a damaged TNEF object: {item.problem}; the rest was not read")
    if len(item.attachments) > limits.max_parts:
        yield Skipped(uri, limits.refusal("max_parts"))


def _message(item: _Object, uri: str, found: list[RawMail | Skipped]) -> RawMail:
    data, told = compose(item.headers, item.text)
    carried = sum(isinstance(one, RawMail) and one.source.enclosed_in == uri for one in found)
    report = (f"report: carries {carried} message{'s' if carried > 1 else ''}",) if carried else ()
    notes = (told, "body: its text as Outlook stored it", *report)
    return raw_mail(data, uri, "tnef", notes=notes, body_bytes=BodyBytes.REBUILT)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes: a level, an id with a type, a length, the value, a checksum."""
    at = _SIGNATURE_BYTES
    while at < len(data):
        if at + 9 > len(data):
            raise _CutError("it ends inside an attribute")
        _, kind, _, length = struct.unpack_from("<BHHI", data, at)
        value = data[at + 9 : at + 9 + length]
        yield kind, value
        if len(value) < length:
            raise _CutError(f"an attribute has {len(value)} of {length} bytes")
        at += 9 + length + 2


def _with_properties(attachment: _Attachment, data: bytes) -> _Attachment:
    """The attachment with what its MAPI properties say."""
    for tag, kind, value in _properties(data):
        if tag == _LONG_NAME:
            attachment = attachment._replace(name=_text(value))
        elif tag == _CONTENT and kind == _OBJECT:
            held = value[16:]
            message = value[:16] == _MESSAGE_INSIDE
            carried = Carried.MESSAGE if message else Carried.FILE
            attachment = attachment._replace(content=held, carried=carried)
        elif tag == _CONTENT and value:
            attachment = attachment._replace(content=value)
    return attachment


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The wanted MAPI properties of a block: tag, type, first value; strings in
    UTF-8."""
    (count,), at = struct.unpack_from("<I", data), 4
    for _ in range(min(count, len(data) // 8)):
        kind, tag = struct.unpack_from("<HH", data, at)
        at += 4
        if tag >= _NAMED:
            at = _after_name(data, at)
        first, at = _value(data, at, kind)
        if tag in _WANTED:
            yield tag, kind & ~_MULTIPLE, _utf8(first) if kind == _UNICODE else first


def _after_name(data: bytes, at: int) -> int:
    """Where the value of a property that carries its name begins."""
    (kind,) = struct.unpack_from("<I", data, at + 16)
    (number,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + (_padded(number) if kind else 0)


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """The first value of a property, and where the next property begins."""
    count, base = 1, kind & ~_MULTIPLE
    if kind & _MULTIPLE or base in _VARIABLE:
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
    if base in _FIXED:
        return data[at : at + _FIXED[base]], at + _FIXED[base] * count
    if base not in _VARIABLE:
        raise _CutError(f"a property of unknown type {base:#06x}")
    first = b""
    for number in range(min(count, len(data))):
        (length,) = struct.unpack_from("<I", data, at)
        if number == 0:
            first = data[at + 4 : at + 4 + length]
        at += 4 + _padded(length)
    return first, at


def _padded(length: int) -> int:
    return -(-length // 4) * 4


def _utf8(value: bytes) -> bytes:
    return value.decode("utf-16-le", "replace").encode("utf-8", "replace")


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("utf-8", "backslashreplace")
