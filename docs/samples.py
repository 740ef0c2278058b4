"""Writes small files in the forms that mail comes in, for the table of containers and
for tests: each as its program writes it, with nothing in it that does not matter.

Sources: [MS-OXMSG] (.msg), [MS-OXTNEF] (winmail.dat), RFC 5652 (.p7m),
PKWARE APPNOTE 6.1 and WinZip's AES (encrypted zip)."""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import tarfile
import zipfile
import zlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from docs.compound_file import compound_file


def zipped(name: str, data: bytes) -> bytes:
    """A zip with one member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    """A tar with one member."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def zip_by_password(name: str, data: bytes, password: bytes) -> bytes:
    """A zip with one stored member, encrypted in PKWARE's way."""
    crc = zlib.crc32(data)
    cipher = _PkwareCipher(password)
    packed = bytes(map(cipher.encrypt, bytes(11) + bytes([crc >> 24]) + data))
    return _one_member(name, packed, len(data), crc, 0, b"")


def zip_by_aes(name: str, data: bytes, password: bytes, strength: int = 3) -> bytes:
    """A zip with one deflated member, encrypted with AES in WinZip's way (AE-2)."""
    salt_bytes = {1: 8, 2: 12, 3: 16}[strength]
    size, salt = salt_bytes * 2, bytes(range(salt_bytes))
    made = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 2 * size + 2)
    compressor = zlib.compressobj(wbits=-15)
    plain = compressor.compress(data) + compressor.flush()
    encryptor = Cipher(algorithms.AES(made[:size]), modes.ECB()).encryptor()  # noqa: S305
    blocks = range(1, 2 + len(plain) // 16)
    mask = b"".join(encryptor.update(n.to_bytes(16, "little")) for n in blocks)
    stored = bytes(a ^ b for a, b in zip(plain, mask, strict=False))
    code = hmac.new(made[size : 2 * size], stored, "sha1").digest()[:10]
    extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", strength, 8)
    return _one_member(name, salt + made[-2:] + stored + code, len(data), 0, 99, extra)


def tnef(*attachments: tuple[str, bytes]) -> bytes:
    """A winmail.dat with files attached."""
    pieces = [struct.pack("<IH", 0x223E9F78, 1)]
    for name, data in attachments:
        pieces += [
            _attribute(2, 0x00069002, bytes(14)),
            _attribute(2, 0x00018010, name.encode() + b"\0"),
            _attribute(2, 0x0006800F, data),
        ]
    return b"".join(pieces)


def tnef_message(headers: bytes, body: bytes) -> bytes:
    """A TNEF object of a message with its transport headers."""
    properties = _string(0x007D, headers) + _string(0x1000, body)
    return struct.pack("<IH", 0x223E9F78, 1) + _attribute(
        1, 0x00069003, struct.pack("<I", 2) + properties
    )


def tnef_with_message(inner: bytes) -> bytes:
    """A winmail.dat with a message attached as Outlook does it: an object in it."""
    iid = bytes.fromhex("0703020000000000c000000000000046")
    held = iid + inner
    value = struct.pack("<HHII", 0x0D, 0x3701, 1, len(held)) + held + bytes(-len(held) % 4)
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + _attribute(2, 0x00069002, bytes(14))
        + _attribute(2, 0x00069005, struct.pack("<I", 1) + value)
    )


def signed(content: bytes) -> bytes:
    """A CMS object that holds `content` in the clear, as an opaque signature does."""
    data = _der(0x06, bytes.fromhex("2a864886f70d010701"))
    held = _der(0x30, data + _der(0xA0, _der(0x04, content)))
    return _cms("02", b"\x02\x01\x01" + _der(0x31, b"") + held + _der(0x31, b""))


def signed_in_pieces(content: bytes) -> bytes:
    """The same with lengths that are not told beforehand (BER), as of a stream."""
    pieces = [_der(0x04, content[at : at + 1000]) for at in range(0, len(content), 1000)]
    octets = b"\x24\x80" + b"".join(pieces) + b"\0\0"
    data = _der(0x06, bytes.fromhex("2a864886f70d010701"))
    held = b"\x30\x80" + data + b"\xa0\x80" + octets + b"\0\0\0\0"
    inner = b"\x30\x80\x02\x01\x01" + _der(0x31, b"") + held + _der(0x31, b"") + b"\0\0"
    kind = _der(0x06, bytes.fromhex("2a864886f70d010702"))
    return b"\x30\x80" + kind + b"\xa0\x80" + inner + b"\0\0\0\0"


def compressed(content: bytes) -> bytes:
    """A CMS object that holds `content` compressed (RFC 3274)."""
    algorithm = _der(0x30, _der(0x06, bytes.fromhex("2a864886f70d0109100308")))
    data = _der(0x06, bytes.fromhex("2a864886f70d010701"))
    held = _der(0x30, data + _der(0xA0, _der(0x04, zlib.compress(content))))
    kind = _der(0x06, bytes.fromhex("2a864886f70d0109100109"))
    return _der(0x30, kind + _der(0xA0, _der(0x30, b"\x02\x01\x00" + algorithm + held)))


def detached() -> bytes:
    """A signature that stands apart from what it signs (.p7s)."""
    data = _der(0x06, bytes.fromhex("2a864886f70d010701"))
    return _cms("02", b"\x02\x01\x01" + _der(0x31, b"") + _der(0x30, data) + _der(0x31, b""))


def enveloped() -> bytes:
    """A CMS object that only its recipient can open."""
    return _cms("03", b"\x02\x01\x00" + _der(0x31, b"") + _der(0x30, b""))


def outlook_item(headers: bytes, body: bytes, *attachments: tuple[str, bytes]) -> bytes:
    """A .msg file with files attached."""
    streams: dict[tuple[str, ...], bytes] = {
        ("__properties_version1.0",): bytes(32),
        ("__substg1.0_001A001F",): "IPM.Note".encode("utf-16-le"),
        ("__substg1.0_1000001F",): body.decode().encode("utf-16-le"),
    }
    if headers:
        streams["__substg1.0_007D001F",] = headers.decode().encode("utf-16-le")
    for number, (name, data) in enumerate(attachments):
        storage = f"__attach_version1.0_#{number:08X}"
        streams[storage, "__properties_version1.0"] = bytes(8)
        streams[storage, "__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[storage, "__substg1.0_37010102"] = data
    return compound_file(streams)


class _PkwareCipher:
    """PKWARE's stream cipher (APPNOTE 6.1.5)."""

    def __init__(self, password: bytes) -> None:
        self._keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self._update(byte)

    def encrypt(self, byte: int) -> int:
        mixed = (self._keys[2] & 0xFFFF) | 2
        self._update(byte)
        return byte ^ (((mixed * (mixed ^ 1)) >> 8) & 0xFF)

    def _update(self, byte: int) -> None:
        first, second, third = self._keys
        first = _crc_step(first, byte)
        second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self._keys = [first, second, _crc_step(third, second >> 24)]


def _crc_step(value: int, byte: int) -> int:
    value ^= byte
    for _ in range(8):
        value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
    return value


def _one_member(name: str, packed: bytes, size: int, crc: int, method: int, extra: bytes) -> bytes:
    common = (20, 1, method, 0, 0x21, crc, len(packed), size, len(name), len(extra))
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", *common) + name.encode() + extra
    place = (0, 0, 0, 0, 0)
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, *common, *place)
    entry += name.encode() + extra
    at = len(local) + len(packed)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), at, 0)
    return local + packed + entry + end


def _attribute(level: int, kind: int, data: bytes) -> bytes:
    checksum = sum(data) & 0xFFFF
    return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", checksum)


def _string(tag: int, value: bytes) -> bytes:
    value += b"\0"
    return struct.pack("<HHII", 0x1E, tag, 1, len(value)) + value + bytes(-len(value) % 4)


def _cms(kind: str, content: bytes) -> bytes:
    oid = _der(0x06, bytes.fromhex("2a864886f70d0107" + kind))
    return _der(0x30, oid + _der(0xA0, _der(0x30, content)))


def _der(tag: int, value: bytes) -> bytes:
    if len(value) < 128:
        return bytes([tag, len(value)]) + value
    length = len(value).to_bytes(4, "big").lstrip(b"\0")
    return bytes([tag, 0x80 | len(length)]) + length + value
