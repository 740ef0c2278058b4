"""Tell what form some bytes have: by content first, by name second.

It reads the first 64 KiB at most and decides nothing about the mail itself. Magic
numbers: RFC 1952 (gzip), the xz file format 1.2.0, [MS-CFB] 2.2 (compound file),
[MS-PST] 2.2.2.6, POSIX.1 pax (ustar), PKWARE APPNOTE 4.3.7 (zip). Message form: RFC
5322 section 2.2; mbox: RFC 4155."""

from __future__ import annotations

import re
from enum import StrEnum

from firsthop.mail.sources.mbox import starts_mbox
from firsthop.mail.starts import starts_field

HEAD_BYTES = 1 << 16
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Form(StrEnum):
    """The forms an input can have."""

    EMPTY = "empty"
    EML = "eml"
    EMLX = "emlx"
    MBOX = "mbox"
    MSG = "msg"
    PST = "pst"
    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    PASTED = "pasted"
    BINARY = "binary"


PACKED = frozenset({Form.ZIP, Form.TAR, Form.GZIP, Form.BZIP2, Form.XZ})

_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Form.MSG),
    (b"!BDN", Form.PST),
    (b"PK\x03\x04", Form.ZIP),
    (b"PK\x05\x06", Form.ZIP),
    (b"PK\x07\x08", Form.ZIP),
    (b"\x1f\x8b", Form.GZIP),
    (b"\xfd7zXZ\x00", Form.XZ),
)
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_BINARY = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard stream: unpack it first"),
    (b"\x78\x9f\x3e\x22", "a TNEF file (winmail.dat)"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)

_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?(?:(?:[ \t]|\xc2?\xa0)*\r?\n)*")
_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_FIRST_EMPTY_LINE = re.compile(rb"\n(?:[ \t]|\xc2?\xa0)*\r?\n|\r\r(?!\n)")
_EMLX = re.compile(rb"\d{1,12}[ \t]*\r?\n(?=[!-9;-~]{1,76}:)")
_HTML = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
_UTF16 = re.compile(rb"\xff\xfe|\xfe\xff|(?:[\t\r\n -~]\0){8}|(?:\0[\t\r\n -~]){8}")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b\b")) + b"\x7f"

_LINKED = re.compile(rb"@[\w.-]{1,255}<mailto:")
_ENDED = re.compile(rb";|@|<>|:[ \t]*\S+[ \t]*$")  # of a Received or a Return-Path field
_INDENTED = re.compile(
    rb"\n[ \t]+(?:Received|Return-Path|From|To|Subject|Date|Message-ID|MIME-Version"
    rb"|Content-Type):[ \t]",
    re.IGNORECASE,
)

# RFC 5322 section 3.6, RFC 2045 section 4
_ORIGINATOR = frozenset({b"from", b"date", b"subject", b"to", b"message-id", b"mime-version"})
# RFC 5321 section 4.4
_TRACE = frozenset(
    {b"received", b"return-path", b"delivered-to", b"x-received", b"envelope-to", b"x-original-to"}
)
# RFC 2045: a part saved by itself
_MIME = frozenset({b"content-type", b"content-transfer-encoding", b"content-disposition"})


def sniff(head: bytes, name: str) -> Form:
    """The form of the content that begins with `head` and is called `name`."""
    if (form := _packed_form(head)) is not None:
        return form
    if not head.strip():
        return Form.EMPTY
    start = header_start(head)
    if starts_mbox(head, start):
        return Form.MBOX
    if _EMLX.match(head):
        return Form.EMLX
    if name.lower().endswith(".eml"):
        return Form.EML if _is_text(head) or _FIELD.match(head, start) else Form.BINARY
    return _text_form(head, start, name)


def header_start(head: bytes) -> int:
    """Where the header can begin: after a byte order mark and empty lines."""
    match = _LEADING.match(head)
    return match.end() if match else 0


def binary_kind(head: bytes) -> str:
    """What a binary is, in words for the operator."""
    return next(
        (kind for magic, kind in _BINARY if head.startswith(magic)), "neither mail nor text"
    )


def _packed_form(head: bytes) -> Form | None:
    """The form that a magic number names."""
    form = next((form for magic, form in _MAGIC if head.startswith(magic)), None)
    if form is None and _BZIP2.match(head):
        return Form.BZIP2
    return Form.TAR if form is None and _is_tar(head) else form


def _is_tar(head: bytes) -> bool:
    """Whether the first block is a tar header: by its magic, or by its checksum for the
    format of Unix V7."""
    if head[257:262] == b"ustar":
        return True
    digits = head[148:156].strip(b" \0")
    if len(head) < 512 or not digits or not all(c in b"01234567" for c in digits):
        return False
    return int(digits, 8) == sum(head[:148]) + sum(head[156:512]) + 8 * 32


def _text_form(head: bytes, start: int, name: str) -> Form:
    if _UTF16.match(head):
        return Form.PASTED
    if name.lower().endswith((".mbox", ".mbx")) and b"\0" not in head:
        return Form.MBOX  # its first separator is lost
    if not _HTML.match(head, start) and is_message(head[start:]):
        return Form.EML
    return Form.PASTED if _is_text(head) else Form.BINARY


def _is_text(head: bytes) -> bool:
    """Whether the bytes are text in any charset that keeps ASCII: no NUL, hardly a
    control character."""
    return (
        b"\0" not in head and len(head) - len(head.translate(None, _CONTROLS)) <= len(head) // 100
    )


def is_message(text: bytes) -> bool:
    """Whether `text` begins with the header of a message, not with lines of one pasted
    into a text."""
    end = _FIRST_EMPTY_LINE.search(text)
    block, rest = (text, b"") if end is None else (text[: end.start()], text[end.end() :])
    names, other = header_names(block)
    if _is_published(block, names):
        return False
    if other * 3 > len(names) or _is_continued(rest[header_start(rest) :], names):
        return False
    return is_familiar(names)


def _is_published(block: bytes, names: list[bytes]) -> bool:
    """Whether a header block bears the marks of a text it was copied into: links beside
    addresses, characters without width, a speaker before the first name, all its lines
    but the first indented."""
    if b"\xe2\x80\x8b" in block or (b"<mailto:" in block and _LINKED.search(block)):
        return True
    if len(names) < 3 and len(_INDENTED.findall(block)) > 2:
        return True
    if names in ([b"received"], [b"return-path"]) and not _ENDED.search(block):
        return True
    if not names or names[0] in _ORIGINATOR | _TRACE:
        return False
    line = block[: block.find(b"\n") % (len(block) + 1)][:500].decode("utf-8", "replace")
    return starts_field(line, inside=True) is None and starts_field(line, inside=False) is not None


def is_familiar(names: list[bytes]) -> bool:
    """Whether one of the field names is a message's."""
    return not (_ORIGINATOR | _TRACE | _MIME).isdisjoint(names)


def _is_continued(rest: bytes, names: list[bytes]) -> bool:
    """Whether the header goes on after its first empty line: a text with empty lines
    between its lines, or with several headers in it."""
    match = _FIELD.match(rest)
    following = match[1].lower() if match else b""
    if _ORIGINATOR.isdisjoint(names):
        return bool(following) or rest[:1] in {b" ", b"\t", b"\xa0"} or rest[:2] == b"\xc2\xa0"
    if following in _TRACE:
        return b"content-type" not in names
    return len(names) == 1 and following in _ORIGINATOR


def header_names(block: bytes) -> tuple[list[bytes], int]:
    """The field names of a header block in lower case, and how many lines are neither a
    field nor folded; none when it begins with no field."""
    names: list[bytes] = []
    other = 0
    for line in block.splitlines():
        if match := _FIELD.match(line):
            names.append(match[1].lower())
        elif not names:
            return [], 1
        elif line[:1] not in {b" ", b"\t"}:
            other += 1
    return names, other
