"""The links of a message taken apart, once for all families that read them. Nothing is
ever looked up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set
from functools import lru_cache, partial
from typing import NamedTuple

from firsthop.campaign.features.well_known_sites import is_well_known
from firsthop.evidence.host.names import is_platform_name, registrable_domain
from firsthop.evidence.identity.shared_hosts import OF_ALL_CUSTOMERS, shared_host

PARTS = re.compile(r"(?i:https?)://([^/?#\s]{1,255})([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_USER = re.compile(r"(?i:[a-z]+)://[^/?#]*@")  # RFC 3986 section 3.2.1
# pages of list managers: Mailman 2 and 3, LISTSERV, Sympa, ezmlm, groups
_OF_A_LIST = re.compile(
    r"/(?:mailman|listinfo|pipermail|hyperkitty|postorius|wa\.exe|sympa|ezmlm|lists?|groups?)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_PROJECT = re.compile(r"(?<!\d)\d{8,15}(?!\d)")  # a cloud's number for a customer's project


class Host(NamedTuple):
    """The host of a link."""

    name: str  # in lower case
    domain: str  # registrable, or the name
    of_all_customers: bool  # of a service or a well-known site
    of_everybody: bool  # everybody uses it or reads it
    parent: str | None
    projects: tuple[str, ...]


class Link(NamedTuple):
    """A link; what it lacks is empty."""

    host: Host
    path: str
    query: str
    fragment: str


class Links(NamedTuple):
    """The links of a message."""

    named: list[Link]  # those that name a host, in order
    name_user: bool  # one of them all names a user before its host


new_link: Callable[[tuple[Host, str, str, str]], Link]
new_link = partial(tuple.__new__, Link)


def read_links(links: Iterable[str], lists: Set[str] = frozenset()) -> Links:
    """The links without those that the mailing lists of these organisations put below a
    message: to the pages of a list manager at their own hosts."""
    named: list[Link] = []
    name_user = False
    for link in links:
        if match := PARTS.match(link):
            host, path, query, fragment = match.groups("")
            if lists and _of_a_list(host, path, lists):
                continue
            name = host.rpartition("@")[2].partition(":")[0]
            named.append(new_link((_host(name), path, query, fragment)))
        if "@" in link and _USER.match(link):
            name_user = True
    return Links(named, name_user)


def _of_a_list(host: str, path: str, lists: Set[str]) -> bool:
    return registrable_domain(host.lower()) in lists and _OF_A_LIST.search(path) is not None


@lru_cache(maxsize=4_096)
def _host(written: str) -> Host:
    name = written.lower().strip(".")
    shared = shared_host(name)
    return Host(
        name,
        registrable_domain(name) or name,
        shared is not None and shared.kind in OF_ALL_CUSTOMERS,
        shared is not None or is_well_known(name),
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
