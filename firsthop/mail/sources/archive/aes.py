"""Zip members that are encrypted with AES, as WinZip, 7-Zip and WinRAR do it (WinZip's
"AES Encryption Information", AE-1 and AE-2).

The password makes the keys (PBKDF2 with HMAC-SHA1, 1,000 rounds); two bytes tell at
once whether it can be the right one, ten at the end whether the bytes are whole.
Whoever has no password gets nothing; nothing is guessed here."""

from __future__ import annotations

import bz2
import hashlib
import hmac
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from firsthop.mail.buffer import CHUNK_BYTES

METHOD = 99  # in the place of the compression method
_EXTRA = 0x9901  # the extra field that says what the method is
_SALT_BYTES = {1: 8, 2: 12, 3: 16}  # by strength: AES-128, -192, -256
_ROUNDS, _CHECK_BYTES, _CODE_BYTES = 1000, 2, 10
_STORED, _DEFLATED, _BZIP2, _LZMA = 0, 8, 12, 14


class _Encryption(NamedTuple):
    """What the extra field says."""

    strength: int
    method: int  # of compression, before the encryption


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: bytes) -> Iterator[bytes]:
    """The member's bytes. BadZipFile at once for a password that cannot be the right
    one."""
    encryption = _encryption(info)
    stored = _stored(archive, info)
    salt_bytes = _SALT_BYTES[encryption.strength]
    salt, check = stored[:salt_bytes], stored[salt_bytes : salt_bytes + _CHECK_BYTES]
    size = salt_bytes * 2
    made = hashlib.pbkdf2_hmac("sha1", password, salt, _ROUNDS, 2 * size + _CHECK_BYTES)
    if not check or made[2 * size :] != check:
        raise zipfile.BadZipFile("not its password")
    begin, end = salt_bytes + _CHECK_BYTES, len(stored) - _CODE_BYTES
    code = hmac.new(made[size : 2 * size], stored[begin:end], "sha1").digest()[:_CODE_BYTES]
    plain = _plain(stored[begin:end], made[:size])
    return _checked(_unpacked(plain, encryption.method), code == stored[end:])


def _encryption(info: zipfile.ZipInfo) -> _Encryption:
    at = 0
    while at + 4 <= len(info.extra):
        kind, size = struct.unpack_from("<HH", info.extra, at)
        if kind == _EXTRA and size >= 7 and at + 11 <= len(info.extra):
            _, _, strength, method = struct.unpack_from("<H2sBH", info.extra, at + 4)
            if strength in _SALT_BYTES:
                return _Encryption(strength, method)
        at += 4 + size
    raise zipfile.BadZipFile("it does not say how it is encrypted")


def _stored(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The member's bytes as they stand in the archive, behind its local header."""
    file: Any = archive.fp
    file.seek(info.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("no entry where one should be")
    name, extra = struct.unpack_from("<HH", header, 26)
    file.seek(info.header_offset + 30 + name + extra)
    stored: bytes = file.read(info.compress_size)
    return stored


def _plain(data: bytes, key: bytes) -> bytes:
    """AES in counter mode; the counter begins at 1, its lowest byte first."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - loaded only when there is an encrypted member

    # The mode is CTR, put together from blocks: the library counts from the other end.
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
    pieces = []
    for at in range(0, len(data), CHUNK_BYTES):
        piece = data[at : at + CHUNK_BYTES]
        first = at // 16 + 1
        blocks = range(first, first + -(-len(piece) // 16))
        mask = encryptor.update(b"".join(n.to_bytes(16, "little") for n in blocks))[: len(piece)]
        mixed = int.from_bytes(piece, "big") ^ int.from_bytes(mask, "big")
        pieces.append(mixed.to_bytes(len(piece), "big"))
    return b"".join(pieces)


def _unpacked(data: bytes, method: int) -> Iterator[bytes]:
    if method == _STORED:
        return iter((data,))
    if method == _DEFLATED:
        return _inflated(data)
    if method == _BZIP2:
        return _decoded(bz2.BZ2Decompressor(), data)
    if method == _LZMA and len(data) > 9:
        size = struct.unpack_from("<H", data, 2)[0]
        properties = lzma._decode_filter_properties(lzma.FILTER_LZMA1, data[4 : 4 + size])  # type: ignore[attr-defined]
        decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[properties])
        return _decoded(decoder, data[4 + size :])
    raise NotImplementedError(f"compression method {method}")


def _inflated(data: bytes) -> Iterator[bytes]:
    decoder = zlib.decompressobj(-15)
    while data and not decoder.eof:
        yield decoder.decompress(data, CHUNK_BYTES)
        data = decoder.unconsumed_tail


def _decoded(decoder: _Decoder, data: bytes) -> Iterator[bytes]:
    while not decoder.eof:
        chunk = decoder.decompress(data, CHUNK_BYTES)
        yield chunk
        data = b""
        if not chunk and decoder.needs_input:
            return


def _checked(unpacked: Iterator[bytes], whole: bool) -> Iterator[bytes]:
    yield from unpacked
    if not whole:
        raise zipfile.BadZipFile("its authentication code is wrong")
