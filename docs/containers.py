"""What carries what: every kind of content in every kind of carrier, as files that are
read. The test of the table and the page in the reference use the same."""

from __future__ import annotations

import base64
import bz2
import gzip
import lzma
import quopri
from collections.abc import Callable
from typing import NamedTuple

from docs import samples
from firsthop.mail.mime import header_end
from firsthop.mail.sources import RawMail, Skipped, read_bytes

WANTED = b"abc123@relay.example.net"  # the Message-ID of what was reported
HEADER = (
    b"Received: from mx1.example.com (mx1.example.com [192.0.2.25])\r\n"
    b"\tby store.example.com (Postfix) with ESMTP id 4F2A91C0D3\r\n"
    b"\tfor <ana@example.com>; Tue, 5 Mar 2024 10:00:12 +0100 (CET)\r\n"
    b"Received: from pc (unknown [198.51.100.77])\r\n"
    b"\tby mx1.example.com (Postfix) with ESMTPA id 9A8B7C6D5E;\r\n"
    b"\tTue, 5 Mar 2024 10:00:05 +0100 (CET)\r\n"
    b"From: Carlo Rossi <carlo@libero.it>\r\nTo: ana@example.com\r\n"
    b"Subject: Documento urgente\r\nDate: Tue, 5 Mar 2024 10:00:01 +0100\r\n"
    b"Message-ID: <abc123@relay.example.net>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
)
BODY = b"Ciao, guarda qui: http://example.org/x\r\n\r\nCarlo\r\n"
MESSAGE = HEADER + b"\r\n" + BODY
REPORT = (
    b"From: Ana <ana@example.com>\r\nTo: help@example.org\r\nSubject: mail sospetta\r\n"
    b"Date: Wed, 6 Mar 2024 08:59:58 +0100\r\nMessage-ID: <rep1@out.example.com>\r\n"
    b"MIME-Version: 1.0\r\n"
)
SEPARATOR = b"From carlo@libero.it Tue Mar  5 10:00:12 2024\r\n"
PASTED = b"Buongiorno, ho ricevuto questo:\r\n\r\n" + HEADER + b"\r\nSaluti\r\nAna\r\n"
ENTITY = (
    b'Content-Type: multipart/mixed; boundary="=_i"\r\n\r\n--=_i\r\n\r\nVedi.\r\n--=_i\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n" + MESSAGE + b"\r\n--=_i--\r\n"
)

ABOVE = (
    "Each cell was tried when this page was written: *read*, the reported message was "
    "found; *named*, what could not be opened was told on standard error with its reason, "
    "and the exit code is 1; –, only a text is carried so. A column is what holds the "
    "message, a row what carries that. Nothing here goes by name or type: every content is "
    "called `mail` or `mail.txt`."
)
BELOW = (
    "Encrypted zip archives are tried with `infected`, `malware` and `virus`, and with each "
    "`--password`. Archives in forms that are not opened (7z, RAR, Zstandard, cabinet, LHA, "
    "ARJ, ACE, ISO 9660, `.Z`), encrypted S/MIME and OpenPGP are named. What holds no mail "
    "(pictures, documents, programs, signatures) is passed over inside a message, and named "
    "as a file of its own.\n\n"
    "A header in a message's own text counts where it is whole: with its path and three of "
    "the author's fields in anyone's mail, with less in what looks like a report (by its "
    "recipient, its subject, its type), never in a list's mail."
)


class Content(NamedTuple):
    """Something that holds a reported message, or may hold one."""

    name: str  # of the file
    data: bytes
    text: bool = False  # it can stand in a text
    opened: bool = True  # it is read; else it is named


CONTENTS = {
    "message": Content("mail", MESSAGE, text=True),
    ".msg": Content("mail", samples.outlook_item(HEADER, BODY)),
    "mbox": Content("mail", SEPARATOR + MESSAGE + b"\r\n" + SEPARATOR + MESSAGE, text=True),
    "pasted source": Content("mail.txt", PASTED, text=True),
    "zip": Content("mail", samples.zipped("mail", MESSAGE)),
    "zip, encrypted": Content("mail", samples.zip_by_password("mail", MESSAGE, b"infected")),
    "zip, AES": Content("mail", samples.zip_by_aes("mail", MESSAGE, b"malware")),
    "tar.gz": Content("mail", gzip.compress(samples.tarred("mail", MESSAGE), mtime=0)),
    ".p7m, signed": Content("mail", samples.signed(ENTITY)),
    "winmail.dat": Content("mail", samples.tnef(("mail", MESSAGE))),
    "winmail.dat with a message": Content(
        "mail", samples.tnef_with_message(samples.tnef_message(HEADER, BODY))
    ),
    ".msg in zip": Content("mail", samples.zipped("mail", samples.outlook_item(HEADER, BODY))),
    "zip, unknown password": Content(
        "mail", samples.zip_by_aes("mail", MESSAGE, b"correct horse"), opened=False
    ),
    ".p7m, enveloped": Content("mail", samples.enveloped(), opened=False),
    "7z": Content("mail", b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(64), opened=False),
    "rar": Content("mail", b"Rar!\x1a\x07\x01\0" + bytes(64), opened=False),
}


def multipart(*parts: bytes) -> bytes:
    """A report with these parts after its own text."""
    first = b"Content-Type: text/plain; charset=utf-8\r\n\r\nVedi allegato.\r\n"
    body = b"".join(b"--=_o\r\n" + part + b"\r\n" for part in (first, *parts))
    return REPORT + b'Content-Type: multipart/mixed; boundary="=_o"\r\n\r\n' + body + b"--=_o--\r\n"


def encoded(header: bytes, data: bytes) -> bytes:
    """A part in base64."""
    return header + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data)


def attached(data: bytes, name: str = "x.dat") -> bytes:
    """A report with a file attached."""
    return multipart(
        encoded(b'Content-Type: application/octet-stream; name="%b"\r\n' % name.encode(), data)
    )


def _quoted_printable(data: bytes) -> bytes:
    header = (
        b"Content-Type: text/plain; name=x.txt\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    )
    return multipart(header + b"\r\n" + quopri.encodestring(data))


def _quoted(data: bytes) -> bytes:
    lines = b"".join(b"> " + line for line in data.splitlines(keepends=True))
    return REPORT + b"\r\nIntestazioni complete:\r\n\r\n" + lines + b"\r\nAna\r\n"


class Carrier(NamedTuple):
    """Something that carries content."""

    make: Callable[[Content], bytes]
    text: bool = False  # it carries text only


CARRIERS = {
    "a file": Carrier(lambda c: c.data),
    "zip": Carrier(lambda c: samples.zipped(c.name, c.data)),
    "zip, encrypted": Carrier(lambda c: samples.zip_by_password(c.name, c.data, b"infected")),
    "zip, AES": Carrier(lambda c: samples.zip_by_aes(c.name, c.data, b"infected")),
    "tar": Carrier(lambda c: samples.tarred(c.name, c.data)),
    "gzip": Carrier(lambda c: gzip.compress(c.data, mtime=0)),
    "bzip2": Carrier(lambda c: bz2.compress(c.data)),
    "xz": Carrier(lambda c: lzma.compress(c.data)),
    ".p7m file": Carrier(lambda c: samples.signed(c.data)),
    "a report in an mbox": Carrier(lambda c: SEPARATOR + attached(c.data) + b"\r\n"),
    "message/rfc822 part": Carrier(
        lambda c: multipart(encoded(b"Content-Type: message/rfc822\r\n", c.data))
    ),
    "part without a type": Carrier(lambda c: multipart(encoded(b"", c.data))),
    "application/octet-stream, x.dat": Carrier(lambda c: attached(c.data)),
    "application/octet-stream, x.pdf": Carrier(lambda c: attached(c.data, "x.pdf")),
    "image/png": Carrier(lambda c: multipart(encoded(b"Content-Type: image/png\r\n", c.data))),
    "the mail's whole body": Carrier(
        lambda c: REPORT + encoded(b"Content-Type: application/x-mail\r\n", c.data)
    ),
    "report in a report": Carrier(
        lambda c: multipart(b"Content-Type: message/rfc822\r\n\r\n" + attached(c.data))
    ),
    "zip in a report": Carrier(lambda c: attached(samples.zipped(c.name, c.data), "x.zip")),
    "encrypted zip in a report": Carrier(
        lambda c: attached(samples.zip_by_password(c.name, c.data, b"infected"), "x.zip")
    ),
    "signed report": Carrier(
        lambda c: (
            REPORT
            + encoded(
                b"Content-Type: application/pkcs7-mime\r\n",
                samples.signed_in_pieces(
                    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n"
                    + encoded(b"Content-Type: application/x-mail\r\n", c.data)
                    + b"--i--\r\n"
                ),
            )
        )
    ),
    "winmail.dat in a report": Carrier(
        lambda c: attached(samples.tnef((c.name, c.data)), "winmail.dat")
    ),
    ".msg": Carrier(lambda c: samples.outlook_item(REPORT, b"Vedi.", (c.name, c.data))),
    ".msg in .eml": Carrier(
        lambda c: attached(samples.outlook_item(REPORT, b"Vedi.", (c.name, c.data)), "x.msg")
    ),
    ".msg in .eml in .zip": Carrier(
        lambda c: samples.zipped(
            "report.eml", attached(samples.outlook_item(REPORT, b"Vedi.", (c.name, c.data)))
        )
    ),
    "text part, named": Carrier(
        lambda c: multipart(b"Content-Type: text/plain; name=x.txt\r\n\r\n" + c.data), text=True
    ),
    "text part, quoted-printable": Carrier(lambda c: _quoted_printable(c.data), text=True),
    "text part, inline": Carrier(
        lambda c: multipart(b"Content-Type: text/plain\r\n\r\n" + c.data), text=True
    ),
    "pasted into the body": Carrier(
        lambda c: REPORT + b"\r\nIntestazioni complete:\r\n\r\n" + c.data, text=True
    ),
    "pasted and quoted": Carrier(lambda c: _quoted(c.data), text=True),
    "pasted into HTML": Carrier(
        lambda c: (
            REPORT
            + b"Content-Type: text/html\r\n\r\n<html><body><pre>\r\n"
            + c.data.replace(b"<", b"&lt;").replace(b">", b"&gt;")
            + b"</pre></body></html>\r\n"
        ),
        text=True,
    ),
}


class Cell(NamedTuple):
    """What became of one content in one carrier."""

    found: int  # times that the reported message was found
    named: tuple[Skipped, ...]  # what was told instead


def combinations() -> list[tuple[str, str]]:
    """Every content in every carrier that can carry it."""
    return [
        (content, carrier)
        for content, held in CONTENTS.items()
        for carrier, holder in CARRIERS.items()
        if held.text or not holder.text
    ]


def cell(content: str, carrier: str) -> Cell:
    """Reads the combination."""
    held = CONTENTS[content]
    read = list(read_bytes(CARRIERS[carrier].make(held), "report"))
    mails = [one for one in read if isinstance(one, RawMail)]
    headers = [one.data[: header_end(one.data)[0]] for one in mails]
    reported = [header for header in headers if WANTED in header]
    return Cell(len(reported), tuple(one for one in read if isinstance(one, Skipped)))


def page() -> str:
    """The table of the reference, each cell as it was read."""
    tried = set(combinations())
    lines = [
        "| carried by | " + " | ".join(CONTENTS) + " |",
        "|---" * (len(CONTENTS) + 1) + "|",
    ]
    for carrier in CARRIERS:
        words = [
            _word(cell(content, carrier)) if (content, carrier) in tried else "–"
            for content in CONTENTS
        ]
        lines.append(f"| {carrier} | " + " | ".join(words) + " |")
    return "\n".join(lines)


def _word(one: Cell) -> str:
    return "read" if one.found else "named" if one.named else "not found"
