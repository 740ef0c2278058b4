"""What the operator tells the program, as one frozen value; only the faces read files
and environment to fill it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from firsthop.errors import SettingsError
from firsthop.system.given_file import shown
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_WORD = compiled(r"[^\s@;,<>()\"'\\]{1,253}")  # a host name or an address, of any script
WIDEST = {4: 8, 6: 16}  # prefix lengths: a wider range of own servers trusts strangers
# Suffixes that no public name has (RFC 6761, RFC 6762, RFC 8375 and habit).
INSIDE_SUFFIXES = frozenset(
    (
        "local localdomain internal lan home corp intranet private test example invalid "
        "localhost dmz"
    ).split()
)
TLP = ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")  # FIRST, Traffic Light Protocol 2.0


class OwnServers(NamedTuple):
    """The servers the operator trusts: a Received line is believed when one of them
    wrote it and handed it on without a gap."""

    names: frozenset[str] = frozenset()  # lower case; ".example.it": every host below example.it
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    authserv_ids: frozenset[str] = frozenset()  # RFC 8601 section 2.2
    # keys of evidence/path/receivers/*.toml: all of each is the operator's
    receivers: tuple[str, ...] = ()
    # with nothing named, whoever wrote the topmost line counts as the receiver
    assume: bool = False

    def __bool__(self) -> bool:
        """Whether anything is named."""
        return bool(self.names or self.networks or self.receivers)

    def has_name(self, host: str | None) -> bool:
        """Whether a host name is one of ours."""
        if not host or not self.names:
            return False
        host = host.lower().rstrip(".")
        return host in self.names or any(
            name.startswith(".") and host.endswith(name) for name in self.names
        )

    def has_address(self, address: str | None) -> bool:
        """Whether an address lies in one of our networks."""
        if not address or not self.networks:
            return False
        try:
            return any(ip_address(address) in network for network in self.networks)
        except ValueError:
            return False


def own_servers(
    values: Sequence[str],
    authserv_ids: Sequence[str] = (),
    receivers: Collection[str] = (),
    assume: bool = False,
) -> OwnServers:
    """Own servers from words as typed: host names, ".domain" suffixes, addresses, CIDR
    ranges, and keys among `receivers`. SettingsError for an impossible word, or one
    that would trust everybody."""
    names, networks, keys = set(), [], []
    for value in values:
        word = value.strip().lower()
        if not _WORD.fullmatch(word) or not word.isprintable():
            raise SettingsError(
                f"own server {shown(value)}: neither a host name nor an address range"
            )
        if word in receivers:
            keys.append(word)
        elif "/" in word or ":" in word or word.replace(".", "").isdigit():
            networks.append(_network(word))
        else:
            names.add(_name(word))
    ids = frozenset(_authserv_id(a) for a in authserv_ids)
    return OwnServers(frozenset(names), tuple(networks), ids, tuple(dict.fromkeys(keys)), assume)


def _name(word: str) -> str:
    """A host name, or a suffix with its leading dot. A suffix of one label is
    everybody's."""
    name = word.rstrip(".").removeprefix("*")
    if not name.strip(".") or "*" in name:
        raise SettingsError(f"own server {word!r}: that would trust every server there is")
    if name.startswith(".") and "." not in name[1:] and name[1:] not in INSIDE_SUFFIXES:
        raise SettingsError(f"own server {word!r}: every host below {name} is not yours")
    return name


def _authserv_id(word: str) -> str:
    name = word.strip().lower()
    if name and not (_WORD.fullmatch(name) and name.isprintable()):
        raise SettingsError(f"authserv_ids {shown(word)}: no name of a server")
    if not name.strip(".*"):
        raise SettingsError(f"authserv_ids {word!r}: that would believe everybody's results")
    return name


def _network(word: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(word, strict=False)
    except ValueError as error:
        raise SettingsError(f"own server {word!r}: {error}") from error
    if network.prefixlen < WIDEST[network.version]:
        raise SettingsError(
            f"own server {word!r}: wider than any site's own servers (/{WIDEST[network.version]})"
        )
    return network


class Settings(NamedTuple):
    """How mail is read and judged, and what the operator's own settings file wishes for
    publications; None: what the case says (`case_file.audience_of`)."""

    own: OwnServers = OwnServers(assume=True)
    time_zone: str | None = None
    tlp: str | None = None


class Audience(NamedTuple):
    """Whom a publication is for."""

    time_zone: str = "Europe/Rome"  # IANA name: the local time shown beside UTC
    tlp: str = "AMBER"  # how far it may go
