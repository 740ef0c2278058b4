"""Whose domain an author's address stands under: his own, a mail provider's, or a
service's.

That a provider or a service vouches for a message says that an account there sent it,
and nothing of who holds the account. Sources: providers/*.toml, services.toml, the
Public Suffix List's private part (suffixes under which a platform's customers have
names, publicsuffix.org). Nothing is looked up."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from firsthop.evidence.host.names import is_platform_name, registrable_domain
from firsthop.evidence.providers.provider import provider_of
from firsthop.system.toml_tables import package_table

_TABLE = package_table(__package__, "services.toml")
SERVICE_DOMAINS = frozenset(domain for entry in _TABLE.values() for domain in entry["domains"])


class DomainKind(StrEnum):
    """Whose an author's domain is."""

    OWN = "own"  # a domain of somebody's own, as far as tables know
    PROVIDER = "provider"  # a mail provider's: anybody can have an address there
    SERVICE = "service"  # a sending service's or platform's: any customer sends under it


@lru_cache(maxsize=4096)
def domain_kind(domain: str) -> DomainKind:
    """The kind of an author's domain, in lower case."""
    if provider_of(domain) is not None:
        return DomainKind.PROVIDER
    if registrable_domain(domain) in SERVICE_DOMAINS or is_platform_name(domain):
        return DomainKind.SERVICE
    return DomainKind.OWN
