"""What vouches for the author's domain, and what forbids the way a message came (RFC
7489 section 6).

Everything is put together from what is believed: results that the reader's own servers
wrote about the client that handed the message over, and checks of ours by recorded
answers. Alignment is decided in dmarc.py and only taken from there. Nothing is judged
here, and nothing that the sender can write counts: a result outside the boundary, a
HELO, a field of the message.

SPF and DMARC look at the client. A result counts for them only where it stands directly
above or below the hand-over line, or names its client; and behind a gateway
(receivers/*.toml) a failure of either is the gateway's, not the sender's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from firsthop.evidence.authentication.dkim.signature import Signature
from firsthop.evidence.authentication.dkim.verify import DkimResult, Signatures
from firsthop.evidence.authentication.dmarc.evaluate import Alignment, Authenticated, DmarcResult
from firsthop.evidence.authentication.results import AuthenticationResult
from firsthop.evidence.authentication.spf.evaluate import SpfResult
from firsthop.evidence.authentication.trusted_results import Place, place
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.path.path import Path
from firsthop.evidence.path.receiver import Receiver, gateway_of
from firsthop.evidence.providers.provider import provider_of
from firsthop.mail.message import BodyBytes, Field
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

ASKED = ("quarantine", "reject")
_POLICY = compiled(r"\b(p|sp|dis|policy)\s*=\s*(none|quarantine|reject)\b", re.IGNORECASE)
# action= of Exchange Online: what its receiver did; "oreject", "pct.reject" and the
# like are kinds of the policies (Microsoft, "Anti-spam message headers").
_ACTION = compiled(r"(?:o|o\.|pct\.)?(quarantine|reject)")
_GUESSED = compiled(r"best guess|bestguess", re.IGNORECASE)  # no record was published
_MECHANISMS = ("dkim", "spf", "dmarc")


class Voucher(NamedTuple):
    """One result that holds for the author's domain."""

    mechanism: str  # dkim | spf | dmarc
    domain: str  # that authenticated
    checked: bool  # here, by recorded answers; False: the receiver says so
    field: Field | None = None
    dkim: Signatures | None = None  # the message's, where a signature holds

    @property
    def partial(self) -> tuple[str, ...]:
        """What of the message a signature leaves open; () for all signed."""
        return open_parts(self.domain, self.dkim.checked) if self.dkim else ()


class Refusal(NamedTuple):
    """A DMARC failure, and what the domain asks receivers to do with it."""

    policy: str | None  # none | quarantine | reject; None: not known
    action: str | None  # what the receiver says it did
    checked: bool
    field: Field | None = None

    @property
    def forbids(self) -> bool:
        """Whether the domain, or the receiver in its name, refuses such mail."""
        return self.policy in ASKED or self.action in ASKED


class Vouching(NamedTuple):
    """What is known for and against the author's domain."""

    domain: str
    dkim: Signatures  # the message's
    believed: tuple[AuthenticationResult, ...]  # what believed receivers wrote
    vouchers: tuple[Voucher, ...] = ()
    refusal: Refusal | None = None
    looked: tuple[str, ...] = ()  # the mechanisms that somebody believed decided: dkim spf dmarc
    gateway: Receiver | None = None  # what handed over, where that is a gateway before the mailbox

    @property
    def changed(self) -> bool:
        """Whether a believed receiver saw a signature hold that the bytes at hand do
        not carry."""
        return _changed(self.dkim, self.believed)

    @property
    def rebuilt(self) -> bool:
        """Whether a signature of the domain is there, over bytes that a reader put
        together."""
        return _rebuilt(self.dkim, self.domain)

    @property
    def nothing_vouches(self) -> bool:
        """Whether somebody believed looked at all there is, and found nothing that
        holds."""
        enough = "dmarc" in self.looked or {"spf", "dkim"} <= set(self.looked)
        return enough and not self.vouchers and self.gateway is None


def vouching_of(
    dmarc: DmarcResult,
    authenticated: Sequence[Authenticated],
    results: Iterable[AuthenticationResult],
    path: Path,
    dkim: Signatures,
    spf: SpfResult,
    instant: int | None,
) -> Vouching:
    """What vouches for `dmarc.author_domain`; `authenticated` are the results that were
    aligned, all that passed among them."""
    believed = tuple([one for one in results if one.inside and one.result])
    gateway = _gateway(path, instant)
    seen = [one for one in believed if one.method in ("dkim", "dmarc") or judges(one, path)]
    author = dmarc.author_domain
    pairs = list(zip(authenticated, dmarc.alignments, strict=True))
    refusal = None if gateway else _refusal(dmarc, seen, path, instant)
    vouchers = [] if refusal else [*_aligned(pairs, dkim), *_dmarc_passes(seen, author, path)]
    looked = _looked(seen, spf, dmarc, path, dkim)
    if looked:
        looked = tuple(sorted({*looked, *_cannot(author, spf.domain, dkim.read)}))
    vouching = Vouching(author, dkim, believed, tuple(vouchers), refusal, looked, gateway)
    return vouching if vouching.refusal or vouching.gateway else _known_policy(vouching, instant)


def judges(result: AuthenticationResult, path: Path) -> bool:
    """Whether a result judges the client that handed the message over: it stands next
    to that line, or names its address. A client that is no outsider, by its address or
    a login, is not judged."""
    handover, at = path.handover, result.field.span.start if result.field else result.span.start
    if handover is None or path.outsider is None:
        return False
    where = place(result, path)
    if where is not Place.ABOVE:
        return where is Place.ADJACENT
    return path.above_handover <= at or result.client_address == path.outsider


def _gateway(path: Path, instant: int | None) -> Receiver | None:
    """The gateway whose address handed the message over to the mailbox behind it."""
    handover = path.handover
    if handover is None:
        return None
    hop = handover.hop
    name = hop.client_name if hop.client_name_verified is True else None
    return gateway_of(hop.client_address, name, instant)


def _aligned(
    pairs: Iterable[tuple[Authenticated, Alignment]], dkim: Signatures
) -> Iterator[Voucher]:
    for one, alignment in pairs:
        if one.result == "pass" and alignment.holds:
            signed = dkim if one.mechanism == "dkim" else None
            yield Voucher(one.mechanism, one.domain, not one.seen, one.field, signed)


def open_parts(domain: str, dkim: Sequence[DkimResult]) -> tuple[str, ...]:
    """What the signatures of a domain leave open: nothing, where one of them covers
    all."""
    open_ones = [
        result.covers.open_parts
        for result in dkim
        if result.signature.domain == domain and result.outcome in ("pass", "not_checkable")
    ]
    return min(open_ones, key=len, default=())


def _dmarc_passes(
    seen: Iterable[AuthenticationResult], author: str, path: Path
) -> Iterator[Voucher]:
    for one in seen:
        passed = one.method == "dmarc" and one.result == "pass" and _judged(one) == author
        if passed and judges(one, path) and not is_guessed(one):
            yield Voucher("dmarc", author, False, one.field)


def _speaks_of(result: AuthenticationResult, author: str, path: Path) -> bool:
    """Whether a DMARC result is about the author, and the client that handed the
    message over."""
    return judges(result, path) and _judged(result) in (author, None)


def judged_author(results: Iterable[AuthenticationResult], path: Path) -> str | None:
    """The author domain that a believed receiver says it judged. Where the field at
    hand names a domain that cannot exist (no dot), it was changed after delivery:
    redacted, mostly."""
    told = (
        _judged(one)
        for one in results
        if one.inside and one.method == "dmarc" and judges(one, path)
    )
    return next((domain for domain in told if domain and "." in domain), None)


def is_guessed(result: AuthenticationResult) -> bool:
    """Whether a receiver says that it had no record and guessed what one would have
    said."""
    return bool(_GUESSED.search(result.comment or ""))


def _judged(result: AuthenticationResult) -> str | None:
    """The author domain that a DMARC result is about."""
    told = result.get("header.from") or result.get("from")
    return told.rpartition("@")[2].lower().rstrip(".") or None if told else None


def _refusal(
    dmarc: DmarcResult, seen: Iterable[AuthenticationResult], path: Path, instant: int | None
) -> Refusal | None:
    """The DMARC failure: a believed receiver's, else that of our own evaluation."""
    author = dmarc.author_domain
    for one in seen:
        if one.method != "dmarc" or not _speaks_of(one, author, path):
            continue
        if one.result == "fail":
            policy = _policy_told(one, author) or _published(dmarc, author, instant)
            return Refusal(policy, _action(one), False, one.field)
        if one.result == "pass":
            return None
    return Refusal(dmarc.policy, None, True) if dmarc.result == "fail" else None


def _published(dmarc: DmarcResult, author: str, instant: int | None) -> str | None:
    """The policy that recorded answers or the provider's table tell for the day."""
    if dmarc.policy:
        return dmarc.policy
    provider = provider_of(author)
    return provider.dmarc_policy(author, instant) if provider else None


def _policy_told(result: AuthenticationResult, author: str) -> str | None:
    """The policy that a receiver names beside its result: sp= below the organizational
    domain."""
    text = " ".join([result.comment or "", *(f"{k}={v}" for k, v in result.properties)])
    told: dict[str, str] = {k.lower(): v.lower() for k, v in reversed(_POLICY.findall(text))}
    if registrable_domain(author) not in (author, None) and "sp" in told:
        return told["sp"]
    return told.get("p") or told.get("policy")


def _action(result: AuthenticationResult) -> str | None:
    told = (result.get("action") or "").lower()
    done = _ACTION.fullmatch(told)
    if done:
        return done[1]
    words: dict[str, str] = {k.lower(): v for k, v in _POLICY.findall(result.comment or "")}
    return words["dis"].lower() if "dis" in words else told or None


def _looked(
    seen: Iterable[AuthenticationResult],
    spf: SpfResult,
    dmarc: DmarcResult,
    path: Path,
    dkim: Signatures,
) -> tuple[str, ...]:
    """The mechanisms that were decided, by a believed receiver or here."""
    open_results = ("temperror", "not_checkable", "unknown", "error", "")
    told = {
        one.method
        for one in seen
        if one.method in _MECHANISMS
        and one.result not in open_results
        and (one.method != "dmarc" or _speaks_of(one, dmarc.author_domain, path))
    }
    if spf.result not in open_results:
        told.add("spf")
    if dkim.keyed and all(one.as_of is not None for one in dkim.keyed):
        told.add("dkim")  # by recorded keys; that the bytes at hand were changed decides nothing
    if dmarc.result in ("pass", "fail", "none"):
        told.add("dmarc")
    return tuple(sorted(one for one in told if one))


def _cannot(author: str, spf_domain: str, signatures: Sequence[Signature]) -> set[str]:
    """The mechanisms that could not vouch for the author whoever looked: SPF for a
    reverse-path (or the HELO behind a null one; "": not known) of another organization,
    DKIM where the message bears no signature of the author's."""
    mine = registrable_domain(author) or author
    reasons = set()
    if spf_domain and (registrable_domain(spf_domain) or spf_domain) != mine:
        reasons.add("spf")
    if all((registrable_domain(one.domain) or one.domain) != mine for one in signatures):
        reasons.add("dkim")
    return reasons


def _changed(dkim: Signatures, believed: Iterable[AuthenticationResult]) -> bool:
    """Whether a believed receiver saw a signature hold that the bytes at hand do not
    carry."""
    passed = {
        (one.get("header.d") or (one.get("header.i") or "").rpartition("@")[2]).lower()
        for one in believed
        if one.method == "dkim" and one.result == "pass"
    }
    if not passed or passed.isdisjoint(one.domain for one in dkim.read):
        return False
    told = dkim.checked
    broken = {one.signature.domain for one in told if one.reason in ("body_hash", "signature")}
    whole = {one.signature.domain for one in told if one.outcome == "pass" or one.body == "matches"}
    return bool(passed & broken - whole)


def _rebuilt(dkim: Signatures, author: str) -> bool:
    """Whether a signature of the author's organization cannot be checked for its
    container's sake."""
    if dkim.message.source.body_bytes is not BodyBytes.REBUILT:
        return False
    mine = registrable_domain(author)
    return any(
        one.reason.startswith("rebuilt") and registrable_domain(one.signature.domain) == mine
        for one in dkim.checked
    )


def _known_policy(vouching: Vouching, instant: int | None) -> Vouching:
    """With nothing that vouches, a policy that is known for the day forbids the way
    (RFC 7489 section 6.6.2): the failure follows from SPF and DKIM, whoever else
    looked."""
    if not vouching.nothing_vouches or vouching.vouchers:
        return vouching
    provider = provider_of(vouching.domain)
    policy = provider.dmarc_policy(vouching.domain, instant) if provider else None
    return vouching._replace(refusal=Refusal(policy, None, True)) if policy in ASKED else vouching
