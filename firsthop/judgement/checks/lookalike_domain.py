"""Does the author's domain only look like a provider's?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.providers.provider import PROVIDERS
from firsthop.evidence.roles import skeleton
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe

NAME = "lookalike_domain"
KNOWN = frozenset(
    domain for provider in PROVIDERS.values() for fact in provider.domains for domain in fact.words
)


def looks_like(domain: str, case_file: CaseFile) -> str | None:
    """The known domain that `domain` looks like and is not."""
    if domain.isascii() and "xn--" not in domain:
        return None
    known = KNOWN.union(case_file.provider_domains)
    plain = skeleton(domain)
    return plain if plain in known and domain not in known else None


def _look(facts: MessageFacts, case_file: CaseFile) -> Finding | None:
    domain = facts.author.domain if facts.author else None
    target = looks_like(domain, case_file) if domain else None
    if domain is None or target is None:
        return None
    seen = (observe("author_domain", domain, facts.message.first("from")),)
    return Finding(
        NAME,
        Outcome.CONTRADICTS,
        None,
        "lookalike.found",
        (("domain", domain), ("target", target)),
        seen,
    )


CHECK = Check(
    NAME,
    "sender",
    "An author's domain with letters of another script that reads as the domain of a known "
    "provider.",
    "A homoglyph domain is registered to be taken for the other one: the message is "
    "authentic for a domain nobody meant.",
    "None is known: a lawful domain of that form would be indistinguishable to readers too.",
    "Unicode Technical Standard 39; RFC 3492 (punycode). A definition, not a statistic: it "
    "has no base rate",
    _look,
    "a definition, not a statistic",
)
