"""Whether everybody uses a host: the servers of a mail provider or sending service, a
link shortener, a place for pictures, a well-known site. Such a host neither names a
sender nor tells one campaign from another, and whoever runs it is no victim that has to
be warned of one account: its abuse desk is told.

Sources: providers/*.toml, path/organizations.toml, services.toml, shared_hosts.toml.
Nothing is looked up."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.domain_kind import SERVICE_DOMAINS
from firsthop.evidence.path.adjacency import organization
from firsthop.evidence.providers.provider import PROVIDERS, provider_of
from firsthop.system.toml_tables import package_table

_TABLE = package_table(__package__, "shared_hosts.toml")
_PLACEHOLDERS = tuple(_TABLE.pop("placeholder")["domains"])
_NATIONAL = frozenset(_TABLE.pop("national")["names"])
_KINDS = {domain: kind for kind, entry in _TABLE.items() for domain in entry["domains"]}
_KINDS |= {one.rpartition("@")[2]: "placeholder" for one in _PLACEHOLDERS}
# whose pages are the same for all their customers or readers
OF_ALL_CUSTOMERS = frozenset({"service", "site", "provider", "server"})
_COUNTRY = 2  # letters of a country's top-level domain
_SHORTEST = 6  # characters of a cut placeholder that are still one


class SharedHost(NamedTuple):
    """Who runs a host that everybody uses."""

    operator: str
    kind: str  # provider | service | mailboxes | link | host | site | server | placeholder


@lru_cache(maxsize=4096)
def shared_host(name: str) -> SharedHost | None:
    """Who runs the host or domain, if everybody uses it; None for any other."""
    host = name.lower().strip(".[]")
    domain = registrable_domain(host) or host
    key = (organization(host) or "").removeprefix("organization:")
    if provider := PROVIDERS.get(key) or provider_of(host):
        return SharedHost(provider.name, "provider")
    if domain in SERVICE_DOMAINS:
        return SharedHost(domain, "service")
    if kind := _KINDS.get(host) or _KINDS.get(domain):
        return SharedHost(domain, kind)
    return SharedHost(domain, "site") if _is_national(domain) else None


@lru_cache(maxsize=4096)
def gives_mailboxes(domain: str) -> bool:
    """Whether a provider gives mailboxes of that very domain to anybody."""
    name = domain.lower().rstrip(".")
    return _KINDS.get(name) == "mailboxes" or name in _domains_of_providers()


@cache
def _domains_of_providers() -> frozenset[str]:
    return frozenset(
        word for one in PROVIDERS.values() for fact in one.domains for word in fact.words
    )


def _is_national(domain: str) -> bool:
    """Whether it is a site's name in some country: google.co.uk."""
    name, _, suffix = domain.partition(".")
    return name in _NATIONAL and len(suffix.rpartition(".")[2]) == _COUNTRY


def is_placeholder(value: str) -> bool:
    """Whether a value, which a star may have cut at an end, is a collector's
    placeholder, or its domain."""
    text = value.strip("*").lower()
    if _KINDS.get(text) == "placeholder":
        return True
    return len(text) >= _SHORTEST and any(text in one or one in text for one in _PLACEHOLDERS)
