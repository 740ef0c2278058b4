"""Addresses among networks, against the networks themselves."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from firsthop.evidence.host.networks import NO_ADDRESS, Networks, is_address, number_of

NETWORKS = [
    ip_network(text)
    for text in "10.0.0.0/8 10.1.0.0/16 192.0.2.0/24 192.0.3.0/24 203.0.113.7/32 0.0.0.0/32 "
    "255.255.255.255/32 2001:db8::/32 2001:db8:1::/48 fe80::/10 ::1/128".split()
]
EDGES = [
    str(edge)
    for one in NETWORKS
    for number in (int(one.network_address), int(one.broadcast_address))
    for shift in (-1, 0, 1)
    if 0 <= number + shift < 2**one.max_prefixlen
    for edge in [type(one.network_address)(number + shift)]
]


@pytest.mark.parametrize("address", [*EDGES, "fe80::1%eth0", "::ffff:10.0.0.1"])
def test_as_the_networks_themselves_say(address: str) -> None:
    parsed = ip_address(address)
    within = any(parsed in one for one in NETWORKS if one.version == parsed.version)
    assert Networks(NETWORKS).hold(address) is within


@pytest.mark.parametrize(
    "text",
    [
        *("::", "::1", "2001:DB8::1", "2001:db8:0:0::1", "1:2:3:4:5:6:7::", "::ffff:192.0.2.1"),
        *("1::2::3", "::12345", "1:2:3:4:5:6:7:8:9", "fe80::1%1", ":1", "::1 ", "::1\0", "é::"),
    ],
)
def test_the_number_is_that_of_ipaddress(text: str) -> None:
    try:
        parsed = ip_address(text)
    except ValueError:
        assert number_of(text) is NO_ADDRESS
    else:
        assert number_of(text) == (parsed.version, int(parsed))


@pytest.mark.parametrize(
    "text", ["", "10.0.0", "10.0.0.256", "mx.example", "10.0.0.1\n", "١.1.1.1"]
)
def test_what_is_no_address_is_in_none(text: str) -> None:
    assert not is_address(text)
    assert not Networks(NETWORKS).hold(text)


@pytest.mark.parametrize(
    "text",
    [
        *("192.0.2.1", "192.0.2.01", "192.0.2.1 ", "192.0.2.1\0", "0x1.2.3.4", "1.2.3.+4"),
        *("1..2.3", "1.2.3", "1.2.3.4.5", "256.1.1.1", "3232235521", "1.2.3.4/24", "1_0.2.3.4"),
        *("1.2.3.４", "²", "\ud8001", "::", "1::2::3", "::1.2.3.4", "::1%", "a.example", "."),
    ],
)
def test_an_address_is_what_the_standard_library_takes_for_one(text: str) -> None:
    try:
        parsed = ip_address(text)
    except ValueError:
        assert number_of(text) == NO_ADDRESS
    else:
        assert number_of(text) == (parsed.version, int(parsed))


def test_none_hold_nothing() -> None:
    assert not Networks([]).hold("10.0.0.1")
    assert not Networks([ip_network("10.0.0.0/8")]).hold("::1")
