"""All that can be established about the authentication of one message, from its facts and the store of DNS evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from firsthop.evidence.authentication.arc import ArcResult, check_arc
from firsthop.evidence.authentication.arc_set import read_chain
from firsthop.evidence.authentication.belief import weigh_results
from firsthop.evidence.authentication.dkim import DkimResult, check_dkim
from firsthop.evidence.authentication.dmarc import Authenticated, DmarcResult, check_dmarc
from firsthop.evidence.authentication.moment import moment
from firsthop.evidence.authentication.results import AuthenticationResult
from firsthop.evidence.authentication.signature import read_signature
from firsthop.evidence.authentication.spf import SpfResult, check_spf
from firsthop.evidence.dns import DnsStore, DnsView
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.path import Trust
from firsthop.evidence.received.hop import Hop
from firsthop.mail.message import Message
from firsthop.settings import OwnServers

_TELLING = frozenset("dkim-signature authentication-results received-spf arc-authentication-results arc-message-signature arc-seal".split())
_DOMAINS = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.mail", "smtp.mfrom", "envelope-from", "domain", "smtp.helo")}


class Authentication(NamedTuple):
    """What vouches for a message."""

    judged_at: int | None  # the instant all of it is judged at
    results: tuple[AuthenticationResult, ...]  # what receivers wrote, believed or not
    dkim: tuple[DkimResult, ...]
    arc: ArcResult
    spf: SpfResult
    dmarc: DmarcResult | None  # None: no author domain


def authenticate(facts: MessageFacts, own: OwnServers, store: DnsStore) -> Authentication:
    """The authentication of a message. Never raises, never asks the net."""
    at = moment(facts.path, facts.date)
    dns = store.at(at)
    message = facts.message
    fields = tuple(message.among(_TELLING))  # looked for once: most mail has none of them
    telling = Message(message.source, fields, message.separator, message.body)
    results = weigh_results(telling, own, facts.path)
    dkim = tuple(check_dkim(message, read_signature(field), dns) for field in telling.all("dkim-signature"))
    spf = spf_of_handover(facts, dns)
    checked = [Authenticated("dkim", one.signature.domain, str(one.outcome)) for one in dkim]
    checked.append(Authenticated("spf", spf.domain, spf.result))
    domain = facts.author.domain if facts.author else None
    dmarc = check_dmarc(domain, united(checked, authenticated_by(results)), dns, at) if domain else None
    return Authentication(at, results, dkim, check_arc(message, dns, read_chain(telling)), spf, dmarc)


def with_authentication(facts: MessageFacts, own: OwnServers, store: DnsStore) -> MessageFacts:
    """The facts with the authentication among them."""
    return replace(facts, authentication=authenticate(facts, own, store))


def spf_of_handover(facts: MessageFacts, dns: DnsView) -> SpfResult:
    """SPF of the client that handed the message over at the boundary; nothing below it says who sent what."""
    hop = next((step.hop for step in facts.path.steps if step.trust is Trust.HANDOVER), None)
    reverse_path = _reverse_path(facts, hop)
    identity = "helo" if reverse_path == "" else "mailfrom"
    if hop is None or hop.client_address is None:
        why = "no hand-over" if hop is None else "the hand-over names no client address"
        return SpfResult("not_checkable", f"{why}: {facts.path.boundary.reason}", (reverse_path or "").rpartition("@")[2].lower(), identity)
    if reverse_path is None:
        return SpfResult("not_checkable", "no line tells the reverse-path", "", identity)
    return check_spf(dns, hop.client_address, reverse_path, hop.helo or "", hop.by or "unknown", dns.instant or 0)


def _reverse_path(facts: MessageFacts, hop: Hop | None) -> str | None:
    """The reverse-path as the hand-over line or the topmost Return-Path tells it (RFC 5321 section 4.4); "" is the null one, None: nobody tells."""
    if hop is not None and hop.reverse_path is not None:
        return hop.reverse_path
    returned = facts.message.first("return-path")
    return returned.value.strip("<> ") if returned else None


def authenticated_by(results: Iterable[AuthenticationResult]) -> tuple[Authenticated, ...]:
    """What receivers inside the boundary saw of SPF and DKIM."""
    return tuple(
        Authenticated(result.method, domain, result.result)
        for result in results
        if result.inside and result.method in _DOMAINS and result.result and (domain := _domain(result))
    )


def _domain(result: AuthenticationResult) -> str | None:
    told = next((value for name in _DOMAINS[result.method or ""] if (value := result.get(name))), None)
    return told.rpartition("@")[2].lower() or None if told else None


def united(checked: Sequence[Authenticated], seen: Sequence[Authenticated]) -> tuple[Authenticated, ...]:
    """Own checks and what believed receivers saw; where a check could not be made, the receiver's word stands in its place."""
    told = {(one.mechanism, one.domain) for one in seen}
    return (*(one for one in checked if one.result != "not_checkable" or (one.mechanism, one.domain) not in told), *seen)
