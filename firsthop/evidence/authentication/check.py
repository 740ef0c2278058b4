"""All that can be established about the authentication of one message, from its path,
its authors and the recorded DNS answers of its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
from firsthop.evidence.dns.store import DnsView
from firsthop.evidence.identity.author import Author
from firsthop.evidence.path.path import Path
from firsthop.evidence.received.hop import Hop
from firsthop.mail.header import as_split
from firsthop.mail.message import Message
from firsthop.system.named_tuple import NamedTuple

_DOMAINS = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.mfrom", "envelope-from", "domain", "smtp.helo"),
}


class Authentication(NamedTuple):
    """What vouches for a message."""

    judged_at: int | None  # the instant all of it is judged at
    results: tuple[AuthenticationResult, ...]  # what receivers wrote, believed or not
    seen: tuple[Authenticated, ...]  # of these, what believed receivers saw of SPF and DKIM
    dkim: tuple[DkimResult, ...]
    arc: ArcResult
    spf: SpfResult
    dmarc: DmarcResult | None  # None: no author domain
    vouching: Vouching | None = None  # None: no author domain

    @property
    def spf_passes(self) -> tuple[str, ...]:
        """The domains for which SPF holds at the hand-over, by a believed receiver or
        checked here."""
        told = [one.domain for one in self.seen if one.mechanism == "spf" and one.result == "pass"]
        return (*told, self.spf.domain) if self.spf.result == "pass" else tuple(told)


def authenticate(message: Message, path: Path, authorship: Author, dns: DnsView) -> Authentication:
    """The authentication of a message; `dns` carries the instant it is judged at. Never
    raises, never asks the net."""
    message = as_split(message)  # what receivers saw, and signers signed
    dkim = dkim_results(message, dns)
    arc = check_arc(message, dns)
    results = weigh_results(message, path, vouched_instances(arc))
    spf = spf_of_handover(message, path, dns)
    seen = authenticated_by(results, path)
    told = Authentication(dns.instant, results, seen, dkim, arc, spf, None)
    domain = (authorship.judged.domain if authorship.judged else None) or ""
    single = authorship.single
    if "." not in domain and len(authorship.fields) == 1:
        judged = judged_author(results, path)  # the field at hand was changed since
        domain, single = judged or domain, single or judged is not None
    return _for_author(told, domain, single, path, dns) if domain else told


def _for_author(
    told: Authentication, domain: str, single: bool, path: Path, dns: DnsView
) -> Authentication:
    """The same with what it says of the author's domain."""
    checked = [
        Authenticated("dkim", one.signature.domain, str(one.outcome), field=one.signature.field)
        for one in told.dkim
    ]
    checked.append(Authenticated("spf", told.spf.domain, told.spf.result))
    seen = united(checked, told.seen)
    dmarc = check_dmarc(domain, seen, dns, told.judged_at)
    vouching = vouching_of(
        dmarc, seen, told.results, path, told.dkim, told.judged_at, told.spf.domain
    )
    if not single:  # RFC 7489 section 6.6.1
        explanation = "the message does not have exactly one author: DMARC does not apply"
        dmarc = dmarc._replace(result="not_applicable", explanation=explanation)
        vouching = vouching._replace(vouchers=())
    return told._replace(dmarc=dmarc, vouching=vouching)


def spf_of_handover(message: Message, path: Path, dns: DnsView) -> SpfResult:
    """SPF of the client that handed the message over at the boundary; nothing below it
    says who sent what."""
    hop = path.handover.hop if path.handover else None
    reverse_path = _reverse_path(message, hop)
    identity = "helo" if reverse_path == "" else "mailfrom"
    if hop is None or hop.client_address is None or path.outsider is None:
        why = "no hand-over" if hop is None else "the hand-over names no client from outside"
        return SpfResult(
            "not_checkable",
            f"{why}: {path.boundary.reason}",
            (reverse_path or "").rpartition("@")[2].lower(),
            identity,
        )
    if reverse_path is None:
        return SpfResult("not_checkable", "no line tells the reverse-path", "", identity)
    return check_spf(
        dns, hop.client_address, reverse_path, hop.helo or "", hop.by or "unknown", dns.instant or 0
    )


def _reverse_path(message: Message, hop: Hop | None) -> str | None:
    """The reverse-path as the hand-over line or the topmost Return-Path tells it (RFC
    5321 section 4.4); "" is the null one, None: nobody tells."""
    if hop is not None and hop.reverse_path is not None:
        return hop.reverse_path
    returned = message.first("return-path")
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
