"""What the operator tells the program, as one frozen value; only the faces read files and environment to fill it."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from firsthop.errors import SettingsError

TLP = ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")  # FIRST, Traffic Light Protocol 2.0


@dataclass(frozen=True, slots=True)
class OwnServers:
    """The servers the operator trusts: a Received line is believed when one of them wrote it and handed it on without a gap."""

    names: frozenset[str] = frozenset()  # lower case; ".example.it" stands for every host below example.it
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    authserv_ids: frozenset[str] = frozenset()  # RFC 8601 section 2.2

    def __bool__(self) -> bool:
        return bool(self.names or self.networks)

    def has_name(self, host: str | None) -> bool:
        """Whether a host name is one of ours."""
        if not host:
            return False
        host = host.lower().rstrip(".")
        return host in self.names or any(name.startswith(".") and host.endswith(name) for name in self.names)

    def has_address(self, address: str | None) -> bool:
        """Whether an address lies in one of our networks."""
        if not address or not self.networks:
            return False
        try:
            return any(ip_address(address) in network for network in self.networks)
        except ValueError:
            return False


def own_servers(values: tuple[str, ...] | list[str], authserv_ids: tuple[str, ...] | list[str] = ()) -> OwnServers:
    """Own servers from words as typed: host names, ".domain" suffixes, addresses, CIDR ranges. SettingsError for an impossible one."""
    names, networks = set(), []
    for value in values:
        word = value.strip()
        if not word or any(c.isspace() for c in word):
            raise SettingsError(f"own server {value!r}: neither a host name nor an address range")
        if "/" in word or ":" in word or word.replace(".", "").isdigit():
            networks.append(_network(word))
        else:
            names.add(word.lower().rstrip(".").removeprefix("*"))
    return OwnServers(frozenset(names), tuple(networks), frozenset(a.lower() for a in authserv_ids))


def _network(word: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(word, strict=False)
    except ValueError as error:
        raise SettingsError(f"own server {word!r}: {error}") from error


@dataclass(frozen=True, slots=True)
class Settings:
    """All that changes how mail is read, judged and published."""

    own: OwnServers = field(default_factory=OwnServers)
    time_zone: str = "Europe/Rome"  # IANA name: the local time shown beside UTC
    tlp: str = "AMBER"
