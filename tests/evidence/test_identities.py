"""Mailboxes and ids as real mail writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.identity.address_field import shows_address
from firsthop.evidence.identity.identities import FieldState, decode_words, mailboxes, message_id
from firsthop.mail.header import read_message
from firsthop.mail.message import Evidence
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@b.example", [(None, "a@b.example")]),
        (
            '"Rossi, Mario" <m@b.example>, x@y.example',
            [("Rossi, Mario", "m@b.example"), (None, "x@y.example")],
        ),
        ("Mario Rossi <m@B.example.>", [("Mario Rossi", "m@B.example.")]),
        ("m@b.example (Mario)", [("Mario", "m@b.example")]),
        ("=?utf-8?q?Caff=C3=A8?= <m@b.example>", [("Caffè", "m@b.example")]),
        ('"a@libero.it" <x@evil.example>', [("a@libero.it", "x@evil.example")]),
        ("Mario Rossi m@b.example", [("Mario Rossi", "m@b.example")]),
        ("undisclosed-recipients:;", []),
        ("Team: a@b.example, c@d.example;", [(None, "a@b.example"), (None, "c@d.example")]),
        ("<>", []),
        ("", []),
    ],
)
def test_mailboxes(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert [(m.display_name, m.address) for m in mailboxes(text)] == expected


def test_domains_are_compared_in_lower_case_without_a_dot() -> None:
    assert mailboxes("m@B.Example.")[0].domain == "b.example"


@given(st.text(max_size=200))
def test_any_text_reads(text: str) -> None:
    mailboxes(text)
    decode_words(text)


def test_a_broken_encoded_word_stays_as_written() -> None:
    assert decode_words("=?no-such-charset?q?a=E8?=") == "a\\xe8"
    assert decode_words("=?utf-8?b?!!!") == "=?utf-8?b?!!!"


def test_states_of_a_message_id() -> None:
    def state(data: bytes, evidence: Evidence = Evidence.MESSAGE) -> tuple[str | None, FieldState]:
        found = message_id(read_mail(raw_mail(data, "x", "eml", evidence=evidence)))
        return found.value, found.state

    assert state(b"Message-ID: <a@b.example>\n\n") == ("a@b.example", FieldState.PRESENT)
    assert state(b"From: a@b.example\n\n") == (None, FieldState.ABSENT)
    assert state(b"Message-ID: \n\n") == (None, FieldState.EMPTY)
    assert state(b"Message-ID: <>\n\n") == (None, FieldState.EMPTY)
    assert state(b"Received: from a by b; x\nMessage-ID:\n", Evidence.PUBLICATION) == (
        None,
        FieldState.VALUE_LOST,
    )
    assert (
        message_id(read_message(b"", raw_mail(b"", "x", "eml").source)).state is FieldState.ABSENT
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("o@b.example", True),
        ("Carlo <O@B.example>, x@y.example", True),
        ("<mailto:o@b.example?subject=x>", True),
        ("'o@b.example'", True),
        ("x@y.example, o@b.example.", True),
        ("carlo@b.example", False),
        ("x.o@b.example", False),
        ("o@b.example.org", False),
        ("o@b.example-x.org", False),
        ("carlo@b.example, o@b.example", True),
        ("", False),
    ],
)
def test_a_whole_address_is_shown_and_no_part_of_a_longer_one(text: str, shown: bool) -> None:
    assert shows_address(text, "o@b.example") is shown
    assert not shows_address(text, "")
