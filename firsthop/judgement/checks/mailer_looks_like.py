"""Which program's marks does the message bear, whatever it names?

A resemblance is said only where the shape is the program's: the host right of the @ is
its own, the author's or his machine's; libraries of others do not make the same; fewer
than 1 in 200 messages of other programs have it. Its strength is the least that the
counts show (mailer_bounds.py)."""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.mailers.host import is_senders_host
from firsthop.evidence.mailers.id_writer import split_id
from firsthop.evidence.mailers.mailer import PROFILES, Profile
from firsthop.evidence.mailers.rewriting import replaced_message_id, rewriter_of
from firsthop.evidence.mailers.traces import Traces
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.mailer_bounds import BoundedRate, bounded
from firsthop.judgement.mailer_views import claimed
from firsthop.judgement.rates.mailer_rates import RATES, Rates

NAME = "mailer_looks_like"
AT_MOST = 3  # programs that are named
AT_LEAST = 2.0  # bits: a shape that others show a quarter as often
GENERAL = 1 / 200  # of the mail of other programs: a shape that is anybody's

Resemblance = tuple[Profile, BoundedRate]


def telling(rates: Rates) -> tuple[Resemblance, ...]:
    """The programs whose shape tells them from others, the most telling first."""
    looks = ((p, rates.get((p.key, "looks"))) for p in PROFILES.values())
    counted = [(p, bounded(r)) for p, r in looks if r is not None]
    kept = [(p, r) for p, r in counted if r.bits >= AT_LEAST and not _is_general(r)]
    return tuple(sorted(kept, key=lambda pair: (-pair[1].bits, pair[0].key)))


def _is_general(rate: BoundedRate) -> bool:
    return rate.fails[0] >= GENERAL * rate.fails[1]


_TELLING = telling(RATES)
_SHAPES = tuple((pair, pair[0].id_shape) for pair in _TELLING)


def resembles(profile: Profile, traces: Traces) -> bool:
    """Whether id, its host and boundary are as the program makes them, and as others do
    not."""
    return _has_shape(profile, traces) and (
        _is_at_its_host(profile, traces.message_id or "") or is_senders_host(traces)
    )


def _has_shape(profile: Profile, traces: Traces) -> bool:
    general = profile.general
    return profile.resembles(traces) and not (general and general.search(traces.message_id or ""))


def _is_at_its_host(profile: Profile, message_id: str) -> bool:
    return profile.hosts is not None and profile.hosts.search(split_id(message_id)[1]) is not None


def ranked(traces: Traces) -> tuple[Resemblance, ...]:
    """The programs whose Message-ID and boundary the message has, the most telling
    first, before all those at their own host. An id that a service made tells only of
    services."""
    message_id = traces.message_id or ""
    able = [pair for pair, shape in _SHAPES if shape is None or shape.search(message_id)]
    alike = [pair for pair in able if _has_shape(pair[0], traces)]
    if alike and not is_senders_host(traces):
        alike = [pair for pair in alike if _is_at_its_host(pair[0], message_id)]
    if any(pair[0].claims for pair in alike) and replaced_message_id(message_id):
        alike = [pair for pair in alike if not pair[0].claims]
    return tuple(sorted(alike, key=lambda pair: not _is_at_its_host(pair[0], message_id))[:AT_MOST])


def _look(facts: MessageFacts, case_file: CaseFile) -> Finding | None:
    if facts.message_id.value is None:
        return None
    claim = claimed(facts, case_file)
    if (
        claim
        and claim.profile
        and (claim.profile.resembles(claim.traces) or rewriter_of("message_id", claim.traces))
    ):
        return None
    alike = ranked(claim.traces if claim else facts.mailer_traces)
    if not alike:
        return None
    named = ", ".join(f"{profile.name} ({rate.bits:.1f} bits)" for profile, rate in alike)
    values = (("looks_like", named), ("message_id", facts.message_id.value))
    return Finding(
        NAME,
        Outcome.SILENT,
        alike[0][1],
        "mailer.looks_like",
        values,
        (observe("message_id", facts.message_id.value, facts.message_id.field),),
    )


CHECK = Check(
    NAME,
    "mailer",
    "The programs whose Message-ID and boundary the message has, ranked by how much likelier "
    "their mail shows them than that of other programs.",
    "A message that names no program, or one it was not written by, still bears the marks of "
    "what made it.",
    "Programs share libraries and shapes, and a shape can be copied: a resemblance is never "
    "one tool for sure, and never a sign of forgery. "
    "It is not said where the host in the id is another sender's or service's, nor of a "
    "shape that 1 in 200 messages of other programs have; "
    "its strength is bounded by what the count can show.",
    "firsthop/evidence/mailers/*.toml, each with its own source; counted on the corpora",
    _look,
)
