"""Values made to break what reads them: digits of other scripts, endless names, a
trace_field at every line."""

from __future__ import annotations

import time
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.facts import establish
from firsthop.evidence.host.address import read_address
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.identities import mailboxes
from firsthop.mail.message import MAX_FIELD_BYTES
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers


@pytest.mark.parametrize(
    "text",
    [
        "\u0661.2.3.4",
        "[192.0.2.\uff11]",
        "192.0.2.1:\u0662\u0665",
        "::ffff:\u0661.2.3.4",
        "1" * 100_000 + ".2.3.4",
        "0" * 100_000,
    ],
)
def test_no_address(text: str) -> None:
    assert read_address(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("99.00.24.024:999", "99.0.24.24"),
        ("[1.02.3.4]:25", "1.2.3.4"),
        ("192.000.2.1.25", "192.0.2.1"),
        ("01.2.3.401.2.3.4", "1.2.3.4"),
    ],
)
def test_every_address_is_canonical(text: str, expected: str) -> None:
    address = read_address(text)
    assert address is not None
    assert address.text == expected


@given(
    st.lists(
        st.sampled_from(
            ["0", "1", "25", "255", ".", ":", "::", "[", "]", "IPv6:", "ffff", "%1", "\u0661"]
        ),
        max_size=14,
    ).map("".join)
)
def test_what_is_read_is_an_address(text: str) -> None:
    if address := read_address(text):
        assert str(ip_address(address.text)) == address.text


def test_an_endless_name_has_no_domain() -> None:
    assert registrable_domain("a." * 100_000 + "example.org") is None
    assert registrable_domain("a." * 100 + "example.org") == "example.org"


@pytest.mark.parametrize(
    "text",
    [
        '"' + '\\"' * 200_000,
        "(" + "\\(" * 200_000,
        '"(' * 200_000,
        "<" * 400_000,
        "a@b," * 100_000,
        "\\" * 400_001,
        "a@b.example(" + "\\(" * 200_000,
        "<a@b.example(\\(" + "(\\(" * 100_000 + ">",
        "a\\(" * 100_000 + "@b.example",
    ],
)
def test_mailboxes_are_read_in_linear_time(text: str) -> None:
    start = time.process_time()
    mailboxes(text)
    assert time.process_time() - start < 2


def test_a_quoted_pair_outside_quotes_opens_nothing() -> None:
    assert [
        (m.display_name, m.address) for m in mailboxes('\\"Mario\\" <m@b.example>, x@y.example')
    ] == [
        ('"Mario"', "m@b.example"),
        (None, "x@y.example"),
    ]


def test_waypoints_stand_between_the_hops() -> None:
    data = (
        b"Delivered-To: a\nReceived: by b\nDelivered-To: c\nDelivered-To: d\nReceived: by "
        b"e\nDelivered-To: f\n\n"
    )
    facts = establish(read_mail(raw_mail(data, "x", "eml")), OwnServers())
    assert [(w.value, w.above) for w in facts.trace_fields] == [
        ("a", 2),
        ("c", 1),
        ("d", 1),
        ("f", 0),
    ]


def test_only_the_start_of_an_endless_field_is_read() -> None:
    message = read_mail(raw_mail(b"Subject: " + b"x" * 200_000 + b"\n\n", "x", "eml"))
    assert len(message.fields[0].raw) == 200_010
    assert len(message.fields[0].value) == MAX_FIELD_BYTES - len("Subject: ")
    assert [d.name for d in message.defects] == ["field_too_long"]
