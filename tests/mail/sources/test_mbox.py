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
        b"Subject: o\n\nHello\n\nFrom Monday, March 11, 08:30 it is shut.\nNote: x\n\nBye\n",
        b"Subject: o\n\nHello\n\nFrom 12 May 2024 10:00 to 12:00 we meet.\nGate: 7\n",
        b"Subject: o\n\nHello\n\nFrom Monday, March 11, 08:30\nSubject: x\nDate: y\n",
        b"Subject: o\n\nHello\n\nFrom a@b.it on Tue Mar  5 10:00:12 2024\nNote: x\n",
        b"Subject: o\n\nHello\n\nFrom Mr. Pius\nTo: you\nSubject: x\n",
        b"Subject: o\n\nit is\n\nFrom a@example.org Sat May 17 21:59:37 2014\n\nsays RFC 4155\n",
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
        b"From 1792031234567890123@xxx Tue Mar 05 09:00:12 +0000 2024\n",
        b"From joe at example.org  Sat May 17 21:59:37 2014\n",
        b"From joe en example.org  Sat May 17 21:59:37 2014\n",
        b"From root Sat May 17 21:59:37 CEST 2014\n",
        b"From relay!joe Sat May 17 21:59 2014\n",
        b"From - Sat Apr 12 2025 15:59:28\n",
        b'From "joe smith"@example.org Sat May 17 21:59:37 2014\n',
        b"From a@example.org sab mag 17 21:59:37 2014\n",
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


WHOLE = b"Received: by a; x\nFrom: a@example.org\nSubject: three\n\nHello\n"


def test_a_content_length_hides_no_message_of_others() -> None:
    others = SEPARATOR + WHOLE + b"\n"
    length = len(b"Hello\n\n" + others) - 1
    mail = b"Subject: one\nContent-Length: %d\n\nHello\n" % length
    assert messages(box(mail) + others + box(SECOND)) == [mail, WHOLE, SECOND]
    first = next(split_mbox(box(mail) + others + box(SECOND)))
    assert first.notes == ("its Content-Length goes over a separator: not believed",)


def test_a_quoted_message_stays_where_every_message_bears_its_length() -> None:
    def measured(body: bytes) -> bytes:
        return b"Received: by a; x\nSubject: o\nContent-Length: %d\n\n" % len(body) + body

    quoting = measured(b"Quote:\n\n" + SEPARATOR + WHOLE)
    plain = measured(b"Hello\n")
    assert messages(box(plain, quoting, plain)) == [plain, quoting, plain]
    assert messages(box(quoting, plain)) == [quoting, plain]
    assert messages(box(plain, quoting)) == [plain, quoting]
    assert messages(box(SECOND, quoting, plain))[1:] != [quoting, plain]


def test_a_part_goes_on_behind_a_separator_when_its_delimiter_follows() -> None:
    header = b"Content-Type: multipart/mixed; boundary=0123456789\nSubject: o\n\n"
    open_part = header + b"--0123456789\n\nQuote:\n\n"
    quoting = open_part + SEPARATOR + WHOLE + b"--0123456789--\n"
    assert messages(box(quoting, SECOND)) == [quoting, SECOND]
    # the delimiter in a second mail of the same sender hides nobody's
    hidden = box(open_part[:-1], WHOLE, b"Subject: x\n\n--0123456789--\n")
    assert len(messages(hidden)) == 3
    # of two messages with one boundary neither is a part of the other
    assert len(messages(box(open_part[:-1], quoting))) >= 2


def test_a_separator_without_date_or_empty_line_needs_a_header() -> None:
    whole = b"From: a@example.org\nSubject: x\n\nHello\n"
    assert messages(b"From - \n" + whole + b"From - \n" + whole) == [whole, whole]


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
