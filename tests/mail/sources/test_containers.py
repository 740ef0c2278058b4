"""What carries what: every content in every carrier is read, or named with its
reason."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

import pytest

from docs import samples
from docs.compound_file import compound_file
from docs.containers import (
    BODY,
    CONTENTS,
    HEADER,
    MESSAGE,
    PASTED,
    attached,
    cell,
    combinations,
    encoded,
    multipart,
    page,
)
from firsthop.mail.message import BodyBytes, Evidence
from firsthop.mail.sources import RawMail, Skipped, read_bytes, read_sources


@pytest.mark.parametrize("carrier", sorted({carrier for _, carrier in combinations()}))
def test_every_content_in_every_carrier(carrier: str) -> None:
    for content in (content for content, one in combinations() if one == carrier):
        found, named = cell(content, carrier)
        if CONTENTS[content].opened:
            assert (content, found, named) == (content, 2 if content == "mbox" else 1, ())
        else:
            assert (content, found, len(named)) == (content, 0, 1)


def test_the_page_tells_what_was_tried() -> None:
    reference = Path(__file__).parents[3] / "docs" / "reference" / "containers.md"
    assert page() in reference.read_text(encoding="utf-8")
    assert "not found" not in page()


def found(data: bytes, **more: object) -> list[RawMail | Skipped]:
    return list(read_bytes(data, "r.eml", **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("strength", [1, 2, 3])
def test_passwords_of_every_strength(strength: int) -> None:
    data = attached(samples.zip_by_aes("x", MESSAGE, b"s3cret", strength), "x.zip")
    (_, skipped) = found(data)
    assert skipped == Skipped(
        "r.eml!/part-2!/x", "encrypted, and no known password opens it: give it with --password"
    )
    (_, mail) = found(data, passwords=("other", "s3cret"))
    assert isinstance(mail, RawMail)
    assert mail.data == MESSAGE
    assert mail.source.evidence is Evidence.ENCLOSED
    assert (mail.source.uri, mail.source.enclosed_in) == ("r.eml!/part-2!/x", "r.eml")


def test_damage_in_an_encrypted_member_is_no_message() -> None:
    data = bytearray(samples.zip_by_aes("x", MESSAGE, b"infected"))
    data[80] ^= 1
    assert [type(one) for one in read_bytes(bytes(data), "a.zip")] == [Skipped]


def test_what_every_mail_carries_is_not_told() -> None:
    """Pictures, documents, programs, signatures: no mail, and no gap."""
    office = samples.zipped("[Content_Types].xml", b"<Types/>")
    old_word = compound_file({("WordDocument",): b"text"})
    calendar = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:x\r\n"
    patch = (
        b"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n"
        b"From: A <a@example.org>\nDate: Tue, 5 Mar 2024 10:00:01 +0100\nSubject: [PATCH] x\n\n-"
    )
    for data in (
        *(b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"MZ\x90\0", b"\xff\xd8\xff\xe0"),
        *(office, samples.detached(), old_word, calendar, patch, b"<html>Received: from x</html>"),
        samples.zipped("invoice.js", b"var a = 1;"),
        samples.tnef(("a.pdf", b"%PDF-1.4")),
    ):
        assert len(found(attached(data))) == 1, data[:20]


def test_a_message_in_a_winmail_dat_keeps_its_header() -> None:
    inner = samples.tnef_message(HEADER, BODY)
    (_, mail) = found(attached(samples.tnef_with_message(inner), "winmail.dat"))
    assert isinstance(mail, RawMail)
    assert mail.data == HEADER + b"\r\n" + BODY.rstrip(b"\0")
    assert (mail.source.container, mail.source.body_bytes) == ("tnef", BodyBytes.REBUILT)
    assert mail.source.notes[0] == "headers taken from property 0x007D"


@pytest.mark.parametrize("make", [samples.signed, samples.signed_in_pieces, samples.compressed])
def test_cut_cms_and_tnef_objects_never_raise(make: object) -> None:
    whole = make(MESSAGE)  # type: ignore[operator]
    for data in (whole, samples.tnef(("x", MESSAGE))):
        for cut in range(0, len(data), 7):
            found(attached(data[:cut]))
            found(data[:cut] + bytes([data[cut] ^ 0x5A]) + data[cut + 1 :])


TRACED = (
    b"Received: from a.example (a.example [192.0.2.1]) by b.example; Tue, 5 Mar 2024 10:00 +0100\n"
)
TOP = b"From: a@example.org\nTo: b@example.org\nSubject: %b\n"


@pytest.mark.parametrize(
    ("header", "body", "count"),
    [
        # a list that discusses headers
        (TOP % b"headers" + b"List-Id: <x.example.org>\n", b"See:\n\n" + MESSAGE, 0),
        # one that is sent to those who take reports
        (
            (TOP % b"x").replace(b"b@", b"abuse@") + b"List-Id: <x>\n",
            b"See:\n\n" + MESSAGE,
            1,
        ),
        # a line of a header, a reply's introduction, a forwarding's four lines
        (TOP % b"question", b"Why this?\n\n" + TRACED + b"\nRegards\n", 0),
        (TOP % b"Re: x", b"From: c@example.org\nSent: today\nTo: d@e.org\nSubject: x\n\nHi\n", 0),
        (TOP % b"x", b"Message-ID: <a@b>\nFrom: x@example.org\nDate: Tue\n\nHi\n", 0),
        # the same in a report
        (TOP % b"spam!", b"Message-ID: <a@b>\nFrom: x@example.org\nDate: Tue\n\nHi\n", 1),
        (TOP % b"[desk #12] mail", b"Hello,\n\n" + TRACED + b"From: x@example.org\n\nHi\n", 1),
    ],
)
def test_a_header_in_a_text_counts_by_what_carries_it(
    header: bytes, body: bytes, count: int
) -> None:
    assert len(found(header + b"\n" + body)) == 1 + count


def a_mailbox(path: Path, count: int) -> int:
    entry = b"From a@example.org Sat May 17 21:59:37 2014\n" + MESSAGE.replace(b"\r", b"") + b"\n"
    path.write_bytes(entry * count)
    return len(entry)


def test_a_file_that_is_cut_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "box"
    size = a_mailbox(path, 20_000)
    reading = read_sources([path])
    first = next(reading)
    with path.open("r+b") as file:
        file.truncate(size * 100)
    rest = list(reading)
    assert isinstance(first, RawMail)
    assert isinstance(rest[-1], Skipped)
    assert rest[-1].reason == (
        f"changed while it was read: it had {size * 20_000} bytes, and has {size * 100}; "
        f"what was read is kept"
    )
    assert 100 <= len(rest) < 20_000


def test_a_file_that_is_overwritten_or_grows_is_told(tmp_path: Path) -> None:
    for change in ("r+b", "ab"):
        path = tmp_path / "box"
        a_mailbox(path, 20_000)
        reading = read_sources([path])
        next(reading)
        with path.open(change) as file:
            file.write(b"x" * 100)
        *mails, told = reading
        assert isinstance(told, Skipped)
        assert told.reason.startswith("changed while it was read: ")
        assert len(mails) >= 19_998


def test_a_large_mailbox_is_split_as_a_small_one(tmp_path: Path) -> None:
    path = tmp_path / "box"
    a_mailbox(path, 20_000)
    data = path.read_bytes()
    large = [one for one in read_sources([path]) if isinstance(one, RawMail)]
    small = [one for one in read_bytes(data, str(path)) if isinstance(one, RawMail)]
    assert large == small
    assert len(large) == 20_000


def uuencoded(data: bytes) -> bytes:
    lines = (binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 mail.dat\n" + b"".join(lines) + b"`\nend\n"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_uuencoded_files_are_opened(ending: bytes) -> None:
    for content in (MESSAGE, samples.zipped("x", MESSAGE)):
        body = (b"See:\n\n" + uuencoded(content)).replace(b"\n", ending)
        (_, mail) = found(b"From: a@example.org\nSubject: x\n\n" + body)
        assert isinstance(mail, RawMail)
        assert mail.data == MESSAGE
    header = b"Content-Type: application/zip\nContent-Transfer-Encoding: x-uuencode\n\n"
    assert len(found(multipart(header + uuencoded(samples.zipped("x", MESSAGE))))) == 2


def test_a_signed_file_in_base64_or_armour() -> None:
    text = base64.encodebytes(samples.signed(MESSAGE))
    armour = b"-----BEGIN PKCS7-----\n" + text + b"-----END PKCS7-----\n"
    for data in (text, armour, base64.encodebytes(samples.signed_in_pieces(MESSAGE))):
        (mail,) = read_bytes(data, "smime.p7m")
        assert isinstance(mail, RawMail)
        assert mail.data == MESSAGE
        assert len(found(attached(data))) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"multipart/mixed;\nboundary==_o\n",
        b'multipart/mixed\nboundary="=_o"\n',
        b'multipart/mixed; boundary="=_o\n',
        b"multipart/mixed; boundary=other\n",
        b"multipart/mixed\n",
        b"\nmultipart/mixed; boundary==_o\n",
        b"mixed\n",
    ],
)
def test_a_boundary_that_the_header_does_not_tell(line: bytes) -> None:
    whole = multipart(b"Content-Type: message/rfc822\r\n\r\n" + MESSAGE)
    kind = b'multipart/mixed; boundary="=_o"\r\n'
    assert kind in whole
    for data in (whole.replace(kind, line), whole.replace(kind, line).replace(b"\r\n", b"\n")):
        (_, mail) = found(data)
        assert isinstance(mail, RawMail)
        assert mail.data.startswith(b"Received: from mx1.example.com")
    if not line.startswith(b"multipart"):
        return  # of a part without a type nothing is guessed
    inside = (b"Content-Type: " + line + whole.partition(kind)[2]).replace(b"=_o", b"=_i")
    (_, mail) = found(multipart(inside))
    assert isinstance(mail, RawMail)
    assert mail.source.uri == "r.eml!/part-2.2"


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (b"Content-Type: application/zip\r\n", "called zip, and cannot be read as that"),
        (b"Content-Type: x/y; name=a.rar\r\n", "called a.rar, and cannot be read as that"),
        (b"Content-Type: application/ms-tnef\r\n", "called winmail.dat, and cannot"),
        (b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n", "called smime.p7m"),
    ],
)
def test_what_should_be_a_container_and_is_none_is_named(part: bytes, reason: str) -> None:
    (_, skipped) = found(multipart(encoded(part, b"garbage\0\1\2\3" * 9)))
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith(reason)


def test_texts_in_utf_16() -> None:
    for text in (MESSAGE, PASTED):
        (_, mail) = found(attached(text.decode().encode("utf-16"), "x.txt"))
        assert isinstance(mail, RawMail)
        assert b"abc123@relay.example.net" in mail.data
