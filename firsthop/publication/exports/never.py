"""What never enters a list by which mail is blocked, each refusal with its reason: the
one place that decides it, for lists, indicators and filters alike.

Refused are: what names no server, domain or address; names that a client merely claims;
private and reserved addresses;
the receiver's own servers; the abused relays, which are third parties; providers, the
imitated one above all, their domains and servers; sending services, shorteners and
platforms that many share; the domain of an author who was imitated; and what other mail
has, too.
Never:      says that something should be blocked. What is not refused here is what
            this campaign's mail alone was seen to use; whether that is enough is the
            list's own question, and so is for how long.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from firsthop.campaign.features.record import feature_hash
from firsthop.evidence.host.address import read_address
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import is_platform_name, registrable_domain
from firsthop.evidence.identity.shared_hosts import shared_host
from firsthop.evidence.path.adjacency import organization
from firsthop.evidence.providers.provider import PROVIDERS, Provider, provider_of
from firsthop.publication.exports.source import ExportSource
from firsthop.settings import INSIDE_SUFFIXES

ADDRESSES = frozenset(("client_address", "first_address"))
NETWORKS = frozenset(("client_network",))
_MAILBOXES = frozenset(("author_address", "author_account", "reply_address"))
_HOSTS = frozenset(
    (
        "relay relay_domain envelope_domain author_domain url_domain url_host url_only "
        "unsubscribe_domain url_path"
    ).split()
)
_CLAIMS = frozenset("helo helo_domain first_helo id_domain dkim_key".split())
_SHARED = {
    "service": "a sending service, which sends the mail of many customers",
    "mailboxes": "a provider of mailboxes, which anybody may have",
    "link": "a shortener of links, which leads to the pages of many",
    "host": "a place that keeps the pictures and files of many",
    "site": "a site that links of all kinds of mail lead to",
    "server": "a gateway or help desk, on the path of all its customers' mail",
    "placeholder": "what a collector of mail put in the place of something else",
}
_AUTHORISED = "authorised"

NO_HOST = "it names no server, domain or address"
CLAIM = "its sender chose it as he liked: it may be the name of somebody uninvolved"
UNREADABLE = "it is no name or address that a list can hold"
OWN = "it is the receiver's own"
RELAY = "it is a relay that was abused: its operator and users are third parties"
AUTHOR = "it is the domain of an author who was imitated"
PLATFORM = "it stands under a name that a platform gives to its customers"
INSIDE = "no host of the public Internet has it"
OTHER_MAIL = "other mail of the case has it, too"
BACKGROUND = "mail elsewhere has it, too"


class _Asked(NamedTuple):
    """A value that is asked about."""

    source: ExportSource
    family: str
    value: str
    address: str | None  # of an address
    hosts: tuple[str, ...]  # the name, or those under which the address was seen


def why_never(source: ExportSource, family: str, value: str) -> str | None:
    """Why a value of a family must not enter a list by which mail is blocked; None
    where nothing known forbids it."""
    if family in NETWORKS:
        return _why_no_network(source, value)
    if family in ADDRESSES:
        address = read_address(value)
        if address is None:
            return UNREADABLE
        return _first(_Asked(source, family, value, address.text, _names(source, address.text)))
    if family in _MAILBOXES or family in _HOSTS:
        host = _host(value)
        return _first(_Asked(source, family, value, None, (host,))) if host else UNREADABLE
    return CLAIM if family in _CLAIMS else NO_HOST


def _first(asked: _Asked) -> str | None:
    return next((reason for look in _LOOKS if (reason := look(asked)) is not None), None)


def _host(value: str) -> str | None:
    """The host or domain in a value: of `mail key`, `host/path`, `local@domain`."""
    host = value.partition(" ")[0].partition("/")[0].rpartition("@")[2].lower().strip(".")
    plain = all(c.isalnum() or c in "-_." for c in host)
    return host if host and host.isascii() and plain else None


def _names(source: ExportSource, address: str) -> tuple[str, ...]:
    """The names under which clients of an address were seen."""
    return tuple(
        dict.fromkeys(
            one.first.client_name.lower()
            for one in source.summaries
            if one.first and one.first.client_address == address and one.first.client_name
        )
    )


def _not_public(asked: _Asked) -> str | None:
    if asked.address is not None:
        return None if space_of(asked.address) is Space.PUBLIC else INSIDE
    host = asked.hosts[0]
    inside = "." not in host or host.rpartition(".")[2] in INSIDE_SUFFIXES
    return INSIDE if inside or registrable_domain(host) is None else None


def _own(asked: _Asked) -> str | None:
    own = asked.source.own
    if own.has_address(asked.address) or any(map(own.has_name, asked.hosts)):
        return OWN
    receivers = _receivers(asked.source)
    return OWN if asked.address in receivers or _below(asked.hosts, receivers) else None


def _receivers(source: ExportSource) -> frozenset[str]:
    """The servers that took the mail in without another one before them."""
    firsts = (one.first for one in source.summaries if one.hops == 1 and one.first)
    return frozenset(name.lower() for one in firsts for name in (one.by, one.by_address) if name)


def _relay(asked: _Asked) -> str | None:
    if asked.address is not None:
        return RELAY if _is_relay_address(asked.source, asked.address) else None
    relays = {one.relay for one in asked.source.summaries if one.relay}
    relays |= {v for values in asked.source.members for f, v in values if f == "relay"}
    return RELAY if _below(asked.hosts, relays) else None


def _is_relay_address(source: ExportSource, address: str) -> bool:
    """Whether a relay has the address: a server that took a message in wrote it as its
    own, or it handed messages over and began none."""
    firsts = [one.first for one in source.summaries if one.first]
    if any(one.by_address == address for one in firsts):
        return True
    handed = any(("client_address", address) in values for values in source.members)
    return handed and all(one.client_address != address for one in firsts)


def _below(hosts: tuple[str, ...], others: frozenset[str] | set[str]) -> bool:
    """Whether a host shares a registrable domain with one of the others."""
    domains = {registrable_domain(one) or one for one in others}
    return any((registrable_domain(one) or one) in domains for one in hosts)


def _provider(asked: _Asked) -> str | None:
    for provider in PROVIDERS.values():
        if _is_of(asked, provider):
            imitated = any(
                one.author_domain and provider_of(one.author_domain) is provider
                for one in asked.source.summaries
            )
            why = "the imitated provider's" if imitated else "a provider's, whose users it serves"
            return f"it is {why} ({provider.name})"
    return None


def _is_of(asked: _Asked, provider: Provider) -> bool:
    if asked.address is not None and provider.owns_address(asked.address):
        return True
    return any(provider.is_own_host(one) or provider_of(one) is provider for one in asked.hosts)


def _shared(asked: _Asked) -> str | None:
    for host in asked.hosts:
        domain = registrable_domain(host) or host
        if (shared := shared_host(host)) and shared.kind in _SHARED:
            return f"it is of {_SHARED[shared.kind]} ({shared.operator})"
        if (organization(host) or "").startswith("organization:"):
            return f"it is of an organization that sends others' mail ({domain})"
        if is_platform_name(host):
            return PLATFORM
    return None


def _author(asked: _Asked) -> str | None:
    """The domains of authors, unless the sender was found authorised in every message
    of the domain."""
    forged = {
        one.author_domain
        for one in asked.source.summaries
        if one.author_domain and ("sender", _AUTHORISED) not in one.answers
    }
    return AUTHOR if asked.address is None and _below(asked.hosts, forged) else None


def _elsewhere(asked: _Asked) -> str | None:
    families = ADDRESSES if asked.family in ADDRESSES else {asked.family}
    other = asked.source.other
    if any((family, asked.value) in values for values in other.messages for family in families):
        return OTHER_MAIL
    hashes = (feature_hash(family, asked.value) for family in families)
    return BACKGROUND if any(map(other.background.count, hashes)) else None


_LOOKS: tuple[Callable[[_Asked], str | None], ...] = (
    _not_public,
    _own,
    _provider,
    _shared,
    _relay,
    _author,
    _elsewhere,
)


def _why_no_network(source: ExportSource, value: str) -> str | None:
    """A network is refused where one of the campaign's addresses in it is, and where
    other mail of the case came from it."""
    network = read_network(value)
    if network is None:
        return UNREADABLE
    if space_of(str(network.network_address)) is not Space.PUBLIC:
        return INSIDE
    if any(network.version == own.version and network.overlaps(own) for own in source.own.networks):
        return OWN
    if any(("client_network", value) in values for values in source.other.messages):
        return OTHER_MAIL
    inside = {v for values in source.members for f, v in values if f in ADDRESSES}
    reasons = (
        why_never(source, "client_address", one)
        for one in sorted(inside)
        if (address := read_address(one)) and ip_address(address.text) in network
    )
    return next(filter(None, reasons), None)


def read_network(value: str) -> IPv4Network | IPv6Network | None:
    """The network that a value of the family client_network means, or one as CIDR; None
    where it is neither."""
    form = value if "/" in value else f"{value}.0/24"
    if ":" in value and "/" not in value:
        form = f"{value.rstrip(':')}::/48"
    try:
        return ip_network(form)
    except ValueError:
        return None
