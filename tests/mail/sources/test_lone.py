"""A file that is one message behind a separator is read as any mbox is, or it is left
to that."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firsthop.mail.limits import Allowance, Limits
from firsthop.mail.sources import RawMail, Skipped, forms
from firsthop.mail.sources.lone import lone_message

SEPARATOR = b"From a@example.org Sat May 17 21:59:37 2014\n"
MAIL = b"Received: by a; x\nSubject: one\n\nHello\n\n"
PIECES = st.sampled_from(
    [
        *(b"From ", b"\nFrom ", b"\n\xef\xbb\xbfFrom ", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\0"),
        *(b"\n", b"\n\n", b"\n\r\n", b"x", b":", b"Subject: a\n", b"\nContent-Length: 5\n"),
        *(b"\n*** MESSAGE CONTENTS a ***\n", b"ustar", b"-", SEPARATOR, MAIL, b"a" * 257),
    ]
)


def as_any_file(data: bytes, name: str) -> list[RawMail | Skipped]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forms, "lone_message", lambda *_given: None)
        patch.setattr(forms, "is_message", lambda *_given: False)
        return list(forms.messages_in(data, name, Allowance(Limits(), len(data))))


def test_a_message_behind_a_separator() -> None:
    found = lone_message(SEPARATOR + MAIL, "a")
    assert found is not None
    assert (found.data, found.source.offset) == (MAIL[:-1], len(SEPARATOR))
    assert [found] == as_any_file(SEPARATOR + MAIL, "a")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (MAIL, "a.eml"),
        (SEPARATOR + MAIL, "a.mbox"),
        (SEPARATOR + MAIL + SEPARATOR + MAIL, "a"),
        (SEPARATOR + b"Content-Length: 6\n" + MAIL, "a"),
        (SEPARATOR + b"\n" + MAIL, "a"),
        (SEPARATOR + b"\xef\xbb\xbf" + MAIL, "a"),
        (SEPARATOR, "a"),
        (b"From the beginning\n\n" + MAIL, "a"),
        ((SEPARATOR + MAIL).replace(b"\n", b"\r\n"), "a"),
    ],
)
def test_what_leaves_a_doubt(data: bytes, name: str) -> None:
    assert lone_message(data, name) is None


@given(st.lists(PIECES, max_size=8), st.sampled_from(["a", "a.eml", "a.mbx"]))
@example([SEPARATOR, MAIL, b"\xef\xbb\xbf"], "a")
def test_it_is_what_any_reader_finds(pieces: list[bytes], name: str) -> None:
    for begin in (b"", b"From ", SEPARATOR):
        data = begin + b"".join(pieces)
        found = lone_message(data, name)
        assert found is None or [found] == as_any_file(data, name)
