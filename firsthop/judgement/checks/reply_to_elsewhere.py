"""Do answers go to another provider than the author's?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.providers.provider import provider_of
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe, silent
from firsthop.judgement.rates.base_rates import base_rate

NAME = "reply_to_elsewhere"


def elsewhere(facts: MessageFacts) -> bool | None:
    """Whether author and Reply-To belong to different providers or domains; None where
    there is no Reply-To."""
    boxes = facts.reply_to
    if not boxes or facts.author is None or not facts.author.domain or not boxes[0].domain:
        return None
    return _home(boxes[0].domain) != _home(facts.author.domain)


def _home(domain: str) -> str:
    provider = provider_of(domain)
    return provider.key if provider else registrable_domain(domain) or domain


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    answer = elsewhere(facts)
    field = facts.message.first("reply-to")
    if answer is None or field is None:
        return None
    seen = (
        observe("reply_to", field.value, field),
        observe(
            "author",
            facts.author.address or "" if facts.author else "",
            facts.message.first("from"),
        ),
    )
    if not answer:
        return silent(NAME, "reply_to.same", seen)
    return Finding(
        NAME, Outcome.SILENT, base_rate(NAME, "elsewhere"), "reply_to.elsewhere", (), seen
    )


CHECK = Check(
    NAME,
    "sender",
    "A Reply-To at another provider or domain than the author's.",
    "Who forges an author and wants answers must send them elsewhere. By itself it carries "
    "no weight: see the counts.",
    "Lists that point answers at themselves, newsletters, shops and ticket systems: on the "
    "corpora it is common in legitimate mail.",
    "RFC 5322 section 3.6.2; counted on the corpora",
    _look,
)
