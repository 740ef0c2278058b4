"""What vouches for the author's domain: results that the reader's own servers wrote,
and signatures and SPF that were checked here."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from firsthop.case_file import CaseFile
from firsthop.evidence.authentication.check import Authentication
from firsthop.evidence.authentication.results import AuthenticationResult, ResultHead
from firsthop.evidence.authentication.vouching import Refusal, Voucher, Vouching
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Observation, Outcome, silent

NAME = "authentication"
FORGED = "forged_authserv_id"
AT_MOST = 5  # results that are shown where nothing is said


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    authentication = facts.authentication
    told = authentication.vouching
    if told is None:
        return None
    domain = told.domain
    values = (("domain", domain),)
    if told.refusal:
        message_key = "authentication.forbids" if told.refusal.forbids else "authentication.fails"
        policy = ("policy", told.refusal.policy or told.refusal.action or "none")
        seen = _refused(told.refusal, domain)
        return Finding(NAME, Outcome.CONTRADICTS, None, message_key, (*values, policy), seen)
    if told.vouchers:
        by = ("by", ", ".join(dict.fromkeys(one.mechanism for one in told.vouchers)))
        seen = tuple(_vouched(one) for one in told.vouchers)
        return Finding(NAME, Outcome.SUPPORTS, None, "authentication.passes", (*values, by), seen)
    if facts.path.handover is None:
        return _nobody_believed(authentication, told)
    forged = tuple(_observed(r) for r in authentication.results if FORGED in r.defects)
    if forged:
        return Finding(NAME, Outcome.CONTRADICTS, None, "authentication.forged", values, forged)
    return _silent(authentication, told)


def _nobody_believed(authentication: Authentication, told: Vouching) -> Finding:
    """What there is to show where no line was handed over: no result is believed then,
    and none is known to be forged."""
    if told.nothing_vouches:
        return silent(NAME, "authentication.nothing_vouches", domain=told.domain)
    claimed = [_observed(one) for one in authentication.first_heads(AT_MOST)]
    message_key = "authentication.not_believed" if claimed else "authentication.none"
    return silent(NAME, message_key, claimed, domain=told.domain)


def _silent(authentication: Authentication, told: Vouching) -> Finding:
    """Why nothing is said, or that somebody believed looked and found nothing."""
    results, domain = authentication.results, told.domain
    shown = _shown(r for r in results if r.method and r.inside)
    if told.gateway:
        return silent(NAME, "authentication.gateway", shown, domain=domain, by=told.gateway.name)
    if told.nothing_vouches:
        return silent(NAME, "authentication.nothing_vouches", shown, domain=domain)
    if shown:
        return silent(NAME, "authentication.not_enough", shown, domain=domain)
    claimed = _shown(r for r in results if r.method)
    message_key = "authentication.not_believed" if claimed else "authentication.none"
    return silent(NAME, message_key, claimed, domain=domain)


def _shown(results: Iterable[AuthenticationResult]) -> list[Observation]:
    return [_observed(one) for one in islice(results, AT_MOST)]


def _refused(refusal: Refusal, domain: str) -> tuple[Observation, ...]:
    what = f"fail for {domain}, policy {refusal.policy or 'not told'}"
    what += f", action {refusal.action}" if refusal.action else ""
    field = refusal.field
    return (Observation("dmarc", what, field.name if field else None, field and field.span),)


def _vouched(one: Voucher) -> Observation:
    by = "checked here" if one.checked else "by the receiver"
    field = one.field
    return Observation(
        one.mechanism,
        f"pass, {one.domain}, {by}",
        field.name if field else None,
        field and field.span,
    )


def _observed(result: AuthenticationResult | ResultHead) -> Observation:
    field = result.field
    by = result.authserv_id or "a writer not named"
    return Observation(
        result.method or "?",
        f"{result.result} by {by}",
        field.name if field else None,
        field.span if field else None,
    )


CHECK = Check(
    NAME,
    "sender",
    "SPF, DKIM or DMARC that hold or fail for the author's domain: in results that the "
    "reader's own servers wrote, or checked here by recorded DNS.",
    "They are what a domain can do to vouch for its mail. Only a writer inside the trust "
    "boundary is believed: anybody can write such a field.",
    "An authorised message can come from a stolen account. A failure is no proof of forgery: "
    "lists and forwarders break both (RFC 7960).",
    "RFC 6376, RFC 7208, RFC 7489, RFC 8601 section 5. A definition, not a statistic: it has "
    "no base rate",
    _look,
    "a definition, not a statistic",
)
