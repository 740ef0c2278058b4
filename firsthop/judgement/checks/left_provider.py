"""Did the message leave the servers of the provider that its author claims?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.path.claimed import unbroken
from firsthop.evidence.path.path import Step, Trust
from firsthop.evidence.providers.provider import Provider, ProviderMatch
from firsthop.evidence.providers.provider_table import in_domain
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.check import Check
from firsthop.judgement.finding import BaseRate, Finding, Observation, Outcome, observe, silent
from firsthop.judgement.rates.base_rates import base_rate

NAME = "left_provider"
POOLED = "any"  # the mark of all providers together, where one was counted too rarely by itself


def _look(facts: MessageFacts, case_file: CaseFile) -> Finding | None:
    domain = facts.author.domain if facts.author else None
    if facts.provider and domain:
        return of_provider(facts, facts.provider, domain)
    claimed = domain is None or any(in_domain(domain, one) for one in case_file.provider_domains)
    return (
        _of_case_file(facts, case_file)
        if case_file.provider_domains and claimed and facts.path.steps
        else None
    )


def of_provider(facts: MessageFacts, provider: Provider, domain: str) -> Finding:
    """The finding for an author domain of a known provider."""
    steps, instant = unbroken(facts.path), facts.instant
    values = (("provider", provider.name), ("key", provider.key), ("domain", domain))
    hops = [step.hop for step in steps]
    readers = sum(step.trust is not Trust.CLAIMED for step in steps)
    departure = provider.departure(hops, instant, readers)
    if departure and counts(departure[1]):
        step, touch = steps[departure[0]], departure[1]
        vouched = step.trust is not Trust.CLAIMED
        message_key = "provider.left_vouched" if vouched else "provider.left_claimed"
        by = (observe(touch.part, touch.value, step.field),)
        told = (*values, ("source", touch.source))
        return Finding(NAME, Outcome.SUPPORTS, _rate(provider, "left"), message_key, told, by)
    seen = tuple([_hop_seen(step) for step in steps])
    if departure or any(
        provider.touches(hop, instant, at < readers) for at, hop in enumerate(hops)
    ):
        return Finding(NAME, Outcome.SILENT, None, "provider.touched", values, seen)
    if not any(step.hop.client_address or step.hop.client_name for step in steps):
        return silent(NAME, "provider.no_path", seen, provider=provider.name)
    if not provider.covers(instant):
        return silent(NAME, "provider.other_time", seen, provider=provider.name)
    rate = _rate(provider, "missed")
    return Finding(NAME, Outcome.CONTRADICTS, rate, "provider.missed", values, seen)


def counts(touch: ProviderMatch) -> bool:
    """Whether a departure is the provider's: an address in its range, a name that the
    writer checked and that no published range denies, or the provider's own line of a
    submission."""
    if touch.part == "by":
        return True
    return touch.in_range is True or (touch.verified is True and touch.in_range is not False)


def _rate(provider: Provider, mark: str) -> BaseRate | None:
    """The provider's own count, or that of all together where it was seen too
    rarely."""
    return base_rate(NAME, f"{provider.key}.{mark}") or base_rate(NAME, f"{POOLED}.{mark}")


def _hop_seen(step: Step) -> Observation:
    return observe(
        "hop",
        f"{step.hop.by or '?'} <- {step.hop.client_address or step.hop.helo or '?'}",
        step.field,
    )


def _of_case_file(facts: MessageFacts, case_file: CaseFile) -> Finding:
    """For a provider that only the case file names, or whose author is only asserted:
    do the hops name a host of its domains?"""
    seen = tuple(_hop_seen(step) for step in facts.path.steps)
    values = (("provider", case_file.provider or ", ".join(case_file.provider_domains)),)
    if any(names_host_of(step.hop, case_file.provider_domains) for step in facts.path.steps):
        return Finding(NAME, Outcome.SILENT, None, "provider.touched", values, seen)
    return Finding(NAME, Outcome.CONTRADICTS, None, "provider.missed", values, seen)


def names_host_of(hop: Hop, domains: tuple[str, ...]) -> bool:
    """Whether a hop names a host of one of the domains, as writer or as client by its
    reverse name; a HELO does not count."""
    return any(
        in_domain(name, domain) for name in (hop.by, hop.client_name) if name for domain in domains
    )


CHECK = Check(
    NAME,
    "sender",
    "A path on which the mail leaves the claimed provider: a client with its name, checked "
    "by the writer, or with an address of its ranges.",
    "Mail that a provider's user sends through it shows one of its senders as the client of "
    "some hop; what an outsider sends does not.",
    "Forwarders and lists that rebuild the header; users who send through another server, as "
    "far as the provider's domains allow it: see the counts.",
    "firsthop/evidence/providers/*.toml, each value with its source; counted on the corpora",
    _look,
)
