"""Which program's marks does the message bear, whatever it names?"""

from __future__ import annotations

from itertools import islice

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.mailer import PROFILES, Profile
from firsthop.evidence.mailer_rewriting import replaced_message_id, rewriter_of
from firsthop.evidence.mailer_traces import Traces, traces
from firsthop.judgement.brief import Brief
from firsthop.judgement.check import Check
from firsthop.judgement.finding import BaseRate, Finding, Outcome, observe
from firsthop.judgement.mailer_rates import RATES, Rates
from firsthop.judgement.mailer_views import claimed

NAME = "mailer_looks_like"
AT_MOST = 3  # programs that are named
AT_LEAST = 2.0  # bits: a shape that others show a quarter as often

Resemblance = tuple[Profile, BaseRate]


def telling(rates: Rates) -> tuple[Resemblance, ...]:
    """The programs whose shape tells them from others, the most telling first."""
    counted = [(p, rate) for p in PROFILES.values() if (rate := rates.get((p.key, "looks"))) is not None and rate.bits >= AT_LEAST]
    return tuple(sorted(counted, key=lambda pair: (-pair[1].bits, pair[0].key)))


_TELLING = telling(RATES)


def ranked(found: Traces) -> tuple[Resemblance, ...]:
    """The programs whose Message-ID and boundary the message has, the most telling first. An id that a service made tells only of services."""
    replaced = replaced_message_id(found.message_id or "")
    alike = (pair for pair in _TELLING if pair[0].resembles(found) and not (replaced and pair[0].claims))
    return tuple(islice(alike, AT_MOST))


def _look(facts: MessageFacts, brief: Brief) -> Finding | None:
    if facts.message_id.value is None:
        return None
    claim = claimed(facts, brief)
    if claim and claim.profile and (claim.profile.resembles(claim.traces) or rewriter_of("message_id", claim.traces)):
        return None
    alike = ranked(claim.traces if claim else traces(facts, ""))
    if not alike:
        return None
    named = ", ".join(f"{profile.name} ({rate.bits:.1f} bits)" for profile, rate in alike)
    values = (("looks_like", named), ("message_id", facts.message_id.value))
    return Finding(
        NAME, Outcome.SILENT, alike[0][1], "mailer.looks_like", values, (observe("message_id", facts.message_id.value, facts.message_id.field),)
    )


CHECK = Check(
    NAME,
    "mailer",
    "The programs whose Message-ID and boundary the message has, ranked by how much likelier their mail shows them than that of other programs.",
    "A message that names no program, or one it was not written by, still bears the marks of what made it.",
    "Programs share libraries and shapes, and a shape can be copied: a resemblance is never one tool for sure, and never a sign of forgery.",
    "firsthop/evidence/mailers/*.toml, each with its own source; counted on the corpora",
    _look,
)
