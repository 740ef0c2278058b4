"""Reads one Received line into a Hop: cuts it into clauses, finds its dialect, reads
each clause, puts together what they say.

Never raises and never drops: what no table knows stays in `unread`, a line nobody can
read is a hop with its raw text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firsthop.evidence.received.clause_reader import Beyond, read_clause
from firsthop.evidence.received.clauses import MAX_LINE, Clauses, read_clauses
from firsthop.evidence.received.dialects import Dialect, Recogniser, recognise
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.hostile import settled
from firsthop.evidence.received.plain import is_plain

# characters: a longer clause is read anew each time, so that no memory grows with what
# a sender writes
MAX_MEMO = 400
_read_anew = read_clause.__wrapped__
# clauses that no server writes empty: their text was in angle brackets and a
# publication ate it
EATEN = {"for": "forward_path", "id": "queue_id"}
_NOTHING: dict[str, Any] = {}
# A hop of which nothing is known, in the order of its fields: filled, its values are
# the hop.
BLANK: dict[str, Any] = dict.fromkeys(Hop._fields) | Hop._field_defaults | {"kind": None}
_new = tuple.__new__
WEIGHT = ("tail", "for", "id", "via", "with", "by", "from", "head")


def read_received(value: str) -> Hop:
    """The hop that an unfolded Received value tells."""
    clauses = read_clauses(value)
    return read_cut(value, clauses, recognise(clauses))


def read_cut(value: str, clauses: Clauses, dialect: Recogniser | None) -> Hop:
    """The hop of a line that is cut; one in which the client's words may pass for the
    server's is read with care (hostile.py)."""
    hop = hop_of(value, clauses, dialect)
    return (
        hop
        if is_plain(value, clauses, dialect.dialect if dialect else None)
        else settled(hop, _read_marked)
    )


def read_form(value: str, clauses: Clauses, recognised: Recogniser | None) -> Hop:
    """The same where the dialect is known beforehand, whatever stands in for the line's
    words (line_templates.py)."""

    def read(line: str) -> tuple[Callable[[], Hop], Dialect | None]:
        return lambda: hop_of(line, read_clauses(line), recognised), dialect

    dialect = recognised.dialect if recognised else None
    hop = hop_of(value, clauses, recognised)
    return hop if is_plain(value, clauses, dialect) else settled(hop, read)


def _read_marked(line: str) -> tuple[Callable[[], Hop], Dialect | None]:
    clauses = read_clauses(line)
    dialect = recognise(clauses)
    return lambda: hop_of(line, clauses, dialect), dialect.dialect if dialect else None


def hop_of(value: str, clauses: Clauses, recognised: Recogniser | None) -> Hop:
    """The hop of a line that is cut into its clauses and whose dialect is found."""
    facts = BLANK.copy()
    facts["raw"] = value
    facts["stamp"] = clauses.stamp
    if recognised:
        facts.update(recognised.implies)
    beyond = _read_clauses(clauses, recognised, facts)
    if facts["kind"] is None:
        facts["kind"] = _kind(facts)
    if beyond:
        _put_beyond(facts, beyond)
    if clauses.bare and (lost := tuple(EATEN[name] for name in clauses.bare if name in EATEN)):
        facts["value_lost"] += lost
    if clauses.repeated or len(value) > MAX_LINE:
        facts["notes"] = _notes(clauses, value)
    return _new(Hop, facts.values())


def _read_clauses(c: Clauses, recognised: Recogniser | None, facts: dict[str, Any]) -> list[Beyond]:
    """Puts together what the clauses say, the weightiest last: an earlier clause goes
    before a later one, and what the recogniser sets before all.

    Returns what the clauses have beyond that.
    """
    dialect, says = (recognised.dialect, recognised.says) if recognised else (None, _NOTHING)
    beyond = []
    kind = says.get("kind")
    for clause, text in zip(
        WEIGHT, (c.tail, c.for_, c.id, c.via, c.with_, c.by, c.from_, c.head), strict=True
    ):
        if not text:
            continue
        if clause == "id" and " " not in text and text[0] not in '<("':
            facts["queue_id"] = text
            continue
        read = read_clause if len(text) <= MAX_MEMO else _read_anew
        reading = read(clause, dialect, (kind or facts["kind"]) if clause == "from" else None, text)
        facts.update(reading.facts)
        if reading.beyond:
            beyond.append(reading.beyond)
    facts.update(says)
    return beyond


def _kind(facts: dict[str, Any]) -> str:
    """The kind of a hop that neither its protocol nor a table tells."""
    if facts["client_address"] is not None or facts["helo"] is not None:
        return "smtp"
    return "local" if facts["by"] is not None else "unreadable"


def _put_beyond(facts: dict[str, Any], beyond: list[Beyond]) -> None:
    """Unread texts, lost values and repairs, in the order of the line."""
    for of_clause in reversed(beyond):
        for name, value in of_clause:
            facts[name] += tuple(value)


def _notes(clauses: Clauses, value: str) -> tuple[str, ...]:
    notes = tuple(f"repeated_clause:{name}" for name in clauses.repeated)
    return (*notes, "line_too_long") if len(value) > MAX_LINE else notes
