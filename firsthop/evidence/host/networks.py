"""Whether an IP address lies in one of some networks: by bisection, however many there
are."""

from __future__ import annotations

# what `socket` itself has it from, without its thousand constants; ipaddress takes
# three times as long
from _socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address
from typing import TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network
NO_ADDRESS = (0, 0)


class Networks:
    """Networks of both versions of IP, as ranges of numbers that lie apart."""

    def __init__(self, networks: Iterable[Network]) -> None:
        every = list(networks)
        four = [one for one in every if isinstance(one, IPv4Network)]
        six = [one for one in every if isinstance(one, IPv6Network)]
        self._by_version = {
            version: (
                [int(one.network_address) for one in apart],
                [int(one.broadcast_address) for one in apart],
            )
            for version, apart in (
                (4, list[Network](collapse_addresses(four))),
                (6, list[Network](collapse_addresses(six))),
            )
        }

    def hold(self, address: str) -> bool:
        """Whether an address lies in one of them; False for what is none."""
        version, number = number_of(address)
        if not version:
            return False
        firsts, lasts = self._by_version[version]
        before = bisect_right(firsts, number)
        return before > 0 and number <= lasts[before - 1]


@lru_cache(maxsize=65_536)
def number_of(address: str) -> tuple[int, int]:
    """The version of an IP address, and its number; NO_ADDRESS for what is none."""
    try:
        if ":" not in address:  # no version 6
            if not address[-1:].isdigit():
                return NO_ADDRESS
            return 4, int.from_bytes(inet_pton(AF_INET, address), "big")
        if (number := _number_of_6(address)) is not None:
            return 6, number
        parsed = ip_address(address)
    except (OSError, ValueError):
        return NO_ADDRESS
    return parsed.version, int(parsed)


def is_address(text: str) -> bool:
    """Whether a text is an IP address."""
    return number_of(text) is not NO_ADDRESS


def _number_of_6(address: str) -> int | None:
    """The number of an address of version 6 in its canonical form, in a sixth of the
    time of ipaddress; None for any other text."""
    try:
        packed = inet_pton(AF_INET6, address)
    except (OSError, ValueError):
        return None
    return int.from_bytes(packed, "big") if inet_ntop(AF_INET6, packed) == address else None
