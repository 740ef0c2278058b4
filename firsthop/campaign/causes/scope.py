"""The messages whose causes are weighed: those that claim to come from users of one
provider, and nothing else of the heap.

The provider is the one that the case file names or its source asserts; without either,
the one whose domains most authors have. Where no provider stands out there is nothing
to weigh."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from firsthop.campaign.first_hops.order import Instants
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.first_hops.tally import PATH_CHECKS
from firsthop.case_file import CaseFile
from firsthop.evidence.providers.provider import provider_of
from firsthop.evidence.providers.provider_table import in_domain
from firsthop.judgement.finding import Outcome
from firsthop.system.packed import Chosen

MAJORITY = 0.5  # of the authors, from which a provider stands out by itself


class Scope(NamedTuple):
    """What is weighed."""

    provider: str  # name, or domain
    members: Sequence[MessageSummary]
    # whether the operator or a source named the provider: the mail was then very
    # likely collected by it
    named: bool


def scope_of(
    summaries: Sequence[MessageSummary],
    case_file: CaseFile,
    counted: Counter[str] | None = None,
) -> Scope | None:
    """The messages in question; None where no provider stands out or none claims it.
    `counted` are the domains of the authors, where they were counted."""
    asserted = case_file.claim("author_domain")
    domains = case_file.provider_domains or ((asserted.value.lower(),) if asserted else ())
    if not domains:
        if counted is None:
            counted = Counter(one.author_domain for one in summaries if one.author_domain)
        return _standing_out(summaries, counted)
    members = Chosen(
        summaries, (number for number, one in enumerate(summaries) if _claims(one, domains))
    )
    return Scope(case_file.provider or domains[0], members, True) if members else None


def _claims(one: MessageSummary, domains: Sequence[str]) -> bool:
    """Whether its author is under one of the domains; a text without an author counts,
    since an excerpt is in the case for being such mail."""
    domain = one.author_domain
    return domain is None or any(in_domain(domain, known) for known in domains)


def _standing_out(summaries: Sequence[MessageSummary], domains: Counter[str]) -> Scope | None:
    providers = Counter[str]()
    keys = {}
    for domain, n in domains.items():
        if provider := provider_of(domain):
            keys[domain] = provider.key, provider.name
            providers[provider.key] += n
    if not providers:
        return None
    key, n = min(providers.items(), key=lambda pair: (-pair[1], pair[0]))
    if n <= MAJORITY * domains.total():
        return None
    its = {domain: name for domain, (owner, name) in keys.items() if owner == key}
    members = Chosen(
        summaries, (number for number, one in enumerate(summaries) if one.author_domain in its)
    )
    return Scope(next(iter(its.values())), members, False)


def hops_in_order(scope: Scope) -> Sequence[MessageSummary]:
    """The messages with a first hop that no check of the path contradicts, in order of
    time."""
    instants, numbers = Instants(), array("Q")
    for number, one in enumerate(scope.members):
        instants.add(one)
        if one.first and not _contradicted(one):
            numbers.append(number)
    return instants.in_time(scope.members, numbers)


def _contradicted(one: MessageSummary) -> bool:
    return any(f.outcome is Outcome.CONTRADICTS and f.check in PATH_CHECKS for f in one.findings)
