"""The infrastructure view: who handed the message over, through which servers it claims
to have come, whose signatures and ids it carries."""

from __future__ import annotations

import re
from functools import lru_cache

from firsthop.campaign.features.header_names import HeaderNames
from firsthop.campaign.features.record import Feature, add_feature
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import MAX_NAME, registrable_domain
from firsthop.evidence.identity.shared_hosts import shared_host
from firsthop.evidence.path.path import Step
from firsthop.evidence.sender_part import SenderPart
from firsthop.evidence.tag_list import told_first
from firsthop.system.kept_expressions import compiled

_NOBODY = (None, None)
_NO_NAMES = frozenset(("", "unknown", "localhost", "localhost.localdomain", "127.0.0.1", "user"))
_MAX_RELAYS = 6
_MAX_KEYS = 3
_SPF_FIELDS = frozenset({"authentication-results", "received-spf"})
_SPF_PASS = compiled(r"\A\s*+pass\b|(?<![\w.-])spf\s*+=\s*+pass\b", re.IGNORECASE)


def infrastructure(facts: MessageFacts, part: SenderPart, names: HeaderNames) -> list[Feature]:
    """The features of the infrastructure view."""
    features: list[Feature] = []
    if part.handover:
        _client(features, facts, part.handover)
    for step in part.claimed[-_MAX_RELAYS:]:
        relay, domain = _host(step.hop.by)
        if relay and ":" not in relay:  # Gmail's inner lines name an inside address as their writer
            add_feature(features, "relay", relay, step.field)
            add_feature(features, "relay_domain", domain, step.field)
    if not part.forwarded or not part.claimed:
        _origin(features, part)
    if names.signatures:
        _keys(features, part, names)
    if not part.minted:
        _id_domain(features, facts)
    return features


def _host(written: str | None) -> tuple[str | None, str | None]:
    """A host name in lower case without brackets and dot, None for localhost and the
    like; and its registrable domain."""
    if not written:
        return _NOBODY
    return _remembered(written) if len(written) <= MAX_NAME else _read_host(written)


def _read_host(written: str) -> tuple[str | None, str | None]:
    name = written.lower().strip("[]().;")
    return _NOBODY if name in _NO_NAMES else (name, registrable_domain(name))


_remembered = lru_cache(maxsize=16_384)(_read_host)


def _client(features: list[Feature], facts: MessageFacts, step: Step) -> None:
    hop, field = step.hop, step.field
    helo, domain = _host(hop.helo)
    add_feature(features, "helo", helo, field)
    add_feature(features, "helo_domain", domain, field)
    address = hop.client_address
    if not address or space_of(address) is Space.INSIDE or _is_everybodys(facts, step):
        return
    mark = "." if "." in address else ":"
    add_feature(features, "client_address", address, field)
    add_feature(features, "client_network", mark.join(address.split(mark, 3)[:3]), field)


def _is_everybodys(facts: MessageFacts, step: Step) -> bool:
    """Whether the client is a server of a provider or sending service: its address is
    that of all their customers. The name that the receiver found tells; where it tells
    none, what the client called itself: who claims to be a service's server gains that
    his address ties his mail together no more, and nothing else. A provider's name is
    forged too often for that: there the receiver has to say that SPF passed."""
    hop = step.hop
    if hop.client_name is not None and hop.client_name_verified is not False:
        return shared_host(hop.client_name) is not None
    claimed = shared_host(hop.helo or "") if hop.client_name is None else None
    if claimed is None:
        return False
    return claimed.kind == "service" or (claimed.kind == "provider" and _spf_passed(facts, step))


def _spf_passed(facts: MessageFacts, step: Step) -> bool:
    """Whether a field above the hand-over says that SPF passed."""
    told = facts.message.among(_SPF_FIELDS)
    return any(f.span.start < step.field.span.start and _SPF_PASS.search(f.value) for f in told)


def _origin(features: list[Feature], part: SenderPart) -> None:
    """The claimed line nearest the origin that tells a client."""
    for step in reversed(part.claimed):
        helo, address = step.hop.helo, step.hop.client_address
        if helo or address:
            add_feature(features, "first_helo", _host(helo)[0], step.field)
            if address and space_of(address) is not Space.INSIDE:
                add_feature(features, "first_address", address, step.field)
            return


def _keys(features: list[Feature], part: SenderPart, names: HeaderNames) -> None:
    for field in [part.fields[place] for place in names.signatures[:_MAX_KEYS]]:
        tags = {name: value.lower() for name, value in told_first(field.value, "d", "s")}
        # a public suffix signs for all its customers (firebaseapp.com): no mark of one
        if registrable_domain(tags.get("d", "")):
            key = f"{tags['d']} {tags.get('s', '')}".strip()
            add_feature(features, "dkim_key", key, field)


def _id_domain(features: list[Feature], facts: MessageFacts) -> None:
    value, _, field = facts.message_id
    if value and "@" in value:
        add_feature(features, "id_domain", _host(value.rpartition("@")[2])[0], field)
