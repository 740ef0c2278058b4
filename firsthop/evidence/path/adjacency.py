"""Do two neighbouring hops meet: is the client of the upper line the writer of the
lower one?

Each server writes its own name and the client's address; the next line down was written
by that client. Names differ for honest reasons (inside and outside names, pools), so
the answer has degrees. Nothing is looked up."""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache

from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import MAX_NAME, registrable_domain
from firsthop.evidence.path.receiver import RECEIVERS
from firsthop.evidence.providers.provider import PROVIDERS
from firsthop.evidence.received.hop import Hop
from firsthop.settings import INSIDE_SUFFIXES
from firsthop.system.toml_tables import package_table


class Adjacency(StrEnum):
    """How two neighbouring hops meet."""

    SAME_HOST = "same_host"  # name or address of the client is the lower writer's
    # they share a registrable domain, or an organization that is known by table
    SAME_DOMAIN = "same_domain"
    # a private or local client, or a writer without a public name: the names of a
    # site's inside need not agree
    INSIDE = "inside"
    # a private or local client, yet a writer of another public domain than the upper
    # line's own
    INSIDE_APART = "inside_apart"
    APART = "apart"  # nothing in common
    NOT_TOLD = "not_told"  # one of the lines names nothing to compare


def meeting(upper: Hop, lower: Hop) -> Adjacency:
    """How the upper line's client meets the lower line's writer."""
    by = lower.by
    if by and by in (upper.client_name, upper.helo) and by.lower() != "unknown":
        return Adjacency.SAME_HOST
    clients = set()
    for name in (upper.helo, upper.client_name, upper.client_address):
        if name and (client := name.lower()) != "unknown":
            clients.add(client.strip("[]."))
    writers = {name.lower().strip("[].") for name in (by, lower.by_address) if name}
    if not clients or not writers:
        return Adjacency.NOT_TOLD
    if clients & writers:
        return Adjacency.SAME_HOST
    if clients == {upper.client_address} and not lower.by_address:
        return Adjacency.NOT_TOLD  # an address on one side, a name on the other
    theirs = set(map(organization, writers)) - {None}
    if theirs and not theirs.isdisjoint(map(organization, clients)):
        return Adjacency.SAME_DOMAIN
    if _inside(upper):
        return _meeting_inside(organization(upper.by or ""), organization(lower.by or ""))
    return (
        Adjacency.INSIDE
        if _inside(lower) or not any("." in one for one in writers)
        else Adjacency.APART
    )


def organization(host: str) -> str | None:
    """Whose host it is: an organization known by table, or the registrable domain; None
    for a name of the inside, and for an over-long one.

    Outside and inside names can differ: smtp-36.italiaonline.it is seen outside where
    smtp-36.iol.local wrote the line below."""
    return _organization(host) if len(host) <= MAX_NAME else None


@lru_cache(maxsize=65_536)
def _organization(host: str) -> str | None:
    domain = registrable_domain(host)
    if domain in (by_table := _organizations()):
        return f"organization:{by_table[domain]}"
    return None if domain is None or domain.rpartition(".")[2] in INSIDE_SUFFIXES else domain


@cache
def _organizations() -> dict[str, str]:
    """The keys of the organizations that tables know, by domain; mail whose hops are
    all the receiver's own asks for none."""
    known = package_table(__package__, "organizations.toml").items()
    return (
        {domain: key for key, domains in known for domain in domains}
        | {host.domain: one.provider or key for key, one in RECEIVERS.items() for host in one.hosts}
        | {domain: key for key, provider in PROVIDERS.items() for domain in provider.owned}
    )


def _meeting_inside(upper: str | None, lower: str | None) -> Adjacency:
    """A client inside the upper writer's site: the lower writer belongs to
    that site."""
    if lower is None:
        return Adjacency.INSIDE
    return Adjacency.SAME_DOMAIN if lower == upper else Adjacency.INSIDE_APART


def _inside(hop: Hop) -> bool:
    return hop.client_address is not None and space_of(hop.client_address) is Space.INSIDE
