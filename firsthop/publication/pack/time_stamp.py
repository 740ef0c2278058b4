"""Time stamps (RFC 3161): the request that an operator sends to an authority, and
whether the answer stamps the very bytes.

Never:      reaches an authority, or says that its signature holds: that takes the
            certificate one trusts it by, and `openssl ts -verify` looks at it.
Raises:     SettingsError, one line that names the file.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from firsthop.errors import SettingsError

MAX_ANSWER = 1 << 20  # bytes; one with its certificates has some thousands
_INTEGER, _OCTETS, _OID, _TIME, _SEQUENCE, _EXPLICIT = 0x02, 0x04, 0x06, 0x18, 0x30, 0xA0
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")  # 1.2.840.113549.1.9.16.1.4
_SHA = bytes.fromhex("608648016503040201")  # 2.16.840.1.101.3.4.2.1, SHA-256
_HASHES = {_SHA: "sha256", _SHA[:-1] + b"\x02": "sha384", _SHA[:-1] + b"\x03": "sha512"}
_GENERALIZED = re.compile(rb"(?P<day>\d{8})(?P<clock>\d{6})(?P<part>\.\d{1,9})?Z")
_GRANTED_WITH_MODS = 1  # and 0 is granted


class Stamp(NamedTuple):
    """What an authority says: these bytes were there at this time."""

    hash: str  # as hashlib calls it
    imprint: bytes
    time: str  # RFC 3339, UTC


class _Value(NamedTuple):
    tag: int
    content: bytes


def request(data: bytes) -> bytes:
    """A TimeStampReq of SHA-256 that asks for the authority's certificate. It has no
    nonce: the same bytes ask the same."""
    algorithm = _der(_SEQUENCE, _der(_OID, _SHA) + b"\x05\x00")
    imprint = _der(_SEQUENCE, algorithm + _der(_OCTETS, hashlib.sha256(data).digest()))
    return _der(_SEQUENCE, _der(_INTEGER, b"\x01") + imprint + b"\x01\x01\xff")


def demand_stamp(answer: bytes, data: bytes, where: str) -> Stamp:
    """What an answer says of some bytes. SettingsError where it is none, or stamps
    others."""
    try:
        stamp = _stamp(answer)
    except (ValueError, IndexError) as error:
        raise SettingsError(f"{where}: no time stamp (RFC 3161): {error}") from error
    if hashlib.new(stamp.hash, data).digest() != stamp.imprint:
        raise SettingsError(
            f"{where}: stamps other bytes than SHA256SUMS of this pack: the case went on since the "
            f"request was written, or it is of another case"
        )
    return stamp


def _stamp(answer: bytes) -> Stamp:
    """TimeStampResp, ContentInfo, SignedData, EncapsulatedContentInfo, TSTInfo."""
    status, *token = _inside(_only(answer, _SEQUENCE))
    refusal = int.from_bytes(_inside(status.content)[0].content, "big")
    if refusal > _GRANTED_WITH_MODS:
        raise ValueError(f"the authority refused it (status {refusal})")
    if not token:
        raise ValueError("it holds no token")
    signed = _inside(_only(_content(token[0].content, _SIGNED_DATA), _SEQUENCE))
    info = _only(_content(signed[2].content, _TST_INFO), _OCTETS)
    return _told(_inside(_only(info, _SEQUENCE)))


def _told(values: list[_Value]) -> Stamp:
    """version, policy, messageImprint, serialNumber, genTime"""
    algorithm, imprint = _inside(values[2].content)
    name = _HASHES.get(_inside(algorithm.content)[0].content)
    if name is None:
        raise ValueError("its hash is none of SHA-256, SHA-384, SHA-512")
    match = _GENERALIZED.fullmatch(values[4].content) if values[4].tag == _TIME else None
    if match is None:
        raise ValueError("its time cannot be read")
    day, clock = match["day"].decode(), match["clock"].decode()
    part = (match["part"] or b"").decode()
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return Stamp(name, imprint.content, f"{date}T{clock[:2]}:{clock[2:4]}:{clock[4:]}{part}Z")


def _content(info: bytes, kind: bytes) -> bytes:
    """What a content type and its explicitly tagged content hold."""
    name, held = _inside(info)[:2]
    if (name.tag, name.content, held.tag) != (_OID, kind, _EXPLICIT):
        raise ValueError("another kind of content")
    return held.content


def _only(data: bytes, tag: int) -> bytes:
    """The contents of the one value in some bytes."""
    values = _inside(data)
    if [one.tag for one in values] != [tag]:
        raise ValueError("another form")
    return values[0].content


def _inside(data: bytes) -> list[_Value]:
    """The values in some bytes, with the lengths of DER (X.690 10.1)."""
    values, at = list[_Value](), 0
    while at < len(data):
        tag, first = data[at], data[at + 1]
        size = first & 0x7F if first & 0x80 else 0
        if first == 0x80 or size > 4:
            raise ValueError("not in DER")
        start = at + 2 + size
        length = int.from_bytes(data[at + 2 : start], "big") if size else first
        at = start + length
        if at > len(data):
            raise ValueError("cut short")
        values.append(_Value(tag, data[start:at]))
    return values


def _der(tag: int, content: bytes) -> bytes:
    """A short value."""
    return bytes((tag, len(content))) + content
