"""What vouches for the author's domain: results that the reader's own servers wrote, and signatures and SPF that were checked here."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.evidence.authentication.check import Authentication
from firsthop.evidence.authentication.results import AuthenticationResult
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.hosts import registrable_domain
from firsthop.judgement.brief import Brief
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Observation, Outcome, silent

NAME = "authentication"
_DOMAIN_OF = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.mfrom", "envelope-from", "domain"),
    "dmarc": ("header.from", "from"),
}


def _look(facts: MessageFacts, _brief: Brief) -> Finding | None:
    found, domain = facts.authentication, facts.author.domain if facts.author else None
    if found is None or not domain:
        return None
    forged = [_observed(r) for r in found.results if "forged_authserv_id" in r.defects]
    if forged:
        return Finding(NAME, Outcome.CONTRADICTS, None, "authentication.forged", (("domain", domain),), tuple(forged))
    passes = [*_believed(found, domain, "pass"), *_checked_here(found, domain)]
    if passes:
        return Finding(NAME, Outcome.SUPPORTS, None, "authentication.passes", (("domain", domain), ("by", _names(passes))), tuple(passes))
    fails = [o for o in _believed(found, domain, "fail") if o.key == "dmarc"]
    if fails or (found.dmarc and found.dmarc.result == "fail"):
        return Finding(NAME, Outcome.CONTRADICTS, None, "authentication.fails", (("domain", domain),), tuple(fails))
    says = "authentication.not_believed" if any(r.method for r in found.results) else "authentication.none"
    return silent(NAME, says, [_observed(r) for r in found.results if r.method][:5], domain=domain)


def _believed(found: Authentication, domain: str, result: str) -> Iterator[Observation]:
    """Results of own servers that speak of the author's domain."""
    for one in found.results:
        if one.inside and one.result == result and one.method in _DOMAIN_OF and aligned(_domain(one), domain):
            yield _observed(one)


def _checked_here(found: Authentication, domain: str) -> Iterator[Observation]:
    """Signatures and SPF that hold by the DNS evidence at hand (RFC 6376, RFC 7208), for the author's domain."""
    for one in found.dkim:
        if one.outcome == "pass" and aligned(one.signature.domain, domain):
            field = one.signature.field
            yield Observation("dkim", f"pass, d={one.signature.domain}", field.name, field.span)
    if found.spf.result == "pass" and found.spf.identity == "mailfrom" and aligned(found.spf.domain, domain):
        yield Observation("spf", f"pass, {found.spf.domain}")


def aligned(domain: str | None, author: str) -> bool:
    """Whether a domain belongs to the author's organization (relaxed alignment, RFC 7489 section 3.1)."""
    if not domain:
        return False
    return domain.lower() == author or registrable_domain(domain) in {registrable_domain(author)} - {None}


def _domain(result: AuthenticationResult) -> str | None:
    value = next((v for name in _DOMAIN_OF[result.method or ""] if (v := result.get(name))), None)
    return value.rpartition("@")[2] or None if value else None


def _observed(result: AuthenticationResult) -> Observation:
    name = result.field.name if result.field else None
    return Observation(
        result.method or "?", f"{result.result} by {result.authserv_id or 'a writer not named'}", name, result.field.span if result.field else None
    )


def _names(passes: list[Observation]) -> str:
    return ", ".join(dict.fromkeys(o.key for o in passes))


CHECK = Check(
    NAME,
    "sender",
    "SPF, DKIM or DMARC that hold for the author's domain: in results that the reader's own servers wrote, or checked here by recorded DNS evidence.",
    "They are what a domain can do to vouch for its mail. Only a writer inside the trust boundary is believed: anybody can write such a field.",
    "An authorised message can come from a stolen account. A failure is no proof of forgery: lists and forwarders break both (RFC 7960).",
    "RFC 6376, RFC 7208, RFC 7489, RFC 8601 section 5. A definition, not a statistic: it has no base rate",
    _look,
)
