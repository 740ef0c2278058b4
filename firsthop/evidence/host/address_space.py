"""What an IP address can be at a given time: on the public Internet, inside a site,
reserved, or not yet handed out. Dated facts, no look-up."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_network

from firsthop.evidence.host.networks import Networks
from firsthop.evidence.timestamp import days_from_civil
from firsthop.system.toml_tables import package_table

_TABLE = package_table(__package__, "address_space.toml")


class Space(StrEnum):
    """Where an address belongs."""

    PUBLIC = "public"
    INSIDE = "inside"  # private, loopback, link-local, carrier-grade NAT
    RESERVED = "reserved"  # no host of the public Internet has it
    UNALLOCATED = "unallocated"  # its /8 had not been handed to a registry at that time


def _networks(name: str) -> Networks:
    return Networks(ip_network(text) for text in _TABLE[name]["networks"])


def _month_start(text: str) -> int:
    year, month = text.split("-")
    return days_from_civil(int(year), int(month), 1) * 86_400


_INSIDE, _RESERVED = _networks("inside"), _networks("reserved")
_ALLOCATED = {octet: _month_start(month) for octet, month in _TABLE["allocated"].items()}


def space_of(address: str, instant: int | None = None) -> Space:
    """The space of a canonical address, at a time in seconds since 1970 (None: without
    the question of allocation)."""
    space, allocated = _known(address)
    if allocated is None or instant is None or instant >= allocated:
        return space
    return Space.UNALLOCATED


@lru_cache(maxsize=65_536)
def _known(address: str) -> tuple[Space, int | None]:
    """The space of an address at any time, and when its /8 was handed out; None where
    that is no question or not known."""
    if _INSIDE.hold(address):
        return Space.INSIDE, None
    if _RESERVED.hold(address):
        return Space.RESERVED, None
    return Space.PUBLIC, _ALLOCATED.get(address.partition(".")[0])


@lru_cache(maxsize=65_536)
def network_of(address: str) -> str:
    """The /24 of a canonical IPv4 address, the /48 of an IPv6 one."""
    return str(ip_network(f"{address}/{48 if ':' in address else 24}", strict=False))
