"""Addresses as mail servers write them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.host.address import read_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", ("192.0.2.1", None)),
        ("[192.0.2.1]", ("192.0.2.1", None)),
        ("[192.0.2.1]:25", ("192.0.2.1", 25)),
        ("192.0.2.1:25", ("192.0.2.1", 25)),
        ("[192.0.2.1:50387]", ("192.0.2.1", 50387)),
        ("[192.0.2.1.63559]", ("192.0.2.1", 63559)),  # Exim 3
        ("010.000.002.001", ("10.0.2.1", None)),
        ("[::ffff:192.0.2.1]", ("192.0.2.1", None)),
        ("::FFFF:c000:201", ("192.0.2.1", None)),
        ("[IPv6:2001:DB8:0:0::7]", ("2001:db8::7", None)),  # RFC 5321 section 4.1.3
        ("[IPv6:::1]", ("::1", None)),
        ("[IPv6:::ffff:192.0.2.1]", ("192.0.2.1", None)),
        ("[2001:db8::7]:40538", ("2001:db8::7", 40538)),
        ("fe80::c7f:ef1e%6", ("fe80::c7f:ef1e", None)),
        ("::192.0.2.1", ("::c000:201", None)),
        ("[ 192.0.2.1 ]", ("192.0.2.1", None)),
    ],
)
def test_reads(text: str, expected: tuple[str, int | None]) -> None:
    address = read_address(text)
    assert address is not None
    assert (address.text, address.port, address.repairs) == (*expected, ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "256.0.2.1",
        "192.0.2",
        "1.2.3.4.5.6",
        "mx.example.org",
        "::g",
        "2001:db8:::1",
        "[192.0.2.1]x",
        "[" + "IPv6:" * 5_000 + "]",
        "[192.0.2.1]:²",
        "[192.0.2.1]:" + "1" * 9_000,
        "15.20.2073.14",
        "[unix: socket]",
        ":" * 300,
    ],
)
def test_no_address(text: str) -> None:
    assert read_address(text) is None


def test_a_doubled_address_is_mended_and_says_so() -> None:
    address = read_address("[109.86.164.213109.86.164.213]")
    assert address is not None
    assert (address.text, address.repairs) == ("109.86.164.213", ("duplicated_token",))
    assert read_address("109.86.164.213109.86.164.214") is None


@given(st.ip_addresses(v=4))
def test_every_ipv4_address_reads_as_itself(address: IPv4Address) -> None:
    found = read_address(str(address))
    assert found is not None
    assert found.text == str(address)


@given(st.ip_addresses(v=6))
def test_every_ipv6_address_reads_in_its_canonical_form(address: IPv6Address) -> None:
    for text in (str(address), address.exploded, str(address).upper()):
        found = read_address(text)
        assert found is not None
        assert found.text == str(address.ipv4_mapped or address)


@given(st.text(alphabet="0123456789abcdef.:[]%IPv6", max_size=50))
def test_never_raises_and_reads_its_own_text(text: str) -> None:
    if found := read_address(text):
        again = read_address(found.text)
        assert again is not None
        assert again.text == found.text
