"""What everybody uses, in the telling: a value of a campaign that names no sender, a
relay whose operator is no victim to warn. A campaign is tied by such values as by any
other; they are not told as what tells it apart."""

from __future__ import annotations

from functools import lru_cache

from firsthop.campaign.features.families import FAMILIES
from firsthop.evidence.identity.shared_hosts import is_placeholder, shared_host
from firsthop.evidence.providers.provider import is_some_providers

# families whose values are a host or domain, or begin with one before a blank
_HOSTS = frozenset(
    "helo helo_domain envelope_domain dkim_key relay relay_domain first_helo id_domain"
    " author_domain url_domain url_host url_only unsubscribe_domain".split()
)
# families whose values are whole addresses or the networks of addresses
_ADDRESSES = frozenset(("client_address", "first_address", "client_network"))


@lru_cache(maxsize=16_384)  # many messages carry one value
def is_shared(family: str, value: str) -> bool:
    """Whether a value of a family says nothing of whose mail it is."""
    if family in _HOSTS:
        return shared_host(value.partition(" ")[0]) is not None
    if family in _ADDRESSES:
        ending = {True: "::", False: ".1"}[":" in value] if family == "client_network" else ""
        return is_some_providers(value + ending)
    return FAMILIES[family].view == "software" and is_placeholder(value)


def operator(relay: str) -> str | None:
    """Who runs a relay that everybody uses; None for any other."""
    shared = shared_host(relay)
    return shared.operator if shared else None
