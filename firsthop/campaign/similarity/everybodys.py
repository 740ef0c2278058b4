"""Values that everybody has, whatever a heap or a background counted: the hosts of
providers, sending services, shorteners, places for pictures and well-known sites,
fields that services write, the stock phrases of legal text, names that programs preset,
comments and titles of public templates, names of pages and pictures, and what
collectors put in the place of an address.

Such a value never tells alone: its share is set so high that it makes no view count,
and that it is no element of a signature. A customer's own name below such a host (a
tenant, a bucket) stays his.
Sources: evidence/identity/shared_hosts.toml and the tables it names, everybodys.toml,
features/well_known_sites.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import resources

from firsthop.campaign.features.relation import FOREIGN_HELO
from firsthop.campaign.features.well_known_sites import is_well_known
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.shared_hosts import is_placeholder, shared_host
from firsthop.system.toml_tables import read_table

SHARED = 1 / 8  # of all mail: three bits at most
STOCK = 1 / 16
# what lines of a server show beside its address and HELO: just enough for a view
_OF_A_SERVER = 1 / 32
# of which a whole link says nothing either
_SITES = frozenset({"site", "placeholder", "service", "server"})
_PLAIN_PATH = re.compile(r"[a-z/._-]{1,20}")  # of a shortener or tracker: track/open.php
_PLAIN_WORD = re.compile(r"[a-z]{1,5}\d?")  # of any other: fonts.googleapis.com/css2
_LOOPBACK = re.compile(r"127\.\d")  # a host's name for itself, as systems install it
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,2}-\d\.")  # eu-west-1.amazonses.com
# what programs and sites call a page or a picture, or what is drawn at random
_PAGE = re.compile(
    r"(?:index|default|main|home|(?:wp-)?login|contact|(?:auto)?remov\w*|take\w{0,2}me\w{0,2}off|unsub\w*"
    r"|subscri\w*|opt\W?out|open|click)\.\w{2,5}"
)
_PICTURE = re.compile(r"/?(?:[dhHw]\d+[._-]?){1,3}\.?(?:png|jpe?g|gif|webp|pdf|docx?|zip)")
_TABLE = read_table(resources.files(__package__).joinpath("everybodys.toml"))
_FIELDS = tuple(_TABLE["fields"]["begins"])
_SALUTATIONS = frozenset(word for many in _TABLE["salutations"].values() for word in many)
_PRESETS = frozenset(_TABLE["presets"]["display_names"])
_COMMENTS = tuple(_TABLE["markup"]["comments"])
_TITLES = frozenset(_TABLE["markup"]["titles"])
_PHRASE = re.compile(
    "|".join(re.escape(one) for many in _TABLE["phrases"].values() for one in many)
)


@lru_cache(maxsize=1 << 16)
def share_of_everybody(family: str, value: str) -> float:
    """The least share of all mail that a value has; 0 where no table knows it."""
    if is_placeholder(value):
        return 1.0
    known = _BY_FAMILY.get(family)
    if known is None:
        return 0.0
    share, is_everybodys = known
    return share if is_everybodys(value) else 0.0


def _is_server(value: str) -> bool:
    """Any server of an operator is everybody's."""
    return shared_host(value) is not None or _LOOPBACK.match(value) is not None


def _is_operators_name(value: str) -> bool:
    """An operator's own name is everybody's, and a customer's below it is not."""
    name = value.partition(" ")[0]
    own = registrable_domain(name) == name or _REGION.match(name) is not None
    return own and shared_host(name) is not None


def _is_below(value: str) -> bool:
    labels = value.split(".")
    return any(shared_host(".".join(labels[n:])) for n in range(len(labels) - 1))


def _is_sites_parent(value: str) -> bool:
    return _is_below(value) or is_well_known(value)


def _is_host(value: str) -> bool:
    return shared_host(value) is not None or is_well_known(value)


def _is_everybodys_page(value: str) -> bool:
    """A page of a site whose pages are all its own; or one that a service, a shortener,
    a place for files or another well-known site has for all its customers: nothing in
    its path is one customer's."""
    host, _, path = value.partition("/")
    shared = shared_host(host)
    if shared is None:
        return is_well_known(host) and _PLAIN_WORD.fullmatch(path) is not None
    if shared.kind in _SITES:
        return True
    plain = _PLAIN_PATH if shared.kind == "link" else _PLAIN_WORD
    return plain.fullmatch(path) is not None


def _is_salutation(value: str) -> bool:
    """Whether a Subject greets, or calls for attention, and says nothing else."""
    return _SALUTATIONS.issuperset(value.split())


def is_services_field(name: str) -> bool:
    """Whether services write a field of that name, in lower case, into all their
    customers' mail."""
    return name.startswith(_FIELDS)


def _are_fields_of_services(value: str) -> bool:
    return all(map(is_services_field, value.partition(" #")[0].split()))


def _rows() -> Iterator[tuple[str, float, Callable[[str], object]]]:
    for family in ("helo", "helo_domain", "first_helo", "relay", "relay_domain"):
        yield family, SHARED, _is_server
    # ... also where a provider's server made the Message-ID
    yield "id_domain", SHARED, _is_server
    for family in ("author_domain", "envelope_domain", "dkim_key"):
        yield family, SHARED, _is_operators_name
    yield "unsubscribe_domain", SHARED, _is_operators_name
    yield "client_parent", SHARED, _is_below
    yield "url_parent", SHARED, _is_sites_parent
    for family in ("url_domain", "url_host", "url_only"):
        yield family, SHARED, _is_host
    yield "url_path", SHARED, _is_everybodys_page
    yield "url_page", SHARED, _PAGE.fullmatch
    yield "url_shape", SHARED, _PICTURE.fullmatch
    yield "attachment_name", SHARED, _PICTURE.fullmatch
    yield "extra_field", SHARED, is_services_field
    yield "extra_fields", SHARED, _are_fields_of_services
    for family in ("passage", "short_text"):
        yield family, STOCK, _PHRASE.search
    yield "subject_template", STOCK, _is_salutation
    yield "display_name", SHARED, _PRESETS.__contains__
    yield "kit_comment", STOCK, lambda value: value.startswith(_COMMENTS)
    yield "kit_title", STOCK, _TITLES.__contains__
    yield "relation", _OF_A_SERVER, lambda value: value == FOREIGN_HELO


_BY_FAMILY: Mapping[str, tuple[float, Callable[[str], object]]] = {
    family: (share, known) for family, share, known in _rows()
}
