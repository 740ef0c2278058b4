"""A leak of every kind, in every encoding, planted into every kind of file: all are
found, with the file and the line. The clean set has none."""

from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import gzip
import html
import io
import json
import quopri
import zipfile
import zlib
from collections.abc import Callable
from email.header import Header
from hashlib import sha256
from urllib.parse import quote

import pytest

from firsthop.investigation.publish import Prepared, scan
from firsthop.publication.redaction.scan.scan import Find, scan_file
from tests.publication.redaction import mail

KINDS = {
    "author's address": "mario.rossi@libero.it",
    "author's local part": "giuseppina_verdi75",
    "short local part with another mark": "mario-rossi",
    "author's display name": "Giuseppina Verdi",
    "display name with a mark in it": "Luca D'Alessandro",
    "recipient": "anna.bianchi@posta-interna.example.org",
    "recipient's local part": "protocollo.generale.ufficio",
    "recipient's display name": "Anna Bianchi Neri",
    "VERP": "bounce-77-anna.bianchi=posta-interna.example.org@lists.mailer.example.net",
    "login": mail.LOGIN,
    "parameter of a link": mail.PARAMETER,
    "Message-ID with a local part": "20250512.3.mario.rossi@PC-DI-GIOVANNA.lan",
    "own host": mail.OWN,
    "private machine": mail.MACHINE,
}


def rotated(text: str, n: int) -> str:
    """`text` with its letters n places on."""
    small = "abcdefghijklmnopqrstuvwxyz"
    table = str.maketrans(
        small + small.upper(), small[n:] + small[:n] + (small[n:] + small[:n]).upper()
    )
    return text.translate(table)


def within_base64(front: str) -> Callable[[str], str]:
    """Base64 of the text behind `front`, so that it begins at another alignment."""
    return lambda text: base64.b64encode(f"{front} {text} and more".encode()).decode()


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def zipped(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("note.txt", text)
    return file.getvalue()


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "base64, whole": lambda text: base64.b64encode(text.encode()).decode(),
    "base64, alignment 0": within_base64("xx"),
    "base64, alignment 1": within_base64("x"),
    "base64, alignment 2": within_base64("xxx"),
    "base64, url-safe": lambda text: base64.urlsafe_b64encode(f"?>?>{text}".encode()).decode(),
    "base64 behind digits": lambda text: "AbC" + base64.b64encode(f" {text} x".encode()).decode(),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base64 twice": lambda text: within_base64("x")(within_base64("yy")(text)),
    "base64 over lines": lambda text: base64.encodebytes(
        f"{'filling ' * 8}{text}{' filling' * 8}".encode()
    ).decode(),
    "quoted-printable": lambda text: "".join(f"={ord(c):02X}" for c in text),
    "quoted-printable, soft break": lambda text: f"{text[:4]}=\n{text[4:]}",
    "quoted-printable, as written": lambda text: quopri.encodestring(f"è {text}".encode()).decode(),
    "percent, all": lambda text: "".join(f"%{ord(c):02x}" for c in text),
    "percent, special": lambda text: quote(text, safe=""),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML, decimal": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "HTML, hexadecimal": lambda text: "".join(f"&#x{ord(c):X};" for c in text),
    "HTML, named": lambda text: html.escape(text).replace("@", "&commat;").replace(".", "&period;"),
    "HTML, tags within": lambda text: f"{text[:3]}<wbr>{text[3:6]}<b>{text[6:]}</b>",
    "SVG, letter by letter": lambda text: "".join(f"<tspan>{c}</tspan>" for c in text),
    "JSON": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "JSON string": json.dumps,
    "hexadecimal escapes": lambda text: "".join(f"\\x{ord(c):02x}" for c in text),
    "CSS escapes": lambda text: "".join(f"\\{ord(c):04x}" for c in text),
    "RFC 2047 B": lambda text: f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?=",
    "RFC 2047 Q": lambda text: f"=?utf-8?Q?{''.join(f'={ord(c):02X}' for c in text)}?=",
    "RFC 2047, as written": lambda text: Header(f"è {text}", "utf-8").encode(),
    "RFC 2047, cut in two": lambda text: (
        f"=?utf-8?B?{base64.b64encode(text[:5].encode()).decode()}?= "
        f"=?utf-8?B?{base64.b64encode(text[5:].encode()).decode()}?="
    ),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "rot5": lambda text: rotated(text, 5),
    "reversed": lambda text: text[::-1],
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, upper case": lambda text: text.encode().hex().upper(),
    "hexadecimal, odd": lambda text: f"a{f' {text} x'.encode().hex()}",
    "hexadecimal, spaced": lambda text: " ".join(f"{b:02x}" for b in text.encode()),
    "hexadecimal, 0x": lambda text: ", ".join(f"0x{b:02x}" for b in text.encode()),
    "gzip in base64": lambda text: packed(gzip.compress(text.encode(), mtime=0)),
    "zlib in base64": lambda text: packed(zlib.compress(text.encode())),
    "zip in base64": lambda text: packed(zipped(text)),
    "bzip2 in base64": lambda text: packed(bz2.compress(text.encode())),
    "gzip in hexadecimal": lambda text: gzip.compress(text.encode(), mtime=0).hex(),
    "soft hyphens": "\u00ad".join,
    "zero-width blanks": "\u200b".join,
    "wide letters": lambda text: "".join(
        chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text
    ),
    "defanged": lambda text: text.replace("@", "[@]").replace(".", "[.]"),
    "defanged in words": lambda text: text.replace("@", " (at) ").replace(".", " (dot) "),
    "escaped for Markdown": lambda text: "".join(c if c.isalnum() else f"\\{c}" for c in text),
    "uuencoded digits": lambda text: binascii.hexlify(base64.b64encode(text.encode())).decode(),
}

FORMATS: dict[str, tuple[str, str]] = {
    "bulletin.en.md": ("# Bulletin\n\n", "\n\n---\n"),
    "bulletin.en.html": ("<!doctype html>\n<html>\n<p>", "</p>\n</html>\n"),
    "campaigns.json": ('[\n {"value": "', '"}\n]\n'),
    "hops.csv": ("n,relay\n1,", "\n"),
    "ladder.svg": ('<svg xmlns="http://www.w3.org/2000/svg">\n<text>', "</text></svg>\n"),
}


def found(clear: Prepared, name: str, data: bytes) -> list[Find]:
    return scan_file(name, data, clear.lookup)


def test_the_clean_set_has_no_leak(clear: Prepared) -> None:
    assert scan(clear.files, clear.lookup) == ()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_leak_is_found(clear: Prepared, kind: str, encoding: str) -> None:
    written = ENCODINGS[encoding](KINDS[kind])
    for name, (front, behind) in FORMATS.items():
        finds = found(clear, name, f"{front}{written}{behind}".encode())
        assert finds, f"{kind} in {encoding}, {name}: {written!r}"
        assert finds[0].file == name
        lines = range(1 + front.count("\n"), 2 + front.count("\n") + written.count("\n"))
        assert {one.line for one in finds} <= set(lines), (encoding, finds)
        assert all(KINDS[kind].lower() not in str(one).lower() for one in finds), "shown whole"


@pytest.mark.parametrize(("name", "frame"), FORMATS.items(), ids=FORMATS)
def test_a_frame_without_a_leak_is_clean(
    clear: Prepared, name: str, frame: tuple[str, str]
) -> None:
    assert found(clear, name, f"{frame[0]}r3.kawaz.jp{frame[1]}".encode()) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_is_nobodys_is_clean_in_every_encoding(clear: Prepared, encoding: str) -> None:
    for text in ("r3.kawaz.jp", "Microsoft Windows Live Mail 16.4", "tafner.com.br", "203.0.113.7"):
        written = ENCODINGS[encoding](text)
        assert found(clear, "bulletin.en.md", written.encode()) == [], (text, written)


@pytest.mark.parametrize("kind", KINDS)
def test_packed_files_are_opened(clear: Prepared, kind: str) -> None:
    text = f"first\nsecond {KINDS[kind]}\n".encode()
    for pack in (gzip.compress, zlib.compress, bz2.compress, lambda data: zipped(data.decode())):
        assert found(clear, "x.bin", pack(text)), pack


def test_forms_that_no_case_knows_are_found(clear: Prepared) -> None:
    for text, kind in (
        ("write to nobody.known@some-place.example.com", "address"),
        ("https://somebody:word@some-place.example.com/", "url_user"),
        ("hxxps://some-place.example.com/x?client=4711", "url_parameter"),
        ("read from /home/someone/mail", "path"),
        ("read from C:\\Users\\someone\\mail", "path"),
    ):
        assert kind in {one.kind for one in found(clear, "a.md", text.encode())}, text


def test_roles_and_pseudonyms_are_no_leak(clear: Prepared) -> None:
    for text in ("abuse@kawaz.jp", "postmaster@libero.it", "info, it, list"):
        assert found(clear, "a.md", text.encode()) == []


@pytest.mark.parametrize("magic", ["1f8b", "424d", "789c", "7801", "504b", "425a", "ffd8"])
def test_a_digest_that_begins_like_a_container_is_a_digest(clear: Prepared, magic: str) -> None:
    digests = (sha256(f"{magic} {n}".encode()).hexdigest() for n in range(200))
    lines = "\n".join(f"{n},{magic}{one[len(magic) :]},x" for n, one in enumerate(digests))
    assert found(clear, "first_hops.csv", lines.encode()) == []


def test_what_cannot_be_searched_is_a_find(clear: Prepared) -> None:
    pixels = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82"
    for data in (
        pixels,
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"PK\x03\x04 cut",
        b"%PDF-1.7 /Encrypt 5 0 R",
    ):
        assert [one.kind for one in found(clear, "x", data)][-1:] == ["unsearchable"], data


def test_a_label_of_a_defanged_name_is_no_machine(clear: Prepared) -> None:
    machine = mail.MACHINE.lower()
    for text in (f"{machine}[.]example[.]com", f"{machine}.example.com"):
        assert found(clear, "a.md", text.encode()) == []
    assert found(clear, "a.md", mail.OWN.replace(".", "[.]").encode())
