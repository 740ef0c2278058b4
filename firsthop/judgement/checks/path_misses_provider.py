"""Does the path touch the claimed provider's hosts anywhere?"""

from __future__ import annotations

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.brief import Brief
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe

NAME = "path_misses_provider"


def touches(hop: Hop, domains: tuple[str, ...]) -> bool:
    """Whether a hop names a host of one of the domains: as writer, as client by its reverse name."""
    names = [name.lower().rstrip(".") for name in (hop.by, hop.client_name) if name]
    return any(name == domain or name.endswith("." + domain) for name in names for domain in domains)


def _look(facts: MessageFacts, brief: Brief) -> Finding | None:
    if not brief.provider_domains or not facts.path.steps:
        return None
    seen = tuple(
        observe("hop", f"{step.hop.by or '?'} <- {step.hop.client_address or step.hop.helo or '?'}", step.field) for step in facts.path.steps
    )
    provider = (("provider", brief.provider or ", ".join(brief.provider_domains)),)
    if any(touches(step.hop, brief.provider_domains) for step in facts.path.steps):
        return Finding(NAME, Outcome.SILENT, None, "provider.touched", provider, seen)
    return Finding(NAME, Outcome.CONTRADICTS, None, "provider.missed", provider, seen)


CHECK = Check(
    NAME,
    "sender",
    "A path on which no hop was written by a host of the claimed provider and no client bears its name.",
    "Mail that left the provider shows one of its hosts as the client of some hop.",
    "Forwarders and lists that rebuild the header; excerpts whose upper hops are missing; a provider that sends through hosts of another name.",
    "RFC 5321 section 4.4. Not yet counted: it carries no weight by itself",
    _look,
)
