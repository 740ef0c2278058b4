"""The first empty line, or a missing one: fields of the same header beyond it are read
and named, a body that begins like a header stays body."""

from __future__ import annotations

import pytest

from firsthop.evidence.bulk.header import read_header
from firsthop.evidence.identity.author import BEYOND_GAP, read_author
from firsthop.mail.header import as_split, read_message
from firsthop.mail.message import Message
from firsthop.mail.sources.raw import raw_mail

TRACE = b"Received: from a.example by mx.example; Tue, 5 Mar 2024 10:00:12 +0100\n"
REST = b"From: a@b.example\nTo: c@d.example\nSubject: x\nDate: Tue, 5 Mar 2024 10:00:01 +0100\n"
MIME = b"Message-ID: <1@b.example>\nMIME-Version: 1.0\nContent-Type: text/plain\n"


def read(data: bytes) -> Message:
    return read_message(data, raw_mail(data, "x.eml", "eml").source)


def names(message: Message) -> list[str]:
    return [one.name for one in message.defects]


def written(message: Message) -> bytes:
    return b"".join(field.raw for field in message.fields) + message.separator + message.body


@pytest.mark.parametrize("empty", [b"\n", b"\r\n", b"\n\n\n"])
@pytest.mark.parametrize(
    "parts",
    [
        (TRACE, REST + MIME),
        (TRACE, TRACE, REST + MIME),
        (TRACE + REST, MIME),
        (TRACE + b"To: c@d.example\n", b"From: a@b.example\nSubject: x\n"),
        tuple(line + b"\n" for line in (TRACE + REST + MIME).splitlines()),
    ],
)
def test_a_header_with_gaps_is_read(parts: tuple[bytes, ...], empty: bytes) -> None:
    data = empty.join(parts) + b"\nHello: there\n\nbody\n"
    message = read(data)
    assert names(message) == ["header_gap"]
    assert {one.key for one in message.fields if one.name} == {
        line.partition(b":")[0].decode().lower() for line in b"".join(parts).splitlines()
    }
    assert message.body == b"Hello: there\n\nbody\n"
    assert written(message) == data
    assert read_header(data) is None  # the bulk path leaves it to this one


@pytest.mark.parametrize(
    "body",
    [
        b"Note: one\nSubject: two\n\ntext\n",
        b"From: Other <o@b.example>\n\nA patch of somebody else's.\n",
        b"From: o@b.example\nDate: Tue, 5 Mar 2024 10:00:01 +0100\nSubject: y\n\nquoted\n",
        b"Return-Path: <o@b.example>\n" + TRACE + b"From: o@b.example\nMessage-ID: <2@b>\n\nx\n",
        b"Message-ID: <2@b.example>\nReferences: <1@b.example>\nfor the record\n",
        b"Date: tomorrow\nPlace: here\n\n",
        b"Received: with thanks\n",
        b"",
    ],
)
def test_a_body_that_begins_like_a_header_stays_body(body: bytes) -> None:
    header = TRACE + REST + MIME
    message = read(header + b"\n" + body)
    assert names(message) == []
    assert message.body == body
    assert len(message.fields) == 8


def test_a_part_that_carries_a_message_keeps_it() -> None:
    body = REST + MIME + b"\nx\n"
    for kind in (b"message/rfc822", b"text/rfc822-headers"):
        assert read(TRACE + b"Content-Type: " + kind + b"\n\n" + body).body == body
    assert read(b"Content-Type: text/plain\n\n" + REST + b"\nx\n").body == REST + b"\nx\n"


def test_an_author_beyond_the_gap_is_named_and_vouched_for_by_nobody() -> None:
    message = read(TRACE + b"\n" + REST + MIME + b"\nx\n")
    author = read_author(message)
    assert (author.judged and author.judged.address, author.single) == ("a@b.example", False)
    assert BEYOND_GAP in author.defects
    assert "no author" in message.defects[0].explanation
    strict = as_split(message)
    assert [one.key for one in strict.fields] == ["received"]
    assert strict.body == REST + MIME + b"\nx\n"


def test_results_and_signatures_beyond_the_gap_vouch_for_nothing() -> None:
    forged = b"Authentication-Results: mx.example; dkim=pass header.d=b.example\n"
    strict = as_split(read(TRACE + b"\n" + forged + REST + MIME + b"\nx\n"))
    assert strict.all("authentication-results") == ()


def test_a_fold_beyond_an_empty_line_is_taken_back() -> None:
    message = read(
        b"Received: from a.example by mx.example\n\n\twith ESMTP id 1; Tue, 5 Mar 2024 "
        b"10:00:12 +0100\n" + REST + MIME + b"\nx\n"
    )
    assert message.fields[0].value.endswith("10:00:12 +0100")
    assert message.fields[0].repairs == ("blank_line_in_fold",)
    assert message.first("from") is not None
    assert names(message) == ["header_gap", "lost_fold"]


@pytest.mark.parametrize(
    "value", [b'boundary="q"', b"boundary=q", b'\n boundary="q"', b'\nboundary="q"']
)
def test_a_missing_empty_line_before_a_boundary(value: bytes) -> None:
    body = b"--q\nContent-Type: text/plain\n\nx\n--q--\n"
    data = TRACE + REST + b"Content-Type: multipart/mixed;" + value + b"\n" + body
    message = read(data)
    assert "no_header_end" in names(message)
    assert message.body == body
    assert [one.value for one in message.all("content-type")] == [
        "multipart/mixed;" + " " * (value[:1] == b"\n") + value.strip().decode()
    ]


def test_a_missing_empty_line_before_text() -> None:
    message = read(TRACE + REST + b"Hello Ana,\nhow are you\n\nBye\n")
    assert names(message) == ["no_header_end"]
    assert message.body == b"Hello Ana,\nhow are you\n\nBye\n"
    # a banner and a separator among the fields end nothing
    banner = b"Microsoft Mail Internet Headers Version 2.0\n"
    for line in (banner, b"From a@b.example Tue Mar  5 10:00:00 2024\n"):
        assert read(TRACE + line + REST + b"\nx\n").body == b"x\n"


def test_lost_folds_in_mail() -> None:
    data = (
        b"Received: from a.example (a.example [192.0.2.1])\nby mx.example (Postfix) with ESMTP id "
        b"AB12; Tue, 5 Mar 2024\n10:00:12 +0100\n"
        + REST
        + b"Content-Type: multipart/mixed;\nboundary=q\nX-Note: y\nlost words\nX-More: z\n\nx\n"
    )
    message = read(data)
    assert message.fields[0].value.endswith("5 Mar 2024 10:00:12 +0100")
    assert message.all("content-type")[0].value == "multipart/mixed; boundary=q"
    assert message.all("x-note")[0].value == "y"
    assert names(message) == ["line_without_colon", "lost_fold", "lost_fold"]
    assert written(message) == data
