"""Weighs one view of a message (Message-ID, boundary, fields, order) against the
program it names.

Marks of one view come from one piece of code, or from one choice of the forger: they
are not independent. A view therefore weighs as much as its strongest mark, never more:
of several marks that are lacking the one with the most weight, and the view's own count
where all are met.

A Message-ID of another shape is one witness, and servers, gateways, files and users put
ids in. It contradicts where the boundary or the fields do too, or where the profile
says that nobody else gives the id; else it says nothing.
"""

from __future__ import annotations

from dataclasses import replace

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.mailers.mailer import Profile, claimed_profile
from firsthop.evidence.mailers.traces import Traces
from firsthop.judgement.finding import BaseRate, Finding, Observation, Outcome, observe, silent
from firsthop.judgement.rates.mailer_rates import RATES, Rates
from firsthop.system.named_tuple import NamedTuple

SECOND = ("boundary", "fields")  # views that a server which adds an id leaves as they are
# messages of the program in which a mark must have been read, before lacking it weighs
# anything
LEAST = 8


class Weighed(NamedTuple):
    """What a view says: the marks it lacks (none: it meets all that could be read), and
    how strong that is."""

    lacking: tuple[str, ...]
    strength: BaseRate | None
    alone: bool = False  # a Message-ID that somebody else may have given: it carries no weight


class Claimed(NamedTuple):
    """The program a message names, or that a publication asserts for it, with the
    traces it is measured by."""

    mailer: Observation
    profile: Profile | None
    traces: Traces


def claimed(facts: MessageFacts, case_file: CaseFile) -> Claimed | None:
    """The claim of a message; None where neither the message nor a publication names a
    program."""
    mailer = _mailer(facts, case_file)
    if mailer is None:
        return None
    left = facts.mailer_traces
    if mailer.asserted:
        left = replace(left, mailer=mailer.value)
    return Claimed(mailer, claimed_profile(mailer.value), left)


def _mailer(facts: MessageFacts, case_file: CaseFile) -> Observation | None:
    if facts.mailer.value:
        return observe("mailer", facts.mailer.value, facts.mailer.field)
    asserted = case_file.claim("x_mailer") if case_file.asserted else None
    return Observation("mailer", asserted.value, asserted=True) if asserted else None


def weigh(profile: Profile, view: str, traces: Traces, rates: Rates = RATES) -> Weighed | None:
    """What a view says of the program; None where no mark of it can be read, or where
    it lacks one and a relay is known to have rewritten it."""
    weighed = _one_view(profile, view, traces, rates)
    if weighed is None or view != "message_id" or not weighed.lacking:
        return weighed
    if profile.own_id or any(_against(profile, other, traces, rates) for other in SECOND):
        return weighed
    return Weighed(weighed.lacking, None, alone=True)


def _against(profile: Profile, view: str, traces: Traces, rates: Rates) -> bool:
    weighed = _one_view(profile, view, traces, rates)
    return weighed is not None and weighed.strength is not None and weighed.strength.bits <= -1.0


def _one_view(profile: Profile, view: str, traces: Traces, rates: Rates) -> Weighed | None:
    reading = profile.read(view, traces)
    if not reading or (reading.lacking and profile.spoilt(view, traces)):
        return None
    if not reading.lacking:
        return Weighed((), _support(rates.get((profile.key, f"meets.{view}"))))
    rates_of_lacking = [rates.get((profile.key, f"lacks.{mark}")) for mark in reading.lacking]
    counted = [
        rate
        for rate in rates_of_lacking
        if rate is not None and rate.holds[1] >= LEAST and rate.bits < 0
    ]
    return Weighed(reading.lacking, min(counted, key=lambda rate: rate.bits, default=None))


def _support(rate: BaseRate | None) -> BaseRate | None:
    """A mark that is met never speaks against the program."""
    return rate if rate is not None and rate.bits > 0 else None


def look_at(check: str, view: str, facts: MessageFacts, case_file: CaseFile) -> Finding | None:
    """The finding of a check over one view other than the Message-ID; these need the
    message itself, never only what is asserted of it."""
    if not facts.mailer.value or claimed_profile(facts.mailer.value) is None:
        return None  # what is only asserted is no matter of these, as is what nobody knows
    claim = claimed(facts, case_file)
    if claim is None or claim.profile is None or not claim.traces.whole:
        return None
    profile = claim.profile
    weighed = weigh(profile, view, claim.traces)
    if weighed is None:
        return _rewritten(check, view, claim)
    values = (("mailer", profile.name), ("marks", ",".join(weighed.lacking)))
    if not weighed.lacking:
        return Finding(
            check,
            Outcome.SUPPORTS,
            weighed.strength,
            f"mailer.{view}_consistent",
            values,
            (claim.mailer,),
        )
    return Finding(
        check,
        Outcome.CONTRADICTS,
        weighed.strength,
        f"mailer.{view}_contradicted",
        values,
        (claim.mailer, *_seen(view, claim.traces)),
    )


def _rewritten(check: str, view: str, claim: Claimed) -> Finding | None:
    rewriter = claim.profile.spoilt(view, claim.traces) if claim.profile else None
    return (
        silent(
            check,
            f"mailer.{view}_rewritten",
            (claim.mailer,),
            mailer=claim.mailer.value,
            rewriter=rewriter.name,
        )
        if rewriter
        else None
    )


def _seen(view: str, traces: Traces) -> tuple[Observation, ...]:
    """The field that a view's marks were read from, where it is one field."""
    field = traces.field("content-type") if view == "boundary" else None
    return (observe(view, field.value, field),) if field else ()
