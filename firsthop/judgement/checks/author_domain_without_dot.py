"""Is the author's domain a single label, which no mail can be answered to?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "author_domain_without_dot"


def without_dot(facts: MessageFacts) -> bool | None:
    """Whether the author's domain has no dot; None without a domain, or with an address
    literal."""
    domain = (facts.author.domain or "") if facts.author else ""
    if not domain or domain.startswith("[") or ":" in domain:
        return None
    return "." not in domain.strip(".")


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    if not without_dot(facts) or facts.author is None:
        return None
    domain = facts.author.domain or ""
    seen = (observe("author", facts.author.address or domain, facts.message.first("from")),)
    values = (("domain", domain),)
    strength = base_rate(NAME, "without")
    return Finding(NAME, Outcome.CONTRADICTS, strength, "author.without_dot", values, seen)


CHECK = Check(
    NAME,
    "sender",
    "An author whose domain is a single word without a dot.",
    "No public domain that takes mail has one label only (RFC 7085): nobody can be answered "
    "there. Who only wants to be read writes anything.",
    "Machines inside one network (cron, printers, monitoring) whose mail never leaves it; "
    "software that cuts or replaces domains.",
    "RFC 5321 section 2.3.5, RFC 7085; counted on the corpora",
    _look,
)
