"""The content of a CMS object, as S/MIME and signed files carry it (.p7m: RFC 5652, RFC
8551; RFC 3274 for a compressed one).

What was signed stands in it in the clear, and is taken out as it stands: nobody's
signature is checked. What was encrypted needs its recipient's key, and is told. Read
with the lengths of DER and of BER, where they may be indefinite (X.690 8.1.3)."""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from firsthop.mail.buffer import CHUNK_BYTES, Buffer, spool
from firsthop.mail.limits import Allowance
from firsthop.mail.sources.raw import Skipped

if TYPE_CHECKING:
    from firsthop.mail.sources.archive import Member

_OCTETS, _OID, _SEQUENCE, _EXPLICIT, _CONSTRUCTED = 0x04, 0x06, 0x30, 0xA0, 0x20  # tags
_INDEFINITE = 0x80  # the length of a value that ends with two zero bytes
_MAX_VALUES = 1_000_000  # of one object
_MAX_NESTED = 12  # constructed values inside constructed values: CMS needs six
_PKCS7 = bytes.fromhex("2a864886f70d0107")
_SMIME = bytes.fromhex("2a864886f70d01091001")
_DATA, _SIGNED, _DIGESTED = _PKCS7 + b"\x01", _PKCS7 + b"\x02", _PKCS7 + b"\x05"
_COMPRESSED = _SMIME + b"\x09"
_ENCRYPTED = {
    _PKCS7 + b"\x03": "enveloped-data",
    _PKCS7 + b"\x04": "signed and enveloped data",
    _PKCS7 + b"\x06": "encrypted-data",
    _SMIME + b"\x17": "authenticated enveloped data",
}
_ARMOUR = re.compile(rb"-----BEGIN [A-Z0-9# ]{3,30}-----([A-Za-z0-9+/=\s]*)")


class _Value(NamedTuple):
    """A value's place: its tag and its contents, which may end before `stop` where the
    length is indefinite."""

    tag: int
    start: int
    stop: int
    indefinite: bool


class _BrokenError(Exception):
    """The bytes are no CMS object after all."""


def members(data: Buffer, uri: str, allowance: Allowance) -> Iterator[Member | Skipped]:
    """What the object holds in the clear: one member, or none."""
    from firsthop.mail.sources.archive import Member  # noqa: PLC0415 - the package imports this module

    if (refusal := allowance.count_member()) is not None:
        yield Skipped(uri, refusal)
        return
    if len(data) > allowance.limits.max_message_bytes:
        yield Skipped(uri, f"{len(data)} bytes: {allowance.limits.refusal('max_message_bytes')}")
        return
    try:
        chunks = _Object(_unarmoured(bytes(data))).contents()
    except _BrokenError as fault:
        yield Skipped(uri, f"an S/MIME object that cannot be read: {fault}")
        return
    content, problem = spool(chunks, len(data), allowance)
    if problem is not None:
        yield Skipped(uri, problem)
    if len(content):
        yield Member(f"{uri}!/content", content)


def _unarmoured(data: bytes) -> bytes:
    if data[:1] == bytes([_SEQUENCE]):
        return data
    match = _ARMOUR.search(data)
    text = b"".join((data if match is None else match[1]).split())
    try:
        return binascii.a2b_base64(text[: len(text) - len(text) % 4])
    except binascii.Error as fault:
        raise _BrokenError("damaged base64") from fault


class _Object:
    """The values of a CMS object; `_MAX_VALUES` of them are read."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._values = 0

    def contents(self) -> Iterator[bytes]:
        """The content's bytes; none of a signature that stands apart from what it
        signs."""
        kind, content = self._content_info(self._value(0, len(self._data)))
        if kind in _ENCRYPTED:
            raise _BrokenError(
                f"encrypted ({_ENCRYPTED[kind]}): decrypt it with its recipient's key"
            )
        if kind == _DATA:
            return iter(()) if content is None else self._octets(content)
        if kind not in {_SIGNED, _DIGESTED, _COMPRESSED} or content is None:
            raise _BrokenError("it is of another kind than S/MIME uses")
        # version, the algorithms or the one algorithm, then the content with its type
        values = list(islice(self._inside(content), 3))
        if len(values) < 3:
            raise _BrokenError("cut short")
        _, held = self._content_info(values[2])
        if held is None:
            return iter(())
        return _inflated(self._octets(held)) if kind == _COMPRESSED else self._octets(held)

    def _content_info(self, info: _Value) -> tuple[bytes, _Value | None]:
        """The type of a ContentInfo, and its content where there is one."""
        values = list(islice(self._inside(info), 2))
        if info.tag != _SEQUENCE or not values or values[0].tag != _OID:
            raise _BrokenError("no content type")
        kind = self._data[values[0].start : values[0].stop]
        if len(values) < 2 or values[1].tag != _EXPLICIT:
            return kind, None
        return kind, next(self._inside(values[1]), None)

    def _octets(self, value: _Value, depth: int = 0) -> Iterator[bytes]:
        """The bytes of an octet string, which may be cut into several."""
        if value.tag == _OCTETS:
            yield self._data[value.start : value.stop]
        elif value.tag & _CONSTRUCTED and depth < _MAX_NESTED:
            for piece in self._inside(value):
                yield from self._octets(piece, depth + 1)

    def _inside(self, outer: _Value) -> Iterator[_Value]:
        """The values that a constructed one is made of."""
        at = outer.start
        while at < outer.stop and self._data[at : at + 2] != b"\0\0":
            value = self._value(at, outer.stop)
            yield value
            at = self._after(value, depth=0)

    def _value(self, at: int, limit: int) -> _Value:
        """The value that begins at `at`; one that is cut ends where the bytes do."""
        self._values += 1
        if at + 2 > limit or self._values > _MAX_VALUES:
            raise _BrokenError("cut short" if at + 2 > limit else f"over {_MAX_VALUES} values")
        tag, first = self._data[at], self._data[at + 1]
        if first == _INDEFINITE:
            return _Value(tag, at + 2, limit, indefinite=True)
        size = first & 0x7F if first > _INDEFINITE else 0
        if size > 8:
            raise _BrokenError("an impossible length")
        start = at + 2 + size
        length = int.from_bytes(self._data[at + 2 : start], "big") if size else first
        return _Value(tag, start, min(start + length, limit), indefinite=False)

    def _after(self, value: _Value, depth: int) -> int:
        """Where the next value begins: one of indefinite length ends at two zero
        bytes."""
        if not value.indefinite:
            return value.stop
        if depth >= _MAX_NESTED:
            raise _BrokenError("nested too deep")
        at = value.start
        while at + 2 <= value.stop and self._data[at : at + 2] != b"\0\0":
            at = self._after(self._value(at, value.stop), depth + 1)
        return min(at + 2, value.stop)


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = zlib.decompressobj()
    for chunk in chunks:
        packed = chunk
        while packed:
            yield decoder.decompress(packed, CHUNK_BYTES)
            packed = decoder.unconsumed_tail
