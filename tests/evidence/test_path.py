"""The trust boundary: from the own servers down, never guessed."""

import pytest

from firsthop.errors import SettingsError
from firsthop.evidence.path.path import Path, Trust, trace_path
from firsthop.evidence.path.receiver import RECEIVERS
from firsthop.evidence.path.receiving import Basis
from firsthop.mail.header import read_message
from firsthop.mail.message import Evidence
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers, own_servers

PATH = b"""Received: by store.example.it (Postfix, from userid 1002) id 0D3F2A; Thu, 29 May 2014 01:07:35 +0000 (UTC)
Received: from mx.example.it (mx.example.it [10.0.0.5]) by store.example.it (Postfix) with ESMTP id 0D3F2B; Thu, 29 May 2014 01:07:34 +0000 (UTC)
Received: from relay.example.net (relay.example.net [198.51.100.7]) by mx.example.it (Postfix) with ESMTP id 0D3F2C; Thu, 29 May 2014 01:07:33 +0000 (UTC)
Received: from x (unknown [203.0.113.9]) by mx.example.it (Postfix) with ESMTP id 0D3F2D; Thu, 29 May 2014 01:07:32 +0000 (UTC)

"""  # noqa: E501 - as it is written


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
    # the lowest line borrows our name
    assert [s.trust for s in found.steps] == [
        Trust.TRUSTED,
        Trust.TRUSTED,
        Trust.HANDOVER,
        Trust.CLAIMED,
    ]
    assert found.boundary.position == 2
    assert "198.51.100.7" in found.boundary.reason
    assert [s.position for s in found.steps] == [4, 3, 2, 1]


def test_a_topmost_line_of_others_is_said() -> None:
    found = path(("mx.other.example",))
    assert found.boundary.position is None
    assert "not written by one of the own servers" in found.boundary.reason


def test_no_received_field_at_all() -> None:
    assert (
        path((".example.it",), b"From: a@b.example\n\n").boundary.reason
        == "the message has no Received field"
    )


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
    return (
        "".join(f"Received: {line}; Thu, 29 May 2014 01:07:35 +0000 (UTC)\n" for line in lines)
        + "\n"
    ).encode()


def test_a_note_without_a_writer_goes_with_the_lines_around_it() -> None:
    data = received(
        "(qmail 2756 invoked from network)",
        "from out.example.net (HELO x) (198.51.100.7) by mx.example.it with SMTP",
        "by z.example.com with SMTP",
    )
    found = path(("mx.example.it",), data)
    assert [s.trust for s in found.steps] == [Trust.TRUSTED, Trust.HANDOVER, Trust.CLAIMED]


def test_a_checked_own_name_leads_on_and_a_borrowed_one_does_not() -> None:
    lower = (
        "from a.example.net (a.example.net [203.0.113.7]) by relay.example.it (Postfix) with "
        "ESMTP id 0D3F2C"
    )
    checked = received(
        "from relay.example.it (relay.example.it [198.51.100.7]) by mx.example.it (Postfix) "
        "with ESMTP id 0D3F2B",
        lower,
    )
    borrowed = received(
        "from relay.example.it (unknown [198.51.100.7]) by mx.example.it (Postfix) with "
        "ESMTP id 0D3F2B",
        lower,
    )
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


INNER = (
    "from mail.bank.example (mail.bank.example [198.51.100.20]) by mx.example.it (Postfix) with "
    "ESMTPS id 4F2A91C0D4"
)
ENDS = {
    "carrier address": (
        "from pc (unknown [100.64.3.4]) by mx.example.it (Postfix) with ESMTP id 4F2A91C0D3",
        (),
    ),
    "private address": (
        "from pc (unknown [10.1.2.3]) by mx.example.it (Postfix) with ESMTP id 4F2A91C0D3",
        (),
    ),
    "loopback": (
        (
            "from localhost (localhost [127.0.0.1]) by mx.example.it (Postfix) with ESMTP id "
            "4F2A91C0D3"
        ),
        (),
    ),
    "link-local": (
        "from pc (unknown [fe80::1]) by mx.example.it (Postfix) with ESMTP id 4F2A91C0D3",
        (),
    ),
    "a bridge under our own name": (
        "from pc (mx.example.it [172.18.0.1]) by mx.example.it (Postfix) with ESMTP id 4F2A91C0D3",
        (),
    ),
    "login from inside": (
        "from pc (unknown [10.1.2.3]) by mx.example.it (Postfix) with ESMTPSA id 4F2A91C0D3",
        ("10.0.0.0/8",),
    ),
    "login without an address": ("from laptop by mx.example.it (chasquid) with ESMTPSA", ()),
    "nobody named": ("from pc by mx.example.it with ESMTP id 4F2A91C0D3", ()),
    "no client at all": ("by mx.example.it with SMTP id 4F2A91C0D3", ()),
    "webmail": ("from [10.1.2.3] by mx.example.it with HTTP", ("10.0.0.0/8",)),
    "a literal that only the HELO may be": (
        "from [10.1.2.3] by mx.example.it with SMTP",
        ("10.0.0.0/8",),
    ),
    "handed in on the machine": ("by mx.example.it (Postfix, from userid 1002) id 4F2A91C0D3", ()),
    "local user": (
        "from www-data by mx.example.it with local (Exim 4.97) id 1sewAb-0003Fp-1a",
        ("localhost",),
    ),
}


@pytest.mark.parametrize(("line", "named"), ENDS.values(), ids=ENDS.keys())
def test_a_client_that_nobody_named_ends_the_boundary(line: str, named: tuple[str, ...]) -> None:
    found = path(("mx.example.it", *named), received(line, INNER))
    assert [step.trust for step in found.steps] == [Trust.HANDOVER, Trust.CLAIMED]


LEADS = {
    "a named address": (
        "from pc (unknown [10.1.2.3]) by mx.example.it (Postfix) with ESMTP id 4F2A91C0D3",
        ("10.1.2.3",),
    ),
    "a named range": (
        "from pc (unknown [10.1.2.3]) by mx.example.it (Postfix) with ESMTP id 4F2A91C0D3",
        ("10.1.0.0/16",),
    ),
    "a named filter on the machine": (
        (
            "from localhost (localhost [127.0.0.1]) by mx.example.it (Postfix) with ESMTP id "
            "4F2A91C0D3"
        ),
        ("127.0.0.1",),
    ),
    "handed in on a named machine": (
        "by mx.example.it (Postfix, from userid 1002) id 4F2A91C0D3",
        ("localhost",),
    ),
    "delivered by LMTP": ("from mx.example.it by mx.example.it with LMTP id abc", ()),
}


@pytest.mark.parametrize(("line", "named"), LEADS.values(), ids=LEADS.keys())
def test_a_client_that_was_named_leads_on(line: str, named: tuple[str, ...]) -> None:
    found = path(("mx.example.it", *named), received(line, INNER))
    assert [step.trust for step in found.steps] == [Trust.TRUSTED, Trust.HANDOVER]


GMAIL = (
    "by 2002:a05:7300:5c1b:b0:bb:1234:5678 with SMTP id a1csp123456dyb",
    (
        "from mail.bank.example (mail.bank.example. [198.51.100.20]) by mx.google.com with "
        "ESMTPS id d2e1a72fcca58-6e5aa6e9d05si123"
    ),
    "from x (unknown [203.0.113.9]) by mx.google.com with ESMTP id 0D3F2D",
)


def assumed(data: bytes, evidence: Evidence = Evidence.MESSAGE, assume: bool = True) -> Path:
    source = raw_mail(data, "x", "eml", evidence=evidence).source
    return trace_path(read_message(data, source), OwnServers(assume=assume))


def test_the_receiver_is_assumed_whole_where_the_table_knows_it() -> None:
    boundary = assumed(received(*GMAIL)).boundary
    assert (boundary.position, boundary.basis, boundary.receiver_key) == (
        2,
        Basis.ASSUMED,
        "google",
    )


def test_of_another_receiver_only_the_host_that_wrote_the_topmost_line_is_assumed() -> None:
    lines = (
        (
            "from relay.example.it (relay.example.it [198.51.100.7]) by mx.example.it (Postfix) "
            "with ESMTP id 0D3F2B"
        ),
        "from a (a [203.0.113.7]) by relay.example.it (Postfix) with ESMTP id 0D3F2C",
    )
    boundary = assumed(received(*lines)).boundary
    assert (boundary.position, boundary.basis, boundary.receiver, boundary.receiver_key) == (
        2,
        Basis.ASSUMED,
        "mx.example.it",
        None,
    )


def test_what_delivered_by_lmtp_is_the_receiver_too() -> None:
    found = assumed(received("from mx.example.it by store with LMTP id abc", INNER))
    assert [step.trust for step in found.steps] == [Trust.TRUSTED, Trust.HANDOVER]


def test_nothing_is_assumed_of_published_text_or_against_the_operators_word() -> None:
    for found in (
        assumed(received(*GMAIL), Evidence.PUBLICATION),
        assumed(received(*GMAIL), assume=False),
    ):
        assert (found.boundary.position, found.boundary.basis) == (None, Basis.UNKNOWN)


@pytest.mark.parametrize("word", ["google", "mx.google.com", ".google.com"])
def test_a_receiver_is_named_by_its_key_or_by_a_host_of_it(word: str) -> None:
    own = own_servers((word,), receivers=RECEIVERS)
    data = received(*GMAIL)
    found = trace_path(read_message(data, raw_mail(data, "x", "eml").source), own)
    assert (found.boundary.position, found.boundary.basis, found.boundary.receiver_key) == (
        2,
        Basis.SETTINGS,
        "google",
    )


@pytest.mark.parametrize(
    "word", ["*", ".", "*.", ".it", "*.com", "0.0.0.0/0", "::/0", "128.0.0.0/1", "a.*.b"]
)
def test_what_would_trust_everybody_is_refused(word: str) -> None:
    with pytest.raises(SettingsError, match="own server"):
        own_servers((word,))
    with pytest.raises(SettingsError, match="authserv_ids"):
        own_servers(("mx.example.it",), ("*",))
