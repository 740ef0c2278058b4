"""The infrastructure view: who handed the message over, through which servers it claims
to have come, whose signatures and ids it carries."""

from __future__ import annotations

import re

from firsthop.campaign.features.header_names import HeaderNames
from firsthop.campaign.features.record import Feature, feature
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.shared_hosts import shared_host
from firsthop.evidence.path.path import Step
from firsthop.evidence.sender_part import SenderPart
from firsthop.evidence.tag_list import told_first
from firsthop.system.kept_expressions import compiled

_MAX_RELAYS = 6
_MAX_KEYS = 3
_SPF_FIELDS = frozenset({"authentication-results", "received-spf"})
_SPF_PASS = compiled(r"\A\s*+pass\b|(?<![\w.-])spf\s*+=\s*+pass\b", re.IGNORECASE)


def infrastructure(facts: MessageFacts, part: SenderPart, names: HeaderNames) -> list[Feature]:
    """The features of the infrastructure view."""
    features = _client(facts, part.handover) if part.handover else []
    for step in part.claimed[-_MAX_RELAYS:]:
        relay = host_name(step.hop.by)
        if relay and ":" not in relay:  # Gmail's inner lines name an inside address as their writer
            features += feature("relay", relay, step.field) + feature(
                "relay_domain", registrable_domain(relay), step.field
            )
    if not part.forwarded or not part.claimed:
        features += _origin(part)
    return features + _keys(part, names) + _id_domain(facts, part)


def host_name(host: str | None) -> str | None:
    """A host name in lower case without brackets and dot; None for localhost and the
    like."""
    name = (host or "").lower().strip("[]().;")
    return (
        None
        if name in ("", "unknown", "localhost", "localhost.localdomain", "127.0.0.1", "user")
        else name
    )


def _client(facts: MessageFacts, step: Step) -> list[Feature]:
    helo = host_name(step.hop.helo)
    features = feature("helo", helo, step.field) + feature(
        "helo_domain", registrable_domain(helo or ""), step.field
    )
    address = step.hop.client_address
    if not address or space_of(address) is Space.INSIDE or _is_everybodys(facts, step):
        return features
    network = (
        ".".join(address.split(".")[:3]) if "." in address else ":".join(address.split(":")[:3])
    )
    return (
        features
        + feature("client_address", address, step.field)
        + feature("client_network", network, step.field)
    )


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


def _origin(part: SenderPart) -> list[Feature]:
    """The claimed line nearest the origin that tells a client."""
    step = next((s for s in reversed(part.claimed) if s.hop.helo or s.hop.client_address), None)
    if step is None:
        return []
    address = step.hop.client_address
    public = address if address and space_of(address) is not Space.INSIDE else None
    return feature("first_helo", host_name(step.hop.helo), step.field) + feature(
        "first_address", public, step.field
    )


def _keys(part: SenderPart, names: HeaderNames) -> list[Feature]:
    features = []
    for field in [part.fields[place] for place in names.signatures[:_MAX_KEYS]]:
        tags = {name: value.lower() for name, value in told_first(field.value, "d", "s")}
        # a public suffix signs for all its customers (firebaseapp.com): no mark of one
        if registrable_domain(tags.get("d", "")):
            features += feature("dkim_key", f"{tags['d']} {tags.get('s', '')}".strip(), field)
    return features


def _id_domain(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    value = facts.message_id.value or ""
    return (
        []
        if part.minted or "@" not in value
        else feature("id_domain", host_name(value.rpartition("@")[2]), facts.message_id.field)
    )
