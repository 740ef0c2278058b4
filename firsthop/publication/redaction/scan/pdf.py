"""The text and the metadata of a PDF, for a search and not for reading: every stream
decompressed, every string decoded plainly and by every character map of the file.

A font that is cut down to its glyphs writes numbers in the place of letters; its map
(ToUnicode) says which. Which string belongs to which font is not asked: each is decoded
by each map, and a text that is there appears among the results.
Never:      renders, runs scripts, follows links.
Source:     ISO 32000-1 sections 7.3.4 (strings), 7.3.8 (streams), 7.4 (filters), 9.10
            (ToUnicode).
"""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Iterator

MAX_STREAM = 64 << 20  # bytes of a stream, decompressed
MAX_MAPS = 40  # character maps of a file by which strings are decoded

_STREAM = re.compile(rb">>\s{0,4}stream\r?\n")
_HEAD = 8_000  # bytes before a stream in which its dictionary is looked for
_READ_FILTERS = (b"/FlateDecode", b"/ASCIIHexDecode", b"/ASCII85Decode")
_PICTURES = (b"/DCTDecode", b"/JPXDecode", b"/CCITTFaxDecode", b"/JBIG2Decode", b"/LZWDecode")
_LITERAL = re.compile(rb"(?<!\\)\(((?:[^()\\]|\\.|\([^()\\]{0,200}\))*+)\)", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]{2,})>")
_ARRAY = re.compile(
    rb"\[((?:[^\[\]()<>]|\((?:[^()\\]|\\.)*+\)|<[0-9A-Fa-f\s]*>)*+)\]\s*TJ", re.DOTALL
)
_ENCRYPTED = re.compile(rb"/Encrypt\s")
_PIECE = re.compile(rb"(?<!\\)\(((?:[^()\\]|\\.)*+)\)|<([0-9A-Fa-f\s]*)>", re.DOTALL)
_LISTED = re.compile(rb"<([0-9A-Fa-f]+)>")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
_NAMED = {b"n": b" ", b"r": b" ", b"t": b" ", b"b": b"", b"f": b" "}
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]+)>")
_TRIPLE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\[\]]*)\])")
_LARGEST_RANGE = 65_536

CharacterMap = dict[int, str]


class UnsearchableError(ValueError):
    """A part of a file that cannot be searched; the text says why."""


def pdf_texts(data: bytes) -> Iterator[str]:
    """Everything that could be text in a PDF. UnsearchableError where a part of it
    cannot be read."""
    if _ENCRYPTED.search(data):
        raise UnsearchableError("an encrypted PDF")
    parts = [_without_streams(data), *_streams(data)]
    maps = [table for part in parts if (table := _character_map(part))][:MAX_MAPS]
    for part in parts:
        yield part.decode("latin-1")
        if b"bfchar" not in part and b"bfrange" not in part:
            yield from _strings(part, maps)


def _without_streams(data: bytes) -> bytes:
    parts, place = [], 0
    for match in _STREAM.finditer(data):
        if match.start() >= place:
            parts.append(data[place : match.start()])
            stop = data.find(b"endstream", match.end())
            place = stop if stop >= 0 else len(data)
    return b"".join([*parts, data[place:]])


def _streams(data: bytes) -> Iterator[bytes]:
    for match in _STREAM.finditer(data):
        begin = max(data.rfind(b"obj", max(match.start() - _HEAD, 0), match.start()), 0)
        stop = data.find(b"endstream", match.end())
        body = data[match.end() : stop if stop >= 0 else len(data)]
        yield _unfiltered(data[begin : match.start()], body)


def _unfiltered(head: bytes, body: bytes) -> bytes:
    """A stream without its filters; of a picture or a font's outlines nothing is
    text."""
    if any(name in head for name in _PICTURES):
        raise UnsearchableError("a picture of pixels in a PDF")
    if b"/ASCII85Decode" in head or b"/ASCIIHexDecode" in head:
        raise UnsearchableError("a stream of a PDF in an unusual filter")
    if b"/FlateDecode" not in head and b"/Fl " not in head:
        if b"/Filter" in head:
            raise UnsearchableError("a stream of a PDF in an unknown filter")
        return body
    if b"/Length1" in head or b"/FontFile" in head or b"/Type1C" in head or b"/OpenType" in head:
        return b""
    if b"/Subtype /Image" in head or b"/Subtype/Image" in head:
        raise UnsearchableError("a picture of pixels in a PDF")
    return inflated(body)


def inflated(body: bytes) -> bytes:
    """zlib data decompressed, as far as it is whole. UnsearchableError for none, and
    for too much."""
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(body.lstrip(b"\r\n"), MAX_STREAM)
    except zlib.error as error:
        raise UnsearchableError("a damaged compressed stream") from error
    if reader.unconsumed_tail:
        raise UnsearchableError(f"more than {MAX_STREAM >> 20} MiB in one stream")
    return data


def _strings(part: bytes, maps: list[CharacterMap]) -> Iterator[str]:
    """The strings of a part, those of one array as one."""
    pieces = [_LITERAL.findall(part), _HEX.findall(part)]
    singles = [_unescaped(one) for one in pieces[0]]
    singles += [_bytes(one) for one in pieces[1]]
    arrays = [b"".join(_pieces(array)) for array in _ARRAY.findall(part)]
    yield from _read(singles, maps, "\n")
    yield from _read(singles, maps, "")  # a word that is shown letter by letter
    yield from _read(arrays, maps, "\n")
    yield from _read(arrays, maps, "")


def _read(strings: list[bytes], maps: list[CharacterMap], between: str) -> Iterator[str]:
    if strings:
        yield between.join(map(_plain, strings))
        for table in maps:
            yield between.join(_mapped(one, table) for one in strings)


def _pieces(array: bytes) -> Iterator[bytes]:
    for literal, digits in _PIECE.findall(array):
        yield _unescaped(literal) if literal else _bytes(digits)


def _plain(data: bytes) -> str:
    if data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return data.decode("utf-16", "replace")
    return data.decode("latin-1")


def _unescaped(data: bytes) -> bytes:
    return _ESCAPE.sub(_one_escape, data) if b"\\" in data else data


def _one_escape(match: re.Match[bytes]) -> bytes:
    told = match[1]
    if told.isdigit():
        return bytes([int(told, 8) & 0xFF])
    return _NAMED.get(told, b"" if told.strip() == b"" else told)


def _bytes(digits: bytes) -> bytes:
    bare = b"".join(digits.split())
    return binascii.unhexlify(bare[: len(bare) // 2 * 2])


def _character_map(part: bytes) -> CharacterMap:
    table: CharacterMap = {}
    for block in _blocks(part, b"bfchar"):
        for code, text in _PAIR.findall(block):
            table[int(code, 16)] = _unicode(text)
    for block in _blocks(part, b"bfrange"):
        for low, high, first, listed in _TRIPLE.findall(block):
            start, stop = int(low, 16), min(int(high, 16), int(low, 16) + _LARGEST_RANGE)
            if first:
                base = int(first, 16)
                table.update((c, _character(base + c - start)) for c in range(start, stop + 1))
            else:
                texts = _LISTED.findall(listed)
                table.update(zip(range(start, stop + 1), map(_unicode, texts), strict=False))
    return table


def _blocks(part: bytes, name: bytes) -> Iterator[bytes]:
    """What stands between the operators that begin and end a part of a map."""
    begin = part.find(b"begin" + name)
    while begin >= 0:
        stop = part.find(b"end" + name, begin)
        if stop < 0:
            return
        yield part[begin:stop]
        begin = part.find(b"begin" + name, stop)


def _unicode(digits: bytes) -> str:
    return _bytes(digits).decode("utf-16-be", "replace")


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else ""


def _mapped(data: bytes, table: CharacterMap) -> str:
    """Glyph numbers of two bytes, or of one where the map knows no larger."""
    if max(table) > 0xFF or len(data) % 2 == 0:
        pairs = zip(data[::2], data[1::2], strict=False)
        text = "".join(table.get(high << 8 | low, "") for high, low in pairs)
        if text:
            return text
    return "".join(table.get(byte, "") for byte in data)
