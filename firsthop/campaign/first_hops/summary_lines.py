"""A summary as a line of JSON and back: what a case keeps of each message, and a run
that was killed leaves of those it has examined."""

from __future__ import annotations

import json
from functools import lru_cache
from sys import intern
from typing import Any

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.identity.identities import FieldState
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.timestamp import Stamp
from firsthop.judgement.finding import BaseRate, Finding, Observation, Outcome
from firsthop.mail.message import Evidence, Span

_encode = json.JSONEncoder(separators=(",", ":")).encode


def summary_line(summary: MessageSummary) -> str:
    """The summary as JSON in ASCII."""
    *marks, findings, answers = summary
    told = ",".join(map(_finding_text, findings))
    return f"{_encode(marks)[:-1]},[{told}],{_encode(answers)}]"


def read_summary(line: str) -> MessageSummary:
    """The summary in a line that `summary_line` wrote. ValueError, TypeError or
    KeyError for any other."""
    *marks, basis, author_domain, author, findings, answers = json.loads(line)
    uri, offset, sha256, evidence, message_id, state, first, hops = marks
    return MessageSummary(
        uri,
        offset,
        sha256,
        Evidence(evidence),
        message_id,
        FieldState(state),
        None if first is None else _hop(first),
        hops,
        Basis(basis),
        author_domain and intern(author_domain),
        author,
        tuple(_finding(row) for row in findings),
        tuple((question, answer) for question, answer in answers),
    )


def _hop(row: list[Any]) -> Hop:
    """NamedTuples become lists in JSON."""
    hop = Hop(*map(_tupled, row))
    return hop if hop.stamp is None else hop._replace(stamp=Stamp(*map(_tupled, hop.stamp)))


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _finding_text(finding: Finding) -> str:
    check, outcome, strength, key, values, observations = finding
    bare = _bare_text(check, outcome, strength, key)
    if not values and not observations:
        return f"{bare},[],[]]"
    seen = [[o.key, o.value, o.field, o.span, o.asserted] for o in observations]
    return f"{bare},{_encode(values)},{_encode(seen)}]"


@lru_cache(maxsize=4_096)
def _bare_text(check: str, outcome: str, rate: BaseRate | None, key: str) -> str:
    """What many findings say alike; the list is not closed."""
    return _encode([check, outcome, rate, key])[:-1]


def _finding(row: list[Any]) -> Finding:
    check, outcome, strength, message_key, values, seen = row
    corpus, holds, fails = strength or (None, (), ())
    bare = _bare(check, outcome, message_key, corpus, tuple(holds), tuple(fails))
    if not values and not seen:
        return bare
    observations = tuple(
        Observation(key, value, field, None if span is None else Span(*span), asserted)
        for key, value, field, span, asserted in seen
    )
    return bare._replace(values=tuple(map(tuple, values)), observations=observations)


@lru_cache(maxsize=4096)
def _bare(
    check: str,
    outcome: str,
    message_key: str,
    corpus: str | None,
    holds: tuple[int, int],
    fails: tuple[int, int],
) -> Finding:
    """One object for all messages of which it says the same."""
    rate = None if corpus is None else BaseRate(corpus, holds, fails)
    return Finding(check, Outcome(outcome), rate, message_key)
