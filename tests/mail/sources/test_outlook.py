"""Outlook items: headers as stored, nothing rebuilt, nothing raised."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from firsthop.mail.message import Evidence
from firsthop.mail.sources import Limits, RawMail, Skipped, read_bytes, read_sources
from firsthop.mail.sources.outlook import compose

HEADERS_TAKEN = "headers taken from property 0x007D"
HEADERS_ABSENT = "transport headers absent: a sent, drafted or internal item keeps none"


def read(folder: Path, name: str) -> RawMail:
    mail = next(iter(read_sources([folder / "msg" / name])))
    assert isinstance(mail, RawMail)
    return mail


@pytest.mark.parametrize("kind", ["regular", "unicode"])
def test_received_items_keep_their_headers(corpora: Path, kind: str) -> None:
    mail = read(corpora, f"hsmf/example_received_{kind}.msg")
    assert mail.data.startswith(b"X-Zimbra-ItemId: 102959\r\nX-Zimbra-FolderId: 2\r\n")
    assert b"\r\nReceived: " in mail.data
    header, _, body = mail.data.partition(b"\r\n\r\n")
    assert b"\r\nSubject: " in header
    assert b"The quick brown fox" in body
    assert mail.source.container == "msg"
    assert mail.source.notes == (
        HEADERS_TAKEN,
        "body: its plain text as Outlook stored it",
        "sha256: of the .msg file",
    )


def test_the_digest_is_that_of_the_file(corpora: Path) -> None:
    path = corpora / "msg" / "hsmf" / "cyrillic_message.msg"
    assert (
        read(corpora, "hsmf/cyrillic_message.msg").source.sha256
        == hashlib.sha256(path.read_bytes()).hexdigest()
    )


def test_sent_items_have_no_header_and_get_none(corpora: Path) -> None:
    mail = read(corpora, "hsmf/example_sent_regular.msg")
    assert mail.data.startswith(b"\r\n")
    assert mail.source.notes[0] == HEADERS_ABSENT
    assert b"The quick brown fox" in mail.data


def test_an_item_inside_an_item_is_enclosed(corpora: Path) -> None:
    path = corpora / "msg" / "hsmf" / "attachment_msg_pdf.msg"
    outer, inner = read_sources([path])
    assert isinstance(outer, RawMail)
    assert isinstance(inner, RawMail)
    assert outer.source.notes[2] == "report: carries 1 message"
    assert (inner.source.uri, inner.source.evidence, inner.source.enclosed_in) == (
        f"{path}!/attachment-1",
        Evidence.ENCLOSED,
        str(path),
    )
    assert inner.source.sha256 == hashlib.sha256(inner.data).hexdigest()


def test_the_banner_of_exchange_is_no_header(corpora: Path) -> None:
    assert read(corpora, "hsmf/outlook_30_msg.msg").data.startswith(b"x-mimeole: Produced By")


def test_broken_items_are_read_as_far_as_they_go(corpora: Path) -> None:
    broken = read(corpora, "hsmf/clusterfuzz-testcase-minimized-POIHSMFFuzzer-5336473854148608.msg")
    assert broken.data.startswith(b"X-Zimbra-ItemId: 102959")
    assert list(read_sources([corpora / "msg" / "oxmsg" / "not-a-MSG-file.msg"])) == [
        Skipped(str(corpora / "msg" / "oxmsg" / "not-a-MSG-file.msg"), "binary: a PNG picture")
    ]


def test_contacts_are_no_mail(corpora: Path) -> None:
    path = corpora / "msg" / "hsmf" / "msgClassContact.msg"
    assert list(read_sources([path])) == [
        Skipped(str(path), "an Outlook item of class IPM.Contact: no message")
    ]


@pytest.mark.parametrize("step", [997, 3331])
def test_mutants_never_raise(corpora: Path, step: int) -> None:
    data = (corpora / "msg" / "hsmf" / "attachment_msg_pdf.msg").read_bytes()
    for at in range(0, len(data), step):
        list(read_bytes(data[:at], "a.msg"))
        list(read_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :], "a.msg"))


def test_limits(corpora: Path) -> None:
    path = corpora / "msg" / "hsmf" / "attachment_msg_pdf.msg"
    assert list(read_sources([path], Limits(max_message_bytes=1000))) == [
        Skipped(str(path), f"{path.stat().st_size} bytes: over the limit max_message_bytes = 1000")
    ]
    refused = [
        one
        for one in read_sources([path], Limits(max_enclosed_depth=0))
        if isinstance(one, Skipped)
    ]
    assert refused == [Skipped(f"{path}!/attachment-1", "over the limit max_enclosed_depth = 0")]


def test_other_compound_files_are_told() -> None:
    (skipped,) = read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "a.doc")
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("a broken compound file: ")


def test_compose() -> None:
    assert compose(b"A: b\r\n\r\n", b"body") == (b"A: b\r\n\r\nbody", HEADERS_TAKEN)
    assert compose(b"Microsoft Mail Internet Headers Version 2.0\r\nA: b", b"") == (
        b"A: b\r\n\r\n",
        HEADERS_TAKEN,
    )
    assert compose(b" \r\n", b"body") == (b"\r\nbody", HEADERS_ABSENT)
