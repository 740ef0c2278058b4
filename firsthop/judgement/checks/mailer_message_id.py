"""Does the Message-ID have the shape that the named mail client makes?"""

from __future__ import annotations

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.mailer import claimed_profile, looks_like
from firsthop.judgement.base_rates import base_rate
from firsthop.judgement.brief import Brief
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Observation, Outcome, observe, silent

NAME = "mailer_message_id"


def _look(facts: MessageFacts, brief: Brief) -> Finding | None:
    mailer = _mailer(facts, brief)
    if mailer is None:
        return None
    profile = claimed_profile(mailer.value)
    if profile is None:
        return silent(NAME, "mailer.unknown", [mailer], mailer=mailer.value)
    found = facts.message_id
    if found.value is None:
        return silent(NAME, f"mailer.message_id_{found.state}", [mailer], mailer=profile.name)
    seen = [mailer, observe("message_id", found.value, found.field)]
    if profile.is_rewritten(found.value):
        return silent(NAME, "mailer.message_id_rewritten", seen, mailer=profile.name)
    lacks = profile.lacks(found.value)
    resembles = ", ".join(p.name for p in looks_like(found.value))
    says = "mailer.consistent" if not lacks else "mailer.contradicted_looks_like" if resembles else "mailer.contradicted"
    values = (("mailer", profile.name), ("marks", ",".join(lacks)), ("looks_like", resembles), ("message_id", found.value))
    outcome, mark = (Outcome.CONTRADICTS, "lacks") if lacks else (Outcome.SUPPORTS, "meets")
    return Finding(NAME, outcome, base_rate(NAME, f"{profile.key}.{mark}"), says, values, tuple(seen))


def _mailer(facts: MessageFacts, brief: Brief) -> Observation | None:
    """The mail client the message names, or the one a publication asserts for it."""
    if facts.mailer.value:
        return observe("mailer", facts.mailer.value, facts.mailer.field)
    asserted = brief.says("x_mailer")
    return Observation("mailer", asserted.value, asserted=True) if asserted else None


CHECK = Check(
    NAME,
    "mailer",
    "A Message-ID that the program named in X-Mailer or User-Agent does not make.",
    "A program makes its Message-IDs by its own code; who only copies its X-Mailer line rarely copies that.",
    "Relays that replace Message-IDs (Hotmail, some lists) are named in the profile and give no finding; a new version may change its shape.",
    "firsthop/evidence/mailers/*.toml, each with its own source",
    _look,
)
