"""One message a file."""

from __future__ import annotations

import hashlib

from firsthop.mail.sources import Limits, RawMail, Skipped, read_bytes

MAIL = b"From: a@example.org\r\nSubject: x\r\n\r\nHello\r\n"


def one(data: bytes, uri: str = "a.eml") -> RawMail:
    (mail,) = read_bytes(data, uri)
    assert isinstance(mail, RawMail)
    return mail


def test_a_message_is_its_own_bytes() -> None:
    mail = one(MAIL)
    assert (mail.data, mail.source.container, mail.source.offset, mail.source.notes) == (
        MAIL,
        "eml",
        0,
        (),
    )
    assert mail.source.sha256 == hashlib.sha256(MAIL).hexdigest()


def test_what_stands_before_the_header_is_told() -> None:
    mail = one(b"\xef\xbb\xbf" + MAIL)
    assert (mail.data, mail.source.offset, mail.source.notes) == (
        MAIL,
        3,
        ("a UTF-8 byte order mark before the header",),
    )
    mail = one(b"\n  \n" + MAIL)
    assert (mail.data, mail.source.offset, mail.source.notes) == (
        MAIL,
        4,
        ("4 bytes of empty lines before the header",),
    )


def test_a_message_without_headers_is_evidence() -> None:
    assert one(b"just a body").source.notes == ("message without headers",)
    assert one(b"\n\njust a body").data == b"\n\njust a body"


def test_emlx() -> None:
    mail = one(b"%d   \n" % len(MAIL) + MAIL + b'<?xml version="1.0"?>', "1.emlx")
    assert (mail.data, mail.source.container, mail.source.offset) == (MAIL, "emlx", 6)
    skipped, kept = read_bytes(b"900\n" + MAIL, "1.emlx")
    assert skipped == Skipped(
        "1.emlx", f"cut short: {len(MAIL)} of 900 bytes; what there is was kept"
    )
    assert isinstance(kept, RawMail)


def test_a_message_over_the_limit_is_told() -> None:
    assert list(read_bytes(MAIL, "a.eml", Limits(max_message_bytes=10))) == [
        Skipped("a.eml", "42 bytes: over the limit max_message_bytes = 10")
    ]


def test_a_text_that_only_begins_like_a_message_is_not_lost() -> None:
    (mail,) = read_bytes(b"Subject: x\nprose\nprose\nand no field more", "a.txt")
    assert isinstance(mail, RawMail)
