"""The trust boundary: from the own servers down, never guessed."""

import pytest

from firsthop.errors import SettingsError
from firsthop.evidence.path import Path, Trust, trace_path
from firsthop.mail.header import read_message
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import own_servers

PATH = b"""Received: by store.example.it (Postfix, from userid 1002) id 0D3F2A; Thu, 29 May 2014 01:07:35 +0000 (UTC)
Received: from mx.example.it (mx.example.it [10.0.0.5]) by store.example.it (Postfix) with ESMTP id 0D3F2B; Thu, 29 May 2014 01:07:34 +0000 (UTC)
Received: from relay.example.net (relay.example.net [198.51.100.7]) by mx.example.it (Postfix) with ESMTP id 0D3F2C; Thu, 29 May 2014 01:07:33 +0000 (UTC)
Received: from x (unknown [203.0.113.9]) by mx.example.it (Postfix) with ESMTP id 0D3F2D; Thu, 29 May 2014 01:07:32 +0000 (UTC)

"""


def path(own: tuple[str, ...], data: bytes = PATH) -> Path:
    return trace_path(read_message(data, raw_mail(data, "x", "eml").source), own_servers(own))


def test_without_own_servers_nothing_is_believed() -> None:
    found = path(())
    assert [s.trust for s in found.steps] == [Trust.CLAIMED] * 4
    assert found.boundary.position is None
    assert "--own store.example.it" in found.boundary.reason


@pytest.mark.parametrize(
    "own",
    [
        (".example.it", "localhost"),
        ("store.example.it", "mx.example.it", "127.0.0.1"),
        ("*.example.it", "10.0.0.0/8", "localhost"),
    ],
)
def test_the_hand_over_is_the_last_own_line_with_an_outside_client(own: tuple[str, ...]) -> None:
    found = path(own)
    assert [s.trust for s in found.steps] == [Trust.TRUSTED, Trust.TRUSTED, Trust.HANDOVER, Trust.CLAIMED]  # the lowest line borrows our name
    assert found.boundary.position == 2
    assert "198.51.100.7" in found.boundary.reason
    assert [s.position for s in found.steps] == [4, 3, 2, 1]


def test_a_topmost_line_of_others_is_said() -> None:
    found = path(("mx.other.example",))
    assert found.boundary.position is None
    assert "not written by one of the own servers" in found.boundary.reason


def test_no_received_field_at_all() -> None:
    assert path((".example.it",), b"From: a@b.example\n\n").boundary.reason == "the message has no Received field"


def test_own_servers_are_whole_names() -> None:
    own = own_servers((".example.it", "mx.example.org", "2001:db8::/32"))
    assert own.has_name("MX.example.it.")
    assert own.has_name("mx.example.org")
    assert not own.has_name("evil-example.it")
    assert not own.has_name("a.mx.example.org")
    assert own.has_address("2001:db8::1")
    assert not own.has_address("198.51.100.1")


@pytest.mark.parametrize("word", ["", "two words", "10.0.0.0/99", "300.1.1.1"])
def test_an_impossible_own_server_is_one_clear_error(word: str) -> None:
    with pytest.raises(SettingsError, match="own server"):
        own_servers((word,))


def received(*lines: str) -> bytes:
    return ("".join(f"Received: {line}; Thu, 29 May 2014 01:07:35 +0000 (UTC)\n" for line in lines) + "\n").encode()


def test_a_note_without_a_writer_goes_with_the_lines_around_it() -> None:
    data = received(
        "(qmail 2756 invoked from network)", "from out.example.net (HELO x) (198.51.100.7) by mx.example.it with SMTP", "by z.example.com with SMTP"
    )
    found = path(("mx.example.it",), data)
    assert [s.trust for s in found.steps] == [Trust.TRUSTED, Trust.HANDOVER, Trust.CLAIMED]


def test_a_checked_own_name_leads_on_and_a_borrowed_one_does_not() -> None:
    lower = "from a.example.net (a.example.net [203.0.113.7]) by relay.example.it (Postfix) with ESMTP id 0D3F2C"
    checked = received("from relay.example.it (relay.example.it [198.51.100.7]) by mx.example.it (Postfix) with ESMTP id 0D3F2B", lower)
    borrowed = received("from relay.example.it (unknown [198.51.100.7]) by mx.example.it (Postfix) with ESMTP id 0D3F2B", lower)
    assert path((".example.it",), checked).boundary.position == 1
    assert path((".example.it",), borrowed).boundary.position == 2
    assert "--own it" in path((".example.it",), borrowed).boundary.reason


def test_a_gap_inside_is_said() -> None:
    data = received(
        "from filter ([10.0.0.9]) by mx.example.it (Postfix) with ESMTP id 0D3F2B",
        "from a (b [203.0.113.7]) by filter7 (Postfix) with ESMTP id 0D3F2C",
    )
    found = path((".example.it",), data)
    assert found.boundary.position == 2
    assert "filter7 is not among the own servers" in found.boundary.reason
