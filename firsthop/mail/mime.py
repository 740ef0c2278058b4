"""Find the parts of a MIME message by their bytes (RFC 2046 section 5.1), with exact
places: what a parser of values cannot give.

It reads Content-* fields and boundaries, nothing else, and decodes nothing unless
asked. Hostile nesting and part counts run into named limits."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from functools import lru_cache

from firsthop.mail.encoded_words import decode_words
from firsthop.mail.header import find_header
from firsthop.mail.limits import Limits
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_BOUNDARY = compiled(rb'boundary[ \t]*=[ \t]*(?:"((?:[^"\\]++|\\.)*+)"|([^\s;"]+))', re.IGNORECASE)
_NAME = compiled(
    rb'[;\s](?:file)?name(?:\*\d*\*?)?[ \t]*=[ \t]*(?:"((?:[^"\\]++|\\.)*+)"|([^\s;"]+))',
    re.IGNORECASE,
)
# the first part, after at most a few lines for those whose program knows no MIME
_FIRST_PART = compiled(
    rb"(?:(?!--)[^\n]*+\n){0,6}--([^\s\-][^\r\n]{0,69}?|-[^\r\n]{1,69}?)[ \t]*"
    rb"\r?\nContent-[a-z-]{1,40}:",
    re.IGNORECASE,
)
_UUENCODED = frozenset({b"x-uuencode", b"uuencode", b"x-uue"})
UU_SIGN = b"begin "  # stands before every file that is uuencoded
_UU_BEGIN = compiled(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
_UU_LINE = compiled(rb"([ -`]{1,62})\r?\n")
_MAX_VALUES = 8  # of fields of one name that may stand once
# possessive: no memory grows with the length of a value
_VALUE = compiled(rb"[ \t]*+:((?:[^\n]++|\n[ \t])*+)")


class Part(NamedTuple):
    """A leaf of the MIME tree."""

    label: str  # "2.1": the first part of the second part
    header: bytes
    start: int  # of its body, in the message's bytes
    stop: int
    content_type: bytes  # in lower case, without parameters
    begin: int  # of its header


class Uuencoded(NamedTuple):
    """A file that stands uuencoded in a text."""

    name: str
    data: bytes


class Refused(NamedTuple):
    """A part that a limit keeps out."""

    label: str
    reason: str


def header_end(data: bytes, start: int = 0, stop: int | None = None) -> tuple[int, int]:
    """Where the header that begins at `start` ends, and where the body starts."""
    stop = len(data) if stop is None else stop
    if data[start : start + 1] == b"\n" or data[start : start + 2] == b"\r\n":
        return start, start + (1 if data[start : start + 1] == b"\n" else 2)
    lf, crlf = _first_of(data, start, stop)
    if crlf >= 0:
        return crlf + 1, crlf + 3
    if lf >= 0:
        return lf + 1, lf + 2
    cr = data.find(b"\r\r", start, stop) if data.find(b"\n", start, stop) < 0 else -1
    return (cr + 1, cr + 2) if cr >= 0 else (stop, stop)


def _first_of(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """The places of the first empty line that ends with LF and of the first with CRLF,
    whichever comes first; the kind of the first line is looked for first."""
    first = data.find(b"\n", start, stop)
    if data[max(first - 1, start) : max(first, start)] == b"\r":
        crlf = data.find(b"\n\r\n", start, stop)
        lf = data.find(b"\n\n", start, stop if crlf < 0 else crlf)
        return lf, -1 if lf >= 0 else crlf
    lf = data.find(b"\n\n", start, stop)
    return lf, data.find(b"\n\r\n", start, stop if lf < 0 else lf)


@lru_cache(maxsize=16)
def lowered(header: bytes) -> bytes:
    """A header in lower case behind a line feed; the same one is asked for many times
    in a row."""
    return b"\n" + header.lower()


def field_values(header: bytes, name: bytes) -> list[bytes]:
    """The unfolded values of the first fields called `name` (in lower case)."""
    lower, wanted = lowered(header), b"\n" + name
    values: list[bytes] = []
    at = lower.find(wanted)
    while at >= 0 and len(values) < _MAX_VALUES:
        end = at + len(wanted)
        if following := _VALUE.match(header, end - 1):
            values.append(b" ".join(following[1].split()))
        at = lower.find(wanted, end)
    return values


def content_type(header: bytes, default: bytes = b"text/plain") -> tuple[bytes, bytes]:
    """The media type in lower case and the whole value; of several Content-Type fields
    one that is a multipart wins."""
    values = field_values(header, b"content-type")
    value = next(
        (v for v in values if v[:10].lower() == b"multipart/"), values[0] if values else default
    )
    return value.partition(b";")[0].strip().lower() or default, value


def parts(
    data: bytes,
    limits: Limits,
    undeclared: bytes | None = None,
    ends: tuple[int, int] | None = None,
) -> Iterator[Part | Refused]:
    """The leaves of the message `data`, in order; `undeclared` is the boundary where
    the header names none that is there, `ends` where the header ends and the body
    starts, if that is known."""
    end, body = ends or find_header(data)[:2]
    kind, value = content_type(data[:end], b"")
    boundary = _boundary(value) if kind.startswith(b"multipart/") else None
    if boundary is None or data.find(b"--" + boundary, body) < 0:
        boundary = undeclared
        if undeclared is None and (kind.startswith(b"multipart/") or b"/" not in kind):
            boundary = _lost_boundary(data, 0, end, body, len(data))
    kind = kind or b"text/plain"
    if boundary is not None:
        yield from _numbered(_leaves(data, body, len(data), boundary, "", kind, 1, limits), limits)
    elif not kind.startswith(b"multipart/"):
        yield Part("1", data[:end], body, len(data), kind, 0)


def _lost_boundary(data: bytes, begin: int, end: int, body: int, stop: int) -> bytes | None:
    """The boundary of a multipart whose Content-Type does not tell it: its line stands
    in the header without its indentation, or only the parts themselves show it."""
    named = _boundary(data[begin:end])
    if named is not None and data.find(b"--" + named, body, stop) >= 0:
        return named
    match = _FIRST_PART.match(data, body, stop)
    delimiter = b"--" + match[1] if match else b""
    return delimiter[2:] if match and data.find(delimiter, match.end(), stop) >= 0 else None


def _numbered(leaves: Iterator[Part | Refused], limits: Limits) -> Iterator[Part | Refused]:
    for count, leaf in enumerate(leaves, 1):
        if count > limits.max_parts:
            yield Refused(leaf.label, limits.refusal("max_parts"))
            return
        yield leaf


def _leaves(
    data: bytes,
    start: int,
    stop: int,
    boundary: bytes,
    above: str,
    kind: bytes,
    depth: int,
    limits: Limits,
) -> Iterator[Part | Refused]:
    for number, (begin, part_stop) in enumerate(_between(data, start, stop, boundary), 1):
        label = f"{above}{number}"
        end, body = header_end(data, begin, part_stop)
        header = data[begin:end]
        part_kind, value = content_type(
            header, b"message/rfc822" if kind == b"multipart/digest" else b"text/plain"
        )
        inner = None
        if part_kind.startswith(b"multipart/"):
            inner = _boundary(value)
            if inner is None or data.find(b"--" + inner, body, part_stop) < 0:
                inner = _lost_boundary(data, begin, end, body, part_stop) or inner
        if inner is None:
            yield Part(label, header, min(body, part_stop), part_stop, part_kind, begin)
        elif depth >= limits.max_mime_depth:
            yield Refused(label, limits.refusal("max_mime_depth"))
        else:
            yield from _leaves(
                data, body, part_stop, inner, f"{label}.", part_kind, depth + 1, limits
            )


def _between(data: bytes, start: int, stop: int, boundary: bytes) -> Iterator[tuple[int, int]]:
    """The bytes between the delimiter lines; the line end before a delimiter belongs to
    the delimiter (RFC 2046 section 5.1.1)."""
    delimiter, begin, at = b"--" + boundary, -1, start
    while (at := data.find(delimiter, at, stop)) >= 0:
        if at > 0 and data[at - 1 : at] not in {b"\n", b"\r"}:
            at += len(delimiter)
            continue
        end = data.find(b"\n", at, stop)
        end = stop if end < 0 else end + 1
        tail = data[at + len(delimiter) : end].rstrip()
        if tail not in {b"", b"--"}:
            at = end
            continue
        if begin >= 0:
            yield begin, max(begin, at - (2 if data[at - 2 : at] == b"\r\n" else 1))
        if tail:
            return
        begin = at = end
    if begin >= 0:
        yield begin, stop


def _boundary(value: bytes) -> bytes | None:
    """The boundary that a Content-Type declares."""
    match = _BOUNDARY.search(value)
    boundary = (match[1] if match[1] is not None else match[2]).rstrip() if match else b""
    return boundary or None


def file_name(header: bytes) -> str:
    """The name that a part's header gives its content: what its continuations (RFC
    2231) and encoded words (RFC 2047) come to."""
    values = [
        value
        for name in (b"content-disposition", b"content-type")
        for value in field_values(header, name)
    ]
    for value in values:
        pieces = [match[1] if match[1] is not None else match[2] for match in _NAME.finditer(value)]
        if pieces:
            return decode_words(b"".join(pieces).decode("utf-8", "replace"))
    return ""


def decoded(data: bytes, header: bytes) -> tuple[bytes, str | None]:
    """The content without its Content-Transfer-Encoding (RFC 2045 section 6), and which
    one it had."""
    encodings = field_values(header, b"content-transfer-encoding")
    encoding = encodings[0].lower() if encodings else b""
    if encoding == b"base64":
        return _base64(data), "base64"
    if encoding == b"quoted-printable":
        return binascii.a2b_qp(data), "quoted-printable"
    if encoding in _UUENCODED and (found := next(uuencoded(data), None)) is not None:
        return found.data, "uuencode"
    return data, None


def uuencoded(text: bytes) -> Iterator[Uuencoded]:
    """The files that stand uuencoded in a text (POSIX.1 uuencode), each as far as it
    can be decoded."""
    at = 0
    while (match := _UU_BEGIN.search(text, at)) is not None:
        lines = []
        at = match.end()
        while (line := _UU_LINE.match(text, at)) is not None:
            at = line.end()
            lines.append(line[1])
        yield Uuencoded(match[1].decode("utf-8", "replace").strip(), _uudecoded(lines))


def _uudecoded(lines: list[bytes]) -> bytes:
    pieces = []
    for line in lines:
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:  # some encoders pad with garbage: so much as the length says
            wanted = ((line[0] - 32 & 63) * 4 + 5) // 3
            pieces.append(binascii.a2b_uu(line[:wanted]))
    return b"".join(pieces)


def _base64(data: bytes) -> bytes:
    """As much as can be decoded: characters outside the alphabet are passed over, a
    last incomplete group is dropped."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        pass
    alphabet = re.sub(rb"[^A-Za-z0-9+/]", b"", data.partition(b"=")[0])
    return (
        binascii.a2b_base64(alphabet + b"=" * (-len(alphabet) % 4))
        if len(alphabet) % 4 != 1
        else binascii.a2b_base64(alphabet[:-1])
    )
