"""Mail in another code or with other line ends: read, and told where it lies."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from firsthop.mail.message import BodyBytes
from firsthop.mail.read import read_mail
from firsthop.mail.sources import Limits, RawMail, Skipped, read_bytes, read_sources
from firsthop.mail.sources.recoded import recoding

MAIL = (
    "Received: from a.example ([192.0.2.1])\n\tby b.example; Sat, 17 May 2014 21:59:37 +0900\n"
    "From: Ana <ana@example.org>\nTo: b@example.org\nSubject: Perché no\n"
    "Message-ID: <1@example.org>\n\nCosì è € 𝄞\n\nCiao\n"
)
SEPARATOR = "From ana@example.org Sat May 17 21:59:37 2014\n"
BOX = (SEPARATOR + MAIL + "\n") * 3
UTF = [
    ("utf-16", "utf-16-le", 2),
    ("utf-16-le", "utf-16-le", 0),
    ("utf-16-be", "utf-16-be", 0),
    ("utf-32", "utf-32-le", 4),
    ("utf-32-be", "utf-32-be", 0),
]


def mails(data: bytes, uri: str = "a.eml") -> list[RawMail]:
    found = list(read_bytes(data, uri))
    assert not [one for one in found if isinstance(one, Skipped)], found
    return [one for one in found if isinstance(one, RawMail)]


def names(mail: RawMail) -> list[str]:
    return [field.name for field in read_mail(mail).fields if field.name]


NAMES = ["Received", "From", "To", "Subject", "Message-ID"]


@pytest.mark.parametrize(("code", "bare", "mark"), UTF)
@pytest.mark.parametrize("name", ["a.eml", "a.txt", "", "a.mbox"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_utf_16_and_32(code: str, bare: str, mark: int, name: str, line_end: str) -> None:
    text = MAIL.replace("\n", line_end)
    data = text.encode(code)
    (mail,) = mails(data, name)
    assert mail.data == text.encode()
    assert mail.source.offset == mark
    assert mail.source.sha256 == hashlib.sha256(data[mark:]).hexdigest()
    assert mail.source.body_bytes is BodyBytes.REBUILT
    assert mail.source.notes[0] == f"{code[:6].upper()} text: read as UTF-8"
    assert names(mail) == NAMES


@pytest.mark.parametrize(("code", "bare", "mark"), UTF)
def test_messages_of_an_mbox_in_utf_16_lie_where_they_are_said_to(
    code: str, bare: str, mark: int
) -> None:
    data = BOX.encode(code)
    found = mails(data, "a.mbox")
    assert len(found) == 3
    for mail in found:
        size = len(mail.data.decode().encode(bare))
        there = data[mail.source.offset : mail.source.offset + size]
        assert there.decode(bare).encode() == mail.data == MAIL.encode()
        assert hashlib.sha256(there).hexdigest() == mail.source.sha256


def test_a_text_in_utf_16_is_a_published_one() -> None:
    text = "The mail that came in was this one:\n\n" + MAIL
    (mail,) = mails(text.encode("utf-16"), "post.txt")
    assert mail.source.container == "pasted"
    assert text.encode("utf-16")[mail.source.offset :].decode("utf-16-le").startswith("Received")


def test_broken_utf_16_is_read_as_far_as_it_goes() -> None:
    data = MAIL.encode("utf-16") + b"\x00\xd8x\0\n"  # half a pair, half a character
    (mail,) = mails(data)
    assert names(mail) == NAMES
    assert mail.source.sha256 == hashlib.sha256(data[2:]).hexdigest()


@pytest.mark.parametrize("ends", ["\r", "\r\r\n"])
@pytest.mark.parametrize("before", ["", "\n\n"])
def test_line_ends_of_carriage_returns(ends: str, before: str) -> None:
    data = (before + MAIL).replace("\n", ends).encode()
    (mail,) = mails(data)
    assert names(mail) == NAMES
    assert data[mail.source.offset :].startswith(b"Received")
    assert mail.source.sha256 == hashlib.sha256(data[mail.source.offset :]).hexdigest()
    assert "carriage return" in mail.source.notes[0]
    assert read_mail(mail).body.replace(b"\r\n", b"\n") == MAIL.partition("\n\n")[2].encode()


@pytest.mark.parametrize("ends", [b"\r", b"\r\r\n"])
def test_an_mbox_of_them(ends: bytes) -> None:
    data = BOX.encode().replace(b"\n", ends)
    found = mails(data, "a.mbox")
    places = [m.end() for m in re.finditer(rb"From ana[^\r]*[\r\n]+", data)]
    assert [mail.source.offset for mail in found] == places
    stops = [data.index(ends + b"From ana", at) for at in places[:-1]] + [len(data) - len(ends)]
    for mail, stop in zip(found, stops, strict=True):
        there = data[mail.source.offset : stop]
        assert mail.source.sha256 == hashlib.sha256(there).hexdigest()


@pytest.mark.parametrize(
    "data",
    [
        MAIL.replace("\n", "\r", 5).encode(),  # a header of old line ends, a body of new ones
        MAIL.replace("\n", "\r\n").replace("\r\nFrom", "\rFrom").replace("\r\nTo", "\rTo").encode(),
        MAIL.replace("\nFrom", "\rFrom").replace("\nSubject", "\rSubject").encode(),
        MAIL.replace("\n", "\r\n", 3).encode(),
        MAIL.replace("\nTo", "\r\nTo").encode(),
        b"\xef\xbb\xbf" + MAIL.encode(),
        b"\xef\xbb\xbf\xef\xbb\xbf\r\n\r\n" + MAIL.encode(),
        b"\n\xef\xbb\xbf" + MAIL.encode(),
        b"\xc3\xaf\xc2\xbb\xc2\xbf" + MAIL.encode(),
        MAIL.replace("\nSubject", "\n\ufeffSubject").encode(),
        MAIL.replace("\nFrom", "\n\ufeffFrom").encode(),
    ],
)
def test_mixed_line_ends_and_marks_inside(data: bytes) -> None:
    (mail,) = mails(data)
    assert names(mail) == NAMES


@pytest.mark.parametrize("place", ["before", "behind"])
def test_marks_inside_an_mbox(place: str) -> None:
    mark = "\ufeff"
    entry = mark + SEPARATOR + MAIL if place == "before" else SEPARATOR + mark + MAIL
    data = ((entry + "\n") * 3).encode()
    found = mails(data, "a.mbox")
    assert [mail.data for mail in found] == [MAIL.encode()] * 3
    assert all(data[mail.source.offset :].startswith(b"Received") for mail in found)


@pytest.mark.parametrize(
    "text",
    [
        MAIL,
        MAIL.replace("\n", "\r\n"),
        MAIL.replace("Perché", "Per\rché"),  # a carriage return in a value is no line end
        MAIL.replace("no\n", "no\rFrom: eve@example.net\n"),  # nor is one field behind it
        MAIL + "a\rFrom: b\rTo: c\rSubject: d\n",  # nor are those of a body
    ],
)
def test_what_is_not_recoded(text: str) -> None:
    assert recoding(text.encode()) is None


def test_a_large_mbox_of_carriage_returns_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "large.mbox"
    path.write_bytes((BOX * 3_000).encode().replace(b"\n", b"\r\r\n"))
    found = list(read_sources([path], Limits(spool_bytes=1 << 16)))
    assert len(found) == 9_000
    assert isinstance(found[-1], RawMail)
    data = path.read_bytes()
    start = found[-1].source.offset
    assert hashlib.sha256(data[start:-3]).hexdigest() == found[-1].source.sha256
