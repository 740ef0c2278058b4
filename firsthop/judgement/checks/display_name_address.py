"""Does the author's display name show another address than the mailbox has?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.roles import address_in_display_name
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "display_name_address"


def shows_another(facts: MessageFacts) -> str | None:
    """The registrable domain that the display name shows and the mailbox does
    not have."""
    if facts.author is None:
        return None
    shown = address_in_display_name(facts.author)
    if shown is None or registrable_domain(shown) == registrable_domain(facts.author.domain or ""):
        return None
    return shown


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    shown = shows_another(facts)
    if shown is None or facts.author is None:
        return None
    seen = (observe("display_name", facts.author.display_name or "", facts.message.first("from")),)
    values = (("shown", shown), ("domain", facts.author.domain or "?"))
    return Finding(
        NAME, Outcome.CONTRADICTS, base_rate(NAME, "another"), "display_name.another", values, seen
    )


CHECK = Check(
    NAME,
    "sender",
    "A display name that shows an address at another domain than the mailbox behind it.",
    "Many programs show only the display name: whoever puts a foreign address there is read "
    "as that address.",
    "Lists and 'send as' services that rewrite the author and keep the old address in the name.",
    "RFC 5322 section 3.4; counted on the corpora",
    _look,
)
