"""All that can be established about the authentication of one message, from its facts
and the store of DNS evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from firsthop.evidence.authentication.arc.sets import read_chain
from firsthop.evidence.authentication.arc.verify import ArcResult, check_arc, vouched_instances
from firsthop.evidence.authentication.dkim.verify import DkimResult, dkim_results
from firsthop.evidence.authentication.dmarc.evaluate import Authenticated, DmarcResult, check_dmarc
from firsthop.evidence.authentication.results import AuthenticationResult
from firsthop.evidence.authentication.spf.evaluate import SpfResult, check_spf
from firsthop.evidence.authentication.trusted_results import weigh_results
from firsthop.evidence.authentication.vouching import (
    Vouching,
    is_guessed,
    judged_author,
    judges,
    vouching_of,
)
from firsthop.evidence.dns.store import DnsStore, DnsView
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.judged_at import judged_at
from firsthop.evidence.path.path import Path
from firsthop.evidence.received.hop import Hop
from firsthop.mail.header import as_split
from firsthop.mail.message import Message

_TELLING = frozenset(
    (
        "dkim-signature authentication-results received-spf arc-authentication-results "
        "arc-message-signature arc-seal"
    ).split()
)
_DOMAINS = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.mfrom", "envelope-from", "domain", "smtp.helo"),
}


class Authentication(NamedTuple):
    """What vouches for a message."""

    judged_at: int | None  # the instant all of it is judged at
    results: tuple[AuthenticationResult, ...]  # what receivers wrote, believed or not
    dkim: tuple[DkimResult, ...]
    arc: ArcResult
    spf: SpfResult
    dmarc: DmarcResult | None  # None: no author domain
    vouching: Vouching | None = None  # None: no author domain


def authenticate(facts: MessageFacts, store: DnsStore) -> Authentication:
    """The authentication of a message. Never raises, never asks the net."""
    at = judged_at(facts.path, facts.date)
    dns = store.at(at)
    message = as_split(facts.message)  # what receivers saw, and signers signed
    fields = tuple(message.among(_TELLING))  # looked for once: most mail has none of them
    telling = Message(message.source, fields, message.separator, message.body)
    dkim = dkim_results(message, dns)
    arc = check_arc(message, dns, read_chain(telling))
    results = weigh_results(telling, facts.path, vouched_instances(arc))
    spf = spf_of_handover(facts, dns)
    found = Authentication(at, results, dkim, arc, spf, None)
    domain = (facts.author.domain if facts.author else None) or ""
    single = facts.authorship.single
    if "." not in domain and len(facts.authorship.fields) == 1:
        judged = judged_author(results, facts.path)  # the field at hand was changed since
        domain, single = judged or domain, single or judged is not None
    return _for_author(found, domain, single, facts, dns) if domain else found


def _for_author(
    found: Authentication, domain: str, single: bool, facts: MessageFacts, dns: DnsView
) -> Authentication:
    """The same with what it says of the author's domain."""
    checked = [
        Authenticated("dkim", one.signature.domain, str(one.outcome), field=one.signature.field)
        for one in found.dkim
    ]
    checked.append(Authenticated("spf", found.spf.domain, found.spf.result))
    seen = united(checked, authenticated_by(found.results, facts.path))
    dmarc = check_dmarc(domain, seen, dns, found.judged_at)
    vouching = vouching_of(
        dmarc, seen, found.results, facts.path, found.dkim, found.judged_at, found.spf.domain
    )
    if not single:  # RFC 7489 section 6.6.1
        explanation = "the message does not have exactly one author: DMARC does not apply"
        dmarc = dmarc._replace(result="not_applicable", explanation=explanation)
        vouching = vouching._replace(vouchers=())
    return found._replace(dmarc=dmarc, vouching=vouching)


def with_authentication(facts: MessageFacts, store: DnsStore) -> MessageFacts:
    """The facts with the authentication among them."""
    return replace(facts, authentication=authenticate(facts, store))


def spf_of_handover(facts: MessageFacts, dns: DnsView) -> SpfResult:
    """SPF of the client that handed the message over at the boundary; nothing below it
    says who sent what."""
    hop = facts.path.handover.hop if facts.path.handover else None
    reverse_path = _reverse_path(facts, hop)
    identity = "helo" if reverse_path == "" else "mailfrom"
    if hop is None or hop.client_address is None or facts.path.outsider is None:
        why = "no hand-over" if hop is None else "the hand-over names no client from outside"
        return SpfResult(
            "not_checkable",
            f"{why}: {facts.path.boundary.reason}",
            (reverse_path or "").rpartition("@")[2].lower(),
            identity,
        )
    if reverse_path is None:
        return SpfResult("not_checkable", "no line tells the reverse-path", "", identity)
    return check_spf(
        dns, hop.client_address, reverse_path, hop.helo or "", hop.by or "unknown", dns.instant or 0
    )


def _reverse_path(facts: MessageFacts, hop: Hop | None) -> str | None:
    """The reverse-path as the hand-over line or the topmost Return-Path tells it (RFC
    5321 section 4.4); "" is the null one, None: nobody tells."""
    if hop is not None and hop.reverse_path is not None:
        return hop.reverse_path
    returned = facts.message.first("return-path")
    return returned.value.strip("<> ") if returned else None


def authenticated_by(
    results: Iterable[AuthenticationResult], path: Path
) -> tuple[Authenticated, ...]:
    """What receivers inside the boundary saw of SPF and DKIM; of SPF what judges the
    client that handed the message over, by a record that was published."""
    return tuple(
        Authenticated(result.method, domain, result.result, True, result.field)
        for result in results
        if result.inside and result.method in _DOMAINS and result.result
        and (result.method == "dkim" or (judges(result, path) and not is_guessed(result)))
        and (domain := _domain(result))
    )  # fmt: skip


def _domain(result: AuthenticationResult) -> str | None:
    told = next(
        (value for name in _DOMAINS[result.method or ""] if (value := result.get(name))), None
    )
    return told.rpartition("@")[2].lower() or None if told else None


def united(
    checked: Sequence[Authenticated], seen: Sequence[Authenticated]
) -> tuple[Authenticated, ...]:
    """Own checks and what believed receivers saw; where a check could not be made, the
    receiver's word stands in its place."""
    told = {(one.mechanism, one.domain) for one in seen}
    return (
        *(
            one
            for one in checked
            if one.result != "not_checkable" or (one.mechanism, one.domain) not in told
        ),
        *seen,
    )
