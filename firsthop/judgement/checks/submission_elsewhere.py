"""Was the message handed in, with a login, at a relay that has nothing to do with the
author's domain?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "submission_elsewhere"


def elsewhere(facts: MessageFacts) -> bool | None:
    """Whether the first hop's writer and the author's domain are unrelated; None where
    nobody logged in or a name is missing."""
    first, domain = facts.path.first_smtp, facts.author.domain if facts.author else None
    if first is None or not first.hop.authenticated or not first.hop.by or not domain:
        return None
    relay, provider = registrable_domain(first.hop.by), facts.provider
    if relay is None:
        return None
    if provider and (
        provider.touched_by(first.hop, facts.instant) or provider.is_own_host(first.hop.by)
    ):
        return False
    return relay != registrable_domain(domain)


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    first, told = facts.path.first_smtp, facts.authentication.vouching
    if first is None or not elsewhere(facts) or (told and told.vouchers):
        return None  # what the domain itself vouches for is no foreign relay
    seen = (
        observe("by", first.hop.by or "", first.field),
        observe(
            "author",
            facts.author.address or "" if facts.author else "",
            facts.message.first("from"),
        ),
    )
    values = (
        ("by", first.hop.by or "?"),
        ("domain", facts.author.domain or "?" if facts.author else "?"),
    )
    return Finding(
        NAME,
        Outcome.CONTRADICTS,
        base_rate(NAME, "elsewhere"),
        "submission.elsewhere",
        values,
        seen,
    )


CHECK = Check(
    NAME,
    "sender",
    "A first hop at which somebody logged in, on a relay of another organization than the "
    "author's domain.",
    "Stolen logins are used for any author; an honest user mostly logs in where the address "
    "is at home.",
    "People who send several addresses through one provider, hosted domains, company relays: "
    "see the counts.",
    "RFC 3848, RFC 6409; counted on the corpora",
    _look,
)
