"""Names that say once more what another value says: those of the author's own
organisation, and those of a mailing list that passed the message on.

Who writes from his own domain through his own servers has chosen one name, and that
they agree is a relation (features/relation.py); the servers, links and addresses of a
list are those of all who write to it. What is left of either is the domain: of the
author's its own, of a list the domain of its servers and of links to them, so that a
sender who calls himself a list hides no more than its names. Addresses of servers are
never left out here."""

from __future__ import annotations

import re

from firsthop.campaign.features.record import Feature
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.sender_part import SenderPart
from firsthop.mail.message import beginning

# what the author's organisation writes into the lines of its own servers
_SERVERS = frozenset({"relay", "relay_domain"})
# of others only the very name: a machine below it is one machine
_SAME_NAME = frozenset({"helo", "helo_domain", "first_helo", "id_domain", "dkim_key"})
_OF_A_LIST = frozenset(
    {"helo", "first_helo", "relay", "client_parent", "id_domain", "dkim_key"}
    | {"url_host", "url_only", "url_path", "url_parent", "unsubscribe_domain"}
)
_AUTHOR = frozenset({"author_domain", "author_address", "author_account", "local_shape"})
_OF_SERVERS = _SERVERS | _SAME_NAME
_NAMES = _OF_SERVERS | _OF_A_LIST | _AUTHOR
_MAILTO = re.compile(r"mailto:([^>?\s]++)")  # RFC 2369 section 3.4


def without_repeated_names(
    features: list[Feature], facts: MessageFacts, part: SenderPart
) -> list[Feature]:
    """The features without such names."""
    author = (facts.author.domain or "") if facts.author else ""
    if not author and not part.lists:
        return features
    organisation, lists = _organisation(author), part.lists
    no_author = bool(lists) and _is_lists_address(facts)
    names = _NAMES if lists else _OF_SERVERS
    kept = []
    for one in features:
        family = one[0]
        if family in names:
            value = one[1]
            if family in _AUTHOR:
                if no_author:
                    continue
            elif _repeats(family, _host(value), author, organisation) or (
                family in _OF_A_LIST and registrable_domain(_host(value)) in lists
            ):
                continue
        kept.append(one)
    return kept


def _repeats(family: str, host: str, author: str, organisation: str) -> bool:
    """Whether a host says once more what the author's domain says."""
    if not author:
        return False
    if family in _SERVERS:
        return _organisation(host) == organisation
    return host == author and family in _SAME_NAME


def _is_lists_address(facts: MessageFacts) -> bool:
    """Whether the author's address is the one that List-Post tells to write to: a list
    that writes in the place of its authors."""
    author = (facts.author.address or "").lower() if facts.author else ""
    field = facts.message.first("list-post")
    if field is None or not author:
        return False
    return author in _MAILTO.findall(beginning(field.value, 1_000).lower())


def _host(value: str) -> str:
    """What stands in front of a selector or a path."""
    return value.partition(" ")[0].partition("/")[0]


def _organisation(host: str) -> str:
    return registrable_domain(host) or host
