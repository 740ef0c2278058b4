"""MMDF mailboxes."""

from __future__ import annotations

import pytest

from firsthop.mail.sources import Limits, RawMail, Skipped, read_bytes

MARK = b"\x01\x01\x01\x01\n"
MAIL = b"Received: by a; x\nSubject: one\n\nHello\n\nFrom now on\n"
SEPARATOR = b"From a@example.org Sat May 17 21:59:37 2014\n"


def found(data: bytes, limits: Limits | None = None) -> list[bytes | str]:
    return [
        one.data if isinstance(one, RawMail) else one.reason
        for one in read_bytes(data, "a.mmdf", limits or Limits())
    ]


@pytest.mark.parametrize("before", [b"", SEPARATOR])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_messages_lie_between_the_marks(before: bytes, line_end: bytes) -> None:
    data = ((MARK + before + MAIL + MARK) * 3).replace(b"\n", line_end)
    assert found(data) == [MAIL.replace(b"\n", line_end)] * 3
    for mail in read_bytes(data, "a"):
        assert isinstance(mail, RawMail)
        assert data[mail.source.offset :].startswith(mail.data)
        assert len(mail.source.notes) == bool(before)


def test_one_mark_between_two_messages() -> None:
    assert found(MARK + MAIL + MARK + MAIL + MARK) == [MAIL, MAIL]


def test_a_cut_end_is_told() -> None:
    first, cut, told = found(MARK + MAIL + MARK + MARK + MAIL[:20])
    assert (first, cut) == (MAIL, MAIL[:20])
    assert isinstance(told, str)
    assert "cut short" in told


def test_nothing_between_marks_and_large_messages() -> None:
    assert found(MARK * 4) == []
    data = MARK + MAIL * 9 + MARK + MARK + MAIL + MARK
    assert found(data, Limits(max_message_bytes=100))[1] == MAIL
    (skipped, _) = read_bytes(data, "a", Limits(max_message_bytes=100))
    assert isinstance(skipped, Skipped)
