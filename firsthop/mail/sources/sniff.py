"""Tell what form some bytes have: by content first, by name second.

It reads the first 64 KiB at most and decides nothing about the mail itself. Magic
numbers: RFC 1952 (gzip), the xz file format 1.2.0, [MS-CFB] 2.2 (compound file),
[MS-PST] 2.2.2.6, POSIX.1 pax (ustar), PKWARE APPNOTE 4.3.7 (zip), [MS-OXTNEF] 2.1.3.1,
RFC 5652 (CMS). Message form: RFC
5322 section 2.2; mbox: RFC 4155."""

from __future__ import annotations

import re
from enum import StrEnum

from firsthop.mail.field_names import BODY_FORM, DELIVERED, OPENING
from firsthop.mail.sources.mbox import starts_mbox
from firsthop.mail.sources.mmdf import MARK
from firsthop.mail.sources.postfix_queue import is_postcat, is_queue_file
from firsthop.mail.sources.prefix import prefix_bytes
from firsthop.mail.sources.recoded import recoding
from firsthop.mail.sources.spool_file import is_body_file, is_header_file
from firsthop.mail.sources.stores import unread_store
from firsthop.mail.starts import starts_field
from firsthop.system.kept_expressions import compiled

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
    MMDF = "mmdf"
    POSTCAT = "postcat"
    POSTFIX_QUEUE = "postfix_queue"
    SPOOL_HEADER = "spool_header"
    SPOOL_BODY = "spool_body"
    RECODED = "recoded"
    TNEF = "tnef"
    CMS = "cms"
    PASTED = "pasted"
    BINARY = "binary"


PACKED = frozenset({Form.ZIP, Form.TAR, Form.GZIP, Form.BZIP2, Form.XZ, Form.CMS})
QUEUED = frozenset({Form.POSTCAT, Form.POSTFIX_QUEUE, Form.SPOOL_HEADER, Form.SPOOL_BODY})

_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Form.MSG),
    (b"!BDN", Form.PST),
    (b"PK\x03\x04", Form.ZIP),
    (b"PK\x05\x06", Form.ZIP),
    (b"PK\x07\x08", Form.ZIP),
    (b"\x1f\x8b", Form.GZIP),
    (b"\xfd7zXZ\x00", Form.XZ),
    (b"\x78\x9f\x3e\x22", Form.TNEF),
)
_BZIP2 = compiled(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_BINARY = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)

# what may hold mail, and is not opened here
_UNOPENED = (
    (compiled(rb"7z\xbc\xaf"), "a 7-Zip archive: unpack it first"),
    (compiled(rb"Rar!\x1a\x07|RE~\^"), "a RAR archive: unpack it first"),
    (compiled(rb"[\x22-\x28]\xb5\x2f\xfd"), "a Zstandard stream: unpack it first"),
    (compiled(rb"MSCF\0\0\0\0"), "a cabinet (.cab): unpack it first"),
    (compiled(rb"..-l[hz][0-7ds]-", re.DOTALL), "an LHA archive: unpack it first"),
    (compiled(rb"\x60\xea.{8}\x02", re.DOTALL), "an ARJ archive: unpack it first"),
    (compiled(rb".{7}\*\*ACE\*\*", re.DOTALL), "an ACE archive: unpack it first"),
    (compiled(rb"\x1f[\x9d\xa0]"), "a compressed stream (.Z): unpack it first"),
    (compiled(rb".{32769}CD001", re.DOTALL), "a disk image (ISO 9660): unpack it first"),
    (
        compiled(rb"-----BEGIN PGP MESSAGE-----|\x85[\x01-\x04].\x03", re.DOTALL),
        "an OpenPGP message: decrypt it first",
    ),
)
# ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, ... } (RFC 5652 section 3)
# with a content type of PKCS #7 or S/MIME
_CMS = compiled(
    rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
    rb"|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01)"
    rb"|\s*-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----"
    rb"|\s*(?:MI[IMEQ][A-Za-z0-9+/]{5}KoZIhvcNAQ|MIAGCSqGSIb3DQEH|MIAGCyqGSIb3DQEJEAE)",
    re.DOTALL,
)

_MARKS = rb"(?:\xef\xbb\xbf|\xc3\xaf\xc2\xbb\xc2\xbf)*+"  # also one taken for Latin-1
_LEADING = compiled(_MARKS + rb"(?:(?:[ \t]|\xc2?\xa0)*+\r?\n" + _MARKS + rb")*+")
_FIELD = compiled(rb"([!-9;-~]{1,76})[ \t]*:")
_FIRST_EMPTY_LINE = compiled(rb"\n(?:[ \t]|\xc2?\xa0)*\r?\n|\r\r(?!\n)")
_EMLX = compiled(rb"\d{1,12}[ \t]*\r?\n(?=[!-9;-~]{1,76}:)")
_HTML = compiled(rb"\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b\b")) + b"\x7f"

_LINKED = compiled(rb"@[\w.-]{1,255}<mailto:")
_ENDED = compiled(rb";|@|<>|:[ \t]*\S+[ \t]*$")  # of a Received or a Return-Path field
_INDENTED = compiled(
    rb"\n[ \t]+(?:Received|Return-Path|From|To|Subject|Date|Message-ID|MIME-Version"
    rb"|Content-Type):[ \t]",
    re.IGNORECASE,
)

_ORIGINATOR = frozenset(name.encode() for name in OPENING)
_TRACE = frozenset(name.encode() for name in DELIVERED)
_MIME = frozenset(name.encode() for name in BODY_FORM)  # a part saved by itself


def sniff(head: bytes, name: str) -> Form:
    """The form of the content that begins with `head` and is called `name`."""
    if (form := _packed_form(head)) is not None:
        return form
    if not head.strip():
        return Form.EMPTY
    if recoding(head) is not None:
        return Form.RECODED
    if (form := _server_form(head)) is not None:
        return form
    start = header_start(head)
    if starts_mbox(head, start):
        return Form.MBOX
    if _EMLX.match(head):
        return Form.EMLX
    if name.lower().endswith(".eml"):
        return Form.EML if _may_be_mail(head, start) else Form.BINARY
    return _text_form(head, start, name)


def _server_form(head: bytes) -> Form | None:
    """The form of a mailbox or queue file that a mail server alone writes."""
    if unread_store(head) is not None:
        return Form.BINARY
    if head.startswith(MARK):
        return Form.MMDF
    if is_header_file(head):
        return Form.SPOOL_HEADER
    if is_body_file(head):
        return Form.SPOOL_BODY
    if is_queue_file(head):
        return Form.POSTFIX_QUEUE
    return Form.POSTCAT if is_postcat(head) else None


def header_start(head: bytes) -> int:
    """Where the header can begin: after byte order marks and empty lines."""
    match = _LEADING.match(head)
    return match.end() if match else 0


def unopened(head: bytes) -> str | None:
    """What that may hold mail but is not opened begins with `head`."""
    return next((kind for form, kind in _UNOPENED if form.match(head)), None)


def binary_kind(head: bytes) -> str:
    """What a binary is, in words for the operator."""
    return unopened(head) or _known_binary(head) or "neither mail nor text"


def _known_binary(head: bytes) -> str | None:
    known = next((kind for magic, kind in _BINARY if head.startswith(magic)), None)
    return known or unread_store(head)


def _packed_form(head: bytes) -> Form | None:
    """The form that a magic number names."""
    form = next((form for magic, form in _MAGIC if head.startswith(magic)), None)
    if form is None and _BZIP2.match(head):
        return Form.BZIP2
    if form is None and _CMS.match(head):
        return Form.CMS
    return Form.TAR if form is None and is_tar(head) else form


def is_tar(head: bytes) -> bool:
    """Whether the first block is a tar header: by its magic, or by its checksum for the
    format of Unix V7."""
    if head[257:262] == b"ustar":
        return True
    digits = head[148:156].strip(b" \0")
    if len(head) < 512 or not digits or not all(c in b"01234567" for c in digits):
        return False
    return int(digits, 8) == sum(head[:148]) + sum(head[156:512]) + 8 * 32


def _text_form(head: bytes, start: int, name: str) -> Form:
    if name.lower().endswith((".mbox", ".mbx")) and b"\0" not in head:
        return Form.MBOX  # its first separator is lost
    if not _HTML.match(head, start) and is_message(head[start:]):
        return Form.EML
    if prefix_bytes(head) and _known_binary(head) is None:
        return Form.EML
    return Form.PASTED if _is_text(head) else Form.BINARY


def _may_be_mail(head: bytes, start: int) -> bool:
    """Whether a field begins there, or it is a text, or a header stands behind a tool's
    bytes; the look that costs least first."""
    if _FIELD.match(head, start) or _is_text(head):
        return True
    return _known_binary(head) is None and prefix_bytes(head) > 0


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
