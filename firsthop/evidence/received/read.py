"""Reads one Received line into a Hop: cuts it into clauses, finds its dialect, reads each clause, puts together what they say.

Never raises and never drops: what no table knows stays in `unread`, a line nobody can read is a hop with its raw text.
"""

from __future__ import annotations

from typing import Any

from firsthop.evidence.received.clauses import MAX_LINE, Clauses, read_clauses
from firsthop.evidence.received.dialects import Recogniser, recognise
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.reader import Beyond, read_clause

MAX_MEMO = 400  # characters: a longer clause is read anew each time, so that no memory grows with what a sender writes
_read_anew = read_clause.__wrapped__
EATEN = {"for": "forward_path", "id": "queue_id"}  # clauses that no server writes empty: their text was in angle brackets and a publication ate it
_NOTHING: dict[str, Any] = {}
_WEIGHT = ("tail", "for", "id", "via", "with", "by", "from", "head")


def read_received(value: str) -> Hop:
    """The hop that an unfolded Received value tells."""
    clauses = read_clauses(value)
    found = recognise(clauses)
    facts = dict(found.implies) if found else {}
    beyond = _read_clauses(clauses, found, facts)
    if "kind" not in facts:
        facts["kind"] = _kind(facts)
    if beyond:
        _put_beyond(facts, beyond)
    if clauses.bare and (lost := tuple(EATEN[name] for name in clauses.bare if name in EATEN)):
        facts["value_lost"] = (*facts.get("value_lost", ()), *lost)
    if clauses.repeated or len(value) > MAX_LINE:
        facts["notes"] = _notes(clauses, value)
    return Hop(value, stamp=clauses.stamp, **facts)


def _read_clauses(c: Clauses, found: Recogniser | None, facts: dict[str, Any]) -> list[Beyond]:
    """Puts together what the clauses say, the weightiest last: an earlier clause goes before a later one, and what the recogniser sets before all.

    Returns what the clauses have beyond that.
    """
    dialect, says = (found.dialect, found.says) if found else (None, _NOTHING)
    beyond = []
    kind = says.get("kind")
    for clause, text in zip(_WEIGHT, (c.tail, c.for_, c.id, c.via, c.with_, c.by, c.from_, c.head), strict=True):
        if not text:
            continue
        if clause == "id" and " " not in text and text[0] not in '<("':
            facts["queue_id"] = text
            continue
        read = read_clause if len(text) <= MAX_MEMO else _read_anew
        reading = read(clause, dialect, (kind or facts.get("kind")) if clause == "from" else None, text)
        facts.update(reading.facts)
        if reading.beyond:
            beyond.append(reading.beyond)
    facts.update(says)
    return beyond


def _kind(facts: dict[str, Any]) -> str:
    """The kind of a hop that neither its protocol nor a table tells."""
    if "client_address" in facts or "helo" in facts:
        return "smtp"
    return "local" if "by" in facts else "unreadable"


def _put_beyond(facts: dict[str, Any], beyond: list[Beyond]) -> None:
    """Unread texts, lost values and repairs, in the order of the line."""
    for of_clause in reversed(beyond):
        for name, found in of_clause:
            facts[name] = (*facts.get(name, ()), *found)


def _notes(clauses: Clauses, value: str) -> tuple[str, ...]:
    notes = tuple(f"repeated_clause:{name}" for name in clauses.repeated)
    return (*notes, "line_too_long") if len(value) > MAX_LINE else notes
