"""Telling forms apart: content first, name second."""

from __future__ import annotations

import pytest

from firsthop.mail.sources.sniff import Form, sniff

MAIL = (
    b"Received: from a\r\n\tby b; Sat, 17 May 2014 21:59:37 +0900\r\nFrom: "
    b"a@example.org\r\nSubject: x\r\n\r\nHello\r\n"
)


@pytest.mark.parametrize(
    ("content", "name", "form"),
    [
        (b"", "a.eml", Form.EMPTY),
        (b" \r\n\t\n", "a.eml", Form.EMPTY),
        (MAIL, "", Form.EML),
        (MAIL, "a.txt", Form.EML),
        (b"\xef\xbb\xbf" + MAIL, "a.txt", Form.EML),
        (b"\r\n \r\n" + MAIL, "a", Form.EML),
        (b"Subject: x\n\n  an indented body", "", Form.EML),
        (b"Content-Type: text/plain\n\nA part saved by itself\n", "", Form.EML),
        (
            (
                b"From: a@example.org\n \nA header that ends with a line of white space\nand "
                b"some more\n"
            ),
            "",
            Form.EML,
        ),
        (b"no header at all", "a.EML", Form.EML),
        (b"%d\n" % len(MAIL) + MAIL + b"<?xml", "1.emlx", Form.EMLX),
        (b"From a@example.org Sat May 17 21:59:37 2014\n" + MAIL, "a.eml", Form.MBOX),
        (b"From - \nSubject: x\n\n", "", Form.MBOX),
        (
            b"the end of a body\n\nFrom a@example.org Sat May 17 21:59:37 2014\nSubject: x\n\n",
            "a.mbox",
            Form.MBOX,
        ),
        (b"From here on, a text\nwith prose", "", Form.PASTED),
        (b"The mail that came in:\n\n" + MAIL, "", Form.PASTED),
        (
            b"Received: from a (b [192.0.2.1])\n\n        by c; Sat, 17 May 2014 21:59:37 +0900\n",
            "",
            Form.PASTED,
        ),
        (
            (
                b"Received: from a (b [192.0.2.1])\n\n\xc2\xa0\xc2\xa0by c; Sat, 17 May 2014 "
                b"21:59:37 +0900\n"
            ),
            "",
            Form.PASTED,
        ),
        (b"Received: from a\n\tby b; x\n\nReceived: from c\n\tby d; y\n", "", Form.PASTED),
        (b"From: a@example.org\n\nSubject: x\n\nDate: y\n", "", Form.PASTED),
        (
            MAIL[:-7] + b"Received: from the next one pasted\r\nFrom: b@example.org\r\n",
            "-",
            Form.PASTED,
        ),
        (b"<!DOCTYPE html><html><pre>Received: from a", "page.html", Form.PASTED),
        ("Received: from a".encode("utf-16"), "", Form.RECODED),
        ("Received: from a".encode("utf-16-le"), "", Form.RECODED),
        ("È un testo".encode("latin-1"), "", Form.PASTED),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.msg", Form.BINARY),
        (bytes(range(256)), "", Form.BINARY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "mail.eml", Form.MSG),
        (b"!BDN" + bytes(600), "", Form.PST),
        (b"PK\x03\x04", "", Form.ZIP),
        (b"\x1f\x8b\x08", "", Form.GZIP),
        (b"BZh91AY&SY", "", Form.BZIP2),
        (b"BZh9 is no stream", "", Form.PASTED),
        (b"\xfd7zXZ\x00", "", Form.XZ),
    ],
)
def test_form(content: bytes, name: str, form: Form) -> None:
    assert sniff(content, name) is form
