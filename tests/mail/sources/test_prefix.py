"""What stands before a message, and the stores that are named and not read."""

from __future__ import annotations

import pytest

from firsthop.mail.sources import RawMail, Skipped, read_bytes
from firsthop.mail.sources.stores import unread_store

MAIL = b"Received: from a by b; x\nFrom: a@example.org\nSubject: x\n\nHello\n"


@pytest.mark.parametrize(
    "prefix",
    [
        bytes(range(0x80, 0xA8)),
        bytes(40),
        b"\0\x05a.eml" + bytes(121),  # MacBinary
        b"\xd4\xc3\xb2\xa1\x02\0\x04\0" + bytes(16) + b"\x99\xaa\0\0" * 4,  # a capture
        b"\x82\x02\x41 record\n\0\0\n",
        b"0001f3a0 ",
        b"\xff\xfb\x01",  # telnet
    ],
)
@pytest.mark.parametrize("name", ["a.eml", "a.bin", "", "a.txt"])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
def test_bytes_of_a_tool(prefix: bytes, name: str, ends: bytes) -> None:
    data = prefix + MAIL.replace(b"\n", ends)
    (mail,) = read_bytes(data, name)
    assert isinstance(mail, RawMail)
    assert mail.source.offset == len(prefix)
    assert mail.source.notes[-1] == f"{len(prefix)} bytes before the header"
    assert mail.data.replace(b"\r\n", b"\n") == MAIL


@pytest.mark.parametrize(
    "text",
    [
        b"The mail that came in:\n\n" + MAIL,
        "È arrivata questa:\n".encode("latin-1") + MAIL,
        b"a long line of text that goes on and on before it comes to the point, then " + MAIL,
    ],
)
def test_text_is_no_prefix(text: bytes) -> None:
    assert [
        one.source.container for one in read_bytes(text, "a.txt") if isinstance(one, RawMail)
    ] != ["eml"]


def test_a_picture_with_a_header_in_it_is_a_picture() -> None:
    (skipped,) = read_bytes(b"\x89PNG\r\n\x1a\n\0\0" + MAIL, "a.bin")
    assert isinstance(skipped, Skipped)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xcf\xad\x12\xfe\xc5\xfd\x74\x6f" + bytes(2000), "Outlook Express"),
        (b"JMF6" + bytes(200), "Outlook Express 4"),
        (b"\x30\0" + bytes(6) + b"In\0" + bytes(200), "Eudora"),
        (b"\x8a\x1c\x9a\x11\xef\xcd\xab\x89" + bytes(200), "ESE"),
        (b"\x1a\0\0\x04\0\0" + bytes(200), "Notes"),
        (b"\x21\x09\x70\x19" + bytes(200), "The Bat"),
        (b"\x10" * 7 + b"\x11" * 6 + b"S\r\n" + MAIL, "Foxmail"),
        (b"BABYL OPTIONS: -*- rmail -*-\nVersion: 5\n\x1f\x0c\n1,,\n" + MAIL, "Babyl"),
        (b"*mbx*\r\n5f2b3c4d00000012\r\n" + MAIL, "mbx"),
        (b"2 M1f C53e1a2b3\n\x01\x02N 0000000000000040\n" + MAIL, "dbox"),
        (b'// <!-- <mdb:mork:z v="1.4"/> -->\n< <(a=c)>\n', "Mozilla"),
    ],
)
@pytest.mark.parametrize("file", ["a", "a.dbx", "In.mbx", "a.eml"])
def test_stores_that_are_not_read_are_named(data: bytes, name: str, file: str) -> None:
    (skipped,) = read_bytes(data, file)
    assert isinstance(skipped, Skipped)
    assert name in skipped.reason


def test_a_mailbox_of_eudora_is_an_mbox() -> None:
    data = b"From ???@??? Tue Mar 05 10:00:12 2024\r\n" + MAIL.replace(b"\n", b"\r\n")
    assert unread_store(data) is None
    assert [type(one) for one in read_bytes(data * 2, "In.mbx")] == [RawMail, RawMail]
