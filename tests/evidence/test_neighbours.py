"""Neighbouring hops, address space, host names: what the path checks stand on."""

import pytest

from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import addresses_in_name, registrable_domain
from firsthop.evidence.path.adjacency import Adjacency, meeting
from firsthop.evidence.received.line import read_received
from firsthop.evidence.received.shape import SHAPES, broken_parts, stands_in_for_address

DATE = "Thu, 29 May 2014 01:07:31 +0000 (UTC)"
MAY_2014 = 1401325651


@pytest.mark.parametrize(
    ("client", "writer", "expected"),
    [
        ("a.example.com (a.example.com [192.0.3.1])", "a.example.com", Adjacency.SAME_HOST),
        ("a.example.com (out7.example.com [192.0.3.1])", "in2.example.com", Adjacency.SAME_DOMAIN),
        ("a.example.com (unknown [192.0.3.1])", "mx.other.net", Adjacency.APART),
        ("localhost (localhost [127.0.0.1])", "mx.here.org", Adjacency.SAME_DOMAIN),
        ("localhost (localhost [127.0.0.1])", "mx.other.net", Adjacency.INSIDE_APART),
        ("pc (unknown [192.168.0.7])", "server", Adjacency.INSIDE),
    ],
)
def test_meeting(client: str, writer: str, expected: Adjacency) -> None:
    upper = read_received(f"from {client} by mx1.here.org (Postfix) with ESMTP id 0D3F2C; {DATE}")
    lower = read_received(
        f"from z.example.net (z.example.net [192.0.3.9]) by {writer} (Postfix) with ESMTP id "
        f"0D3F2D; {DATE}"
    )
    assert meeting(upper, lower) is expected


@pytest.mark.parametrize(
    ("address", "instant", "expected"),
    [
        ("85.65.59.147", MAY_2014, Space.PUBLIC),
        ("5.9.1.1", 1262304000, Space.UNALLOCATED),  # 5/8 was handed out in November 2010
        ("5.9.1.1", MAY_2014, Space.PUBLIC),
        ("10.1.2.3", None, Space.INSIDE),
        ("fe80::1", None, Space.INSIDE),
        ("240.0.0.1", None, Space.RESERVED),
        ("2001:db8::1", None, Space.RESERVED),
        ("2a00:1450::1", 0, Space.PUBLIC),
    ],
)
def test_space(address: str, instant: int | None, expected: Space) -> None:
    assert space_of(address, instant) is expected


def test_registrable_domains() -> None:
    assert registrable_domain("smtp-36.italiaonline.it") == "italiaonline.it"
    assert registrable_domain("a.b.example.co.uk.") == "example.co.uk"
    assert registrable_domain("localhost") is None
    assert registrable_domain("192.0.2.1") is None
    assert registrable_domain("[IPv6:2001:db8::1]") is None


def test_addresses_in_names() -> None:
    assert addresses_in_name("85.65.59.147.dynamic.barak-online.net") == (
        "85.65.59.147",
        "147.59.65.85",
    )
    assert addresses_in_name("host-1-2-3-400.example.net") == ()
    assert addresses_in_name("mail2.example.net") == ()


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        (f"from a (b [192.0.2.1]) by c.example (Postfix) with ESMTP id 0D3F2C; {DATE}", ()),
        (
            (
                "from a (b [192.0.2.1]) by c.example (Postfix) with ESMTP id 0D3F2C; Thu, 29 May "
                "2014 01:07:31 +0000"
            ),
            ("stamp",),
        ),
        (
            f"from a (b [192.0.2.1]) by c.example (Postfix) with smtp id xyz!; {DATE}",
            ("queue_id", "protocol"),
        ),
        (
            (
                "from b ([192.0.2.1]) by c.example with ESMTP (Exim 4.92) id 1WqABD-0000h0-0r; "
                "Thu, 29 May 2014 16:56:15 -0700"
            ),
            ("protocol",),
        ),
    ],
)
def test_shapes(line: str, broken: tuple[str, ...]) -> None:
    assert broken_parts(read_received(line)) == broken


def test_a_date_in_the_address_s_place() -> None:
    line = (
        "from unknown (HELO mail.example.com) (Fri, 06 Oct 2023 10:25:28 +0100) by "
        "relay.example.net with SMTP; Fri, 06 Oct 2023 10:30:00 +0100"
    )
    assert stands_in_for_address(read_received(line)) == "Fri, 06 Oct 2023 10:25:28 +0100"
    assert (
        stands_in_for_address(
            read_received(
                f"from a (b [192.0.2.1]) by c.example (Postfix) with ESMTP id 0D3F2C; {DATE}"
            )
        )
        is None
    )


def test_every_shape_belongs_to_a_dialect() -> None:
    from firsthop.evidence.received.dialects import DIALECTS

    assert set(SHAPES) <= set(DIALECTS)
