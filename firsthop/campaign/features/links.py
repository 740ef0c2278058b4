"""The links of a message taken apart, once for all families that read them. Nothing is
ever looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from firsthop.evidence.host.names import is_platform_name, registrable_domain
from firsthop.evidence.identity.shared_hosts import OF_ALL_CUSTOMERS, shared_host

PARTS = re.compile(
    r"https?://([^/?#\s]{1,255})([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL
)
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_PROJECT = re.compile(r"(?<!\d)\d{8,15}(?!\d)")  # a cloud's number for a customer's project


class Host(NamedTuple):
    """The host of a link."""

    name: str  # in lower case
    domain: str  # registrable, or the name
    of_all_customers: bool  # of a service or a well-known site
    parent: str | None
    projects: tuple[str, ...]


class Link(NamedTuple):
    """A link; what it lacks is empty."""

    host: Host
    path: str
    query: str
    fragment: str


def read_links(links: Iterable[str]) -> list[Link]:
    """The links that name a host, in order."""
    return list(_links(links))


def _links(links: Iterable[str]) -> Iterator[Link]:
    for link in links:
        if match := PARTS.match(link):
            host, *rest = match.groups("")
            yield Link(_host(host.rpartition("@")[2].partition(":")[0]), *rest)


@lru_cache(maxsize=4_096)
def _host(written: str) -> Host:
    name = written.lower().strip(".")
    shared = shared_host(name)
    return Host(
        name,
        registrable_domain(name) or name,
        shared is not None and shared.kind in OF_ALL_CUSTOMERS,
        parent_of(written),
        tuple(_PROJECT.findall(written)),
    )


def parent_of(host: str) -> str | None:
    """The host without its first label, if more than the registrable domain is left; of
    an address its network; of a platform's customer the platform's suffix, and no
    registry's (com.br)."""
    host = host.lower().strip("[].")
    if _ADDRESS.fullmatch(host):
        return host.rpartition(".")[0]
    parent = host.partition(".")[2]
    if "." not in parent or parent == registrable_domain(host):
        return None
    return parent if registrable_domain(parent) or is_platform_name(host) else None
