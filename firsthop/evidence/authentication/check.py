"""All that can be established about the authentication of one message, from its path,
its authors and the recorded DNS answers of its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from firsthop.evidence.authentication.arc.verify import ArcResult, check_arc, vouched_instances
from firsthop.evidence.authentication.dkim.verify import DkimResult, Signatures
from firsthop.evidence.authentication.dmarc.evaluate import (
    Authenticated,
    DmarcResult,
    aligned,
    check_dmarc,
)
from firsthop.evidence.authentication.dmarc.organization import rules_of
from firsthop.evidence.authentication.results import AuthenticationResult, ResultHead
from firsthop.evidence.authentication.spf.evaluate import SpfResult, check_spf
from firsthop.evidence.authentication.trusted_results import first_heads, weigh_results
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
from firsthop.system.cached_property import cached_property

_DOMAINS = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.mfrom", "envelope-from", "domain", "smtp.helo"),
}


class Authentication:
    """What vouches for a message.

    Each part is worked out when it is first asked for. Without recorded answers no key,
    record or policy is at hand, so that nothing which is checked here can vouch:
    `vouching` then asks the receivers' results alone. The signatures and the chain are
    checked all the same for who asks for them."""

    def __init__(self, message: Message, path: Path, authorship: Author, dns: DnsView) -> None:
        self._message = message  # as receivers saw it, and signers signed it
        self._path, self._authorship, self._dns = path, authorship, dns

    @property
    def judged_at(self) -> int | None:
        """The instant all of it is judged at."""
        return self._dns.instant

    @cached_property
    def results(self) -> tuple[AuthenticationResult, ...]:
        """What receivers wrote, believed or not."""
        if self._dns.store.empty:
            return weigh_results(self._message, self._path)
        return weigh_results(self._message, self._path, vouched_instances(self.arc))

    def first_heads(self, most: int) -> list[ResultHead]:
        """The heads of the first of `results` that name a method, without reading the
        rest."""
        return first_heads(self._message, self._path, most)

    @cached_property
    def seen(self) -> tuple[Authenticated, ...]:
        """What believed receivers saw of SPF and DKIM."""
        return authenticated_by(self.results, self._path)

    @property
    def dkim(self) -> tuple[DkimResult, ...]:
        """The DKIM signatures."""
        return self._signatures.checked

    @cached_property
    def arc(self) -> ArcResult:
        """The ARC chain."""
        return check_arc(self._message, self._dns)

    @cached_property
    def spf(self) -> SpfResult:
        """SPF of the client that handed the message over."""
        return spf_of_handover(self._message, self._path, self._dns)

    @cached_property
    def dmarc(self) -> DmarcResult | None:
        """DMARC of the author's domain; None: no author has a domain."""
        domain, single = self._author
        if not domain:
            return None
        if single:
            return self._evaluated
        explanation = "the message does not have exactly one author: DMARC does not apply"
        return self._evaluated._replace(result="not_applicable", explanation=explanation)

    @cached_property
    def vouching(self) -> Vouching | None:
        """What all of that says of the author's domain; None: no author has one."""
        domain, single = self._author
        if not domain:
            return None
        if self._dns.store.empty:
            author = domain.lower().rstrip(".")
            if self._path.handover is None:
                # nobody's word is believed, and nothing can be checked
                return Vouching(author, self._signatures, ())
            authenticated = tuple([one for one in self.seen if one.result == "pass"])
            dmarc = aligned(author, authenticated, self._dns, rules_of(self.judged_at))
        else:
            authenticated, dmarc = self._authenticated, self._evaluated
        vouching = vouching_of(
            dmarc,
            authenticated,
            self.results,
            self._path,
            self._signatures,
            self.spf,
            self.judged_at,
        )
        return vouching if single else vouching._replace(vouchers=())  # RFC 7489 section 6.6.1

    @cached_property
    def spf_passes(self) -> tuple[str, ...]:
        """The domains for which SPF holds at the hand-over, by a believed receiver or
        checked here."""
        if self._path.handover is None:
            return ()  # nobody's word is believed, and no client is known that SPF could judge
        told = [one.domain for one in self.seen if one.mechanism == "spf" and one.result == "pass"]
        return (*told, self.spf.domain) if self.spf.result == "pass" else tuple(told)

    @cached_property
    def _signatures(self) -> Signatures:
        return Signatures(self._message, self._dns)

    @cached_property
    def _author(self) -> tuple[str, bool]:
        """The author's domain, "" for none, and whether there is exactly one author."""
        judged, single = self._authorship.judged, self._authorship.single
        domain = (judged.domain if judged else None) or ""
        if "." not in domain and len(self._authorship.fields) == 1:
            told = judged_author(self.results, self._path)  # the field at hand was changed since
            domain, single = told or domain, single or told is not None
        return domain, single

    @cached_property
    def _authenticated(self) -> tuple[Authenticated, ...]:
        """The results that may be aligned with the author's domain."""
        checked = [
            Authenticated("dkim", one.signature.domain, str(one.outcome), field=one.signature.field)
            for one in self.dkim
        ]
        checked.append(Authenticated("spf", self.spf.domain, self.spf.result))
        return united(checked, self.seen)

    @cached_property
    def _evaluated(self) -> DmarcResult:
        return check_dmarc(self._author[0], self._authenticated, self._dns, self.judged_at)


def authenticate(message: Message, path: Path, authorship: Author, dns: DnsView) -> Authentication:
    """The authentication of a message; `dns` carries the instant it is judged at. Never
    raises, never asks the net.

    A store that holds anything is asked at once for all that it will be asked for: some
    stores note what was."""
    told = Authentication(as_split(message), path, authorship, dns)
    if not dns.store.empty:
        _ = told.dkim, told.arc, told.spf, told.dmarc
    return told


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
