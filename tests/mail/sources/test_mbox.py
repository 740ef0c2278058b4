"""Splitting an mbox: its variants, its damage, its end."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.mail.sources import Limits, RawMail, Skipped, read_bytes, read_sources
from firsthop.mail.sources.mbox import split_mbox

SEPARATOR = b"From a@example.org Sat May 17 21:59:37 2014\n"
FIRST = b"Received: by a; x\nSubject: one\n\nHello\n"
SECOND = b"Subject: two\n\nWorld\n"


def box(*messages: bytes) -> bytes:
    return b"".join(SEPARATOR + message + b"\n" for message in messages)


def messages(data: bytes) -> list[bytes]:
    return [data[entry.start : entry.stop] for entry in split_mbox(data)]


def test_messages_are_the_files_own_bytes_with_their_places() -> None:
    data = box(FIRST, SECOND)
    found = list(read_bytes(data, "a.mbox"))
    assert [mail.data for mail in found if isinstance(mail, RawMail)] == [FIRST, SECOND]
    for mail in found:
        assert isinstance(mail, RawMail)
        assert data[mail.source.offset :].startswith(mail.data)
        assert mail.source.notes == ("mbox separator: From a@example.org Sat May 17 21:59:37 2014",)


@pytest.mark.parametrize(
    "quoted",
    [
        b"Subject: o\n\n>From the start\n>>From mboxrd\n",  # mboxo, mboxrd: nothing is unquoted
        b"Subject: o\n\nFrom the start it was prose\n",
        b"Subject: o\n\nHello\n\nFrom Russia with love\nYear: 1963\n\nBond\n",
        # dated, but no header follows
        b"Subject: o\n\nHello\n\nFrom me on Sat May 17 at 21:59:37 it rained\n",
        b"Subject: o\n\nprose\nFrom a@example.org Sat May 17 21:59:37 2014\nprose\n",
    ],
)
def test_lines_of_a_body_do_not_separate(quoted: bytes) -> None:
    assert messages(box(quoted, SECOND)) == [quoted, SECOND]


@pytest.mark.parametrize(
    "separator",
    [
        b"From MAILER-DAEMON Mon 1 Jan 2015 00:00:00 +0900\n",
        b"From a@example.org  Sat May 17 9:59 2014 remote from b\n",
        b"From - Sat May 17 21:59:37 2014\r\n",
        b"From -\n",
        b"From ???@??? Sat May 17 21:59:37 2014\n",
        b"From a@example.org 2014-05-17 21:59:37\n",
    ],
)
def test_kinds_of_separators(separator: bytes) -> None:
    assert messages(box(FIRST) + separator + SECOND) == [FIRST, SECOND[:-1] + b"\n"]


def test_crlf() -> None:
    crlf = [part.replace(b"\n", b"\r\n") for part in (FIRST, SECOND)]
    assert messages(box(FIRST, SECOND).replace(b"\n", b"\r\n")) == crlf


def test_content_length_keeps_a_separator_in_a_body() -> None:
    body = b"The box I mean:\n\n" + box(SECOND)
    mail = b"Subject: one\nContent-Length: %d\n\n" % len(body) + body
    assert messages(box(mail, SECOND)) == [mail, SECOND]
    assert messages(box(SECOND, mail)) == [SECOND, mail]


def test_a_wrong_content_length_is_not_believed() -> None:
    mail = b"Subject: one\nContent-Length: 3\n\nHello\n"
    assert messages(box(mail, SECOND)) == [mail, SECOND]
    mail = b"Subject: one\nContent-Length: 99999\n\nHello\n"
    assert messages(box(mail, SECOND)) == [mail, SECOND]


def test_damaged_separators() -> None:
    data = SEPARATOR + FIRST + SEPARATOR + SECOND
    assert messages(data) == [FIRST, SECOND]
    (_, second) = split_mbox(data)
    assert second.notes == ("mbox separator without an empty line before it",)
    assert messages(FIRST + b"\n" + SEPARATOR + SECOND) == [FIRST, SECOND]
    assert next(split_mbox(FIRST + b"\n" + SEPARATOR + SECOND)).notes == (
        "mbox begins without a separator",
    )


@pytest.mark.parametrize(
    ("cut", "reason"),
    [(-5, "it ends inside a line"), (-8, "it ends inside a header")],
)
def test_a_cut_end_is_told_and_kept(cut: int, reason: str) -> None:
    data = box(FIRST, SECOND)[:cut]
    *mails, skipped = read_bytes(data, "a.mbox")
    offset = data.rindex(SECOND[:5])
    assert skipped == Skipped(
        "a.mbox",
        f"mbox cut short: {reason}; what there is of its last message (offset {offset}) was kept",
    )
    assert [mail.data for mail in mails if isinstance(mail, RawMail)] == [FIRST, data[offset:]]


@given(st.integers(1, len(box(FIRST, SECOND))))
def test_any_cut_keeps_every_byte_of_the_messages(cut: int) -> None:
    data = box(FIRST, SECOND)[:cut]
    kept = b"".join(
        entry.separator + b"\n" + data[entry.start : entry.stop] for entry in split_mbox(data)
    )
    assert kept.split() == data.split()


@given(
    st.binary(max_size=400),
    st.lists(
        st.sampled_from(
            [SEPARATOR, b"From ", b"\n", b"Subject: x\n", b"Content-Length: 9\n", b"x"]
        ),
        max_size=30,
    ),
)
def test_entries_are_in_order_and_within_bounds(noise: bytes, pieces: list[bytes]) -> None:
    data = noise + b"".join(pieces)
    at = 0
    for entry in split_mbox(data):
        assert at <= entry.start <= entry.stop <= len(data)
        at = entry.stop


def test_a_message_over_the_limit_is_told_and_the_rest_read() -> None:
    found = list(read_bytes(box(FIRST * 50, SECOND), "a.mbox", Limits(max_message_bytes=100)))
    assert found[0] == Skipped(
        "a.mbox", "message at offset 44: over the limit max_message_bytes = 100"
    )
    assert isinstance(found[1], RawMail)
    assert found[1].data == SECOND


def test_a_mapped_mbox_is_read_like_bytes(tmp_path: Path) -> None:
    path = tmp_path / "large.mbox"
    path.write_bytes(box(*[FIRST] * 30_000))  # large enough to be mapped
    found = list(read_sources([path]))
    assert len(found) == 30_000
    assert {mail.data for mail in found if isinstance(mail, RawMail)} == {FIRST}


def test_agrees_with_the_standard_library(corpus_messages: Path) -> None:
    path = corpus_messages / "suite_MimeKit" / "hard" / "UnitTests__TestData__mbox__jwz-summary.txt"
    standard = mailbox.mbox(path, create=False)
    expected = [standard.get_bytes(key) for key in standard.keys()]  # noqa: SIM118 - a mailbox iterates over messages
    standard.close()
    assert messages(path.read_bytes()) == expected
    assert len(expected) == 152
