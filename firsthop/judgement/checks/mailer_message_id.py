"""Does the Message-ID have the shape that the named mail client makes?"""

from __future__ import annotations

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.mailers.mailer import Profile, looks_like
from firsthop.evidence.mailers.traces import Traces
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Observation, Outcome, observe, silent
from firsthop.judgement.mailer_views import Weighed, claimed, weigh
from firsthop.judgement.verdicts.mailer import UNEXPLAINED

NAME = "mailer_message_id"


def _look(facts: MessageFacts, case_file: CaseFile) -> Finding | None:
    claim = claimed(facts, case_file)
    if claim is None:
        return None
    if claim.profile is None:
        return silent(NAME, "mailer.unknown", [claim.mailer], mailer=claim.mailer.value)
    message_id = facts.message_id
    if message_id.value is None:
        return silent(
            NAME, f"mailer.message_id_{message_id.state}", [claim.mailer], mailer=claim.profile.name
        )
    seen = (claim.mailer, observe("message_id", message_id.value, message_id.field))
    weighed = weigh(claim.profile, "message_id", claim.traces)
    if weighed is None:
        return _rewritten(claim.profile, claim.traces, seen)
    if weighed.alone:
        return silent(NAME, UNEXPLAINED, seen, mailer=claim.profile.name)
    resembles = ", ".join(p.name for p in looks_like(message_id.value))
    values = (
        ("mailer", claim.profile.name),
        ("marks", ",".join(weighed.lacking)),
        ("looks_like", resembles),
        ("message_id", message_id.value),
    )
    outcome = Outcome.CONTRADICTS if weighed.lacking else Outcome.SUPPORTS
    return Finding(NAME, outcome, weighed.strength, _says(weighed, resembles), values, seen)


def _rewritten(profile: Profile, traces: Traces, seen: tuple[Observation, ...]) -> Finding | None:
    if profile.spoilt("message_id", traces) is None:
        return None
    return silent(NAME, "mailer.message_id_rewritten", seen, mailer=profile.name)


def _says(weighed: Weighed, resembles: str) -> str:
    if not weighed.lacking:
        return "mailer.consistent"
    return "mailer.contradicted_looks_like" if resembles else "mailer.contradicted"


CHECK = Check(
    NAME,
    "mailer",
    "A Message-ID that the program named in X-Mailer or User-Agent does not make: its shape, "
    "its bits, the time inside it.",
    "A program makes its Message-IDs by its own code; who only copies its X-Mailer line "
    "rarely copies that.",
    "Relays and lists that replace Message-IDs (Hotmail, Lyris, groups.io, servers that add "
    "a missing one, news servers, gateways) are in a table "
    "or known by the path and give no finding. An id that somebody else may have given "
    "counts only beside a second view that contradicts. "
    "Versions change.",
    "firsthop/evidence/mailers/*.toml, each with its own source; counted on the corpora",
    _look,
)
