"""Does the message carry the fields that the claimed provider's servers write, in their
form?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.providers.provider import FieldSeen
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate

NAME = "provider_fields"


def seen_fields(facts: MessageFacts) -> tuple[FieldSeen, ...]:
    """The fields that the servers of the author's provider always write, as the message
    has them; empty where none is known for its time."""
    if facts.provider is None:
        return ()
    return tuple(
        f
        for f in facts.provider.own_fields(facts.message, facts.instant)
        if f.entry.presence == "always" and f.in_period
    )


def answer(fields: tuple[FieldSeen, ...]) -> str | None:
    """present | absent | malformed: all there, none there, or one in a foreign form;
    None where some are there and some are not."""
    if not fields:
        return None
    presences = {str(f.presence) for f in fields}
    if "malformed" in presences:
        return "malformed"
    return presences.pop() if len(presences) == 1 else None


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    fields = seen_fields(facts)
    told = answer(fields)
    if told is None:
        return None
    names = ", ".join(f.entry.name for f in fields)
    seen = tuple(
        observe(f.entry.name, f.field.value if f.field else str(f.presence), f.field)
        for f in fields
    )
    outcome = Outcome.SUPPORTS if told == "present" else Outcome.CONTRADICTS
    return Finding(
        NAME, outcome, base_rate(NAME, told), f"provider_fields.{told}", (("fields", names),), seen
    )


CHECK = Check(
    NAME,
    "sender",
    "The fields that the claimed provider's servers put into every message: present, absent, "
    "or not in the provider's form.",
    "Servers write them by their own code; who forges the author does not know or not copy them.",
    "Gateways and lists that strip foreign fields; a provider that changes its software.",
    "firsthop/evidence/providers/*.toml; counted on the corpora",
    _look,
)
