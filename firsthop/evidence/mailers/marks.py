"""The kinds of marks that a mailer table is written in. Each kind is a small question
to the traces of a message; None says that it cannot be asked.

    kind             view        keys                      asks whether
    message_id       message_id  pattern                   the Message-ID matches
    message_id_time  message_id  pattern, clock, zone,     the time in it is that
                                 within                    of Date
    boundary         boundary    pattern                   the boundary matches
    boundary_time    boundary    pattern, clock, zone,     the time in it is that
                                 within                    of Date
    same_token       boundary    message_id, boundary      the first groups of both
                                                           patterns are one text
    field            fields      field, pattern            it is there and matches
    no_field         fields      field                     it is not there
    thread_index     fields      within                    Thread-Index did not
                                                           begin later than Date
    since            fields      day                       Date is not earlier than
                                                           the program
    order            order       fields, least             those that are there
                                                           stand in this order

A clock's `kept = true` says that the program keeps an id that a draft, a template or a
file brings along: an id older than Date then says nothing, a younger one is still
wrong. Every mark has a name; `only` restricts it to the mailer texts that match. A
pattern that does not match a clock's text makes the clock silent: the shape is another
mark's question.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from firsthop.evidence.mailers.clocks import CLOCKS, FILETIME_EPOCH
from firsthop.evidence.mailers.traces import Traces
from firsthop.system.expression import Expression
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import demand

VIEWS = ("message_id", "boundary", "fields", "order")
Ask = Callable[[Traces], bool | None]


class Mark(NamedTuple):
    """One mark of a program."""

    name: str
    view: str
    kind: str
    only: Expression | None
    ask: Ask
    kept: Ask | None = None  # as `ask`, but an id that was kept from before says nothing
    shape: Expression | None = None  # of the kind `message_id`: its pattern

    def met(self, traces: Traces) -> bool | None:
        """Whether the message meets the mark; None where the mark cannot be
        read in it."""
        if self.only and not self.only.search(traces.mailer):
            return None
        return (self.kept or self.ask)(traces)

    def agrees(self, traces: Traces) -> bool | None:
        """As `met`, for who asks what a message looks like: an id kept from before is
        no match."""
        if self.only and not self.only.search(traces.mailer):
            return None
        return self.ask(traces)


def _pattern(entry: dict[str, Any], key: str = "pattern") -> Expression:
    return Expression(f"mark {entry['name']}", entry[key])


def _message_id(entry: dict[str, Any]) -> Ask:
    shape = _pattern(entry)
    return lambda t: None if t.message_id is None else bool(shape.search(t.message_id))


def _boundary(entry: dict[str, Any]) -> Ask:
    shape = _pattern(entry)
    return lambda t: None if (boundary := t.boundary) is None else bool(shape.search(boundary))


def _message_id_time(entry: dict[str, Any]) -> Ask:
    return _time(entry, lambda t: t.message_id)


def _boundary_time(entry: dict[str, Any]) -> Ask:
    return _time(entry, lambda t: t.boundary)


def _time(entry: dict[str, Any], text: Callable[[Traces], str | None]) -> Ask:
    shape, clock, zone, within = (
        _pattern(entry),
        CLOCKS[entry["clock"]],
        entry["zone"],
        entry["within"],
    )
    kept: bool = entry.get("kept", False)

    def ask(t: Traces) -> bool | None:
        value = text(t)
        match = shape.search(value) if value and t.date else None
        if match is None or t.date is None:
            return None
        readings = [
            r
            for r in (
                t.date.wall if zone != "utc" else None,
                t.date.instant if zone != "local" else None,
            )
            if r is not None
        ]
        return _near(clock, match, readings, within, kept) if readings else None

    return ask


def _near(
    clock: Callable[[re.Match[str]], float],
    match: re.Match[str],
    readings: list[int],
    within: int,
    kept: bool,
) -> bool | None:
    try:
        told = clock(match)
    except ValueError:
        return False
    if any(abs(told - reading) <= within for reading in readings):
        return True
    return None if kept and told < min(readings) else False


def _same_token(entry: dict[str, Any]) -> Ask:
    in_id, in_boundary = _pattern(entry, "message_id"), _pattern(entry, "boundary")

    def ask(t: Traces) -> bool | None:
        boundary = t.boundary
        one, other = (
            in_id.search(t.message_id) if t.message_id else None,
            in_boundary.search(boundary) if boundary else None,
        )
        return one[1] == other[1] if one and other else None

    return ask


def _field(entry: dict[str, Any]) -> Ask:
    name, shape = entry["field"], _pattern(entry)

    def ask(t: Traces) -> bool | None:
        value = t.value(name)
        return bool(shape.search(value)) if value is not None else False if t.whole else None

    return ask


def _no_field(entry: dict[str, Any]) -> Ask:
    name = entry["field"]
    return lambda t: False if name in t.fields else True if t.whole else None


def _since(entry: dict[str, Any]) -> Ask:
    day = entry["day"]
    start: float = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    return lambda t: None if t.date is None or t.date.wall is None else t.date.wall >= start


def _thread_index(entry: dict[str, Any]) -> Ask:
    """MS-OXOMSG section 2.2.1.3: the first six octets are the upper 48 bits of a
    FILETIME in UTC."""
    within: int = entry["within"]

    def ask(t: Traces) -> bool | None:
        value = t.value("thread-index")
        if not value or t.date is None or t.date.instant is None:
            return None
        try:
            head = base64.b64decode("".join(value.split())[:8], validate=True)
        except (binascii.Error, ValueError):
            return None
        return (int.from_bytes(head, "big") << 16) / 1e7 - FILETIME_EPOCH <= t.date.instant + within

    return ask


def _order(entry: dict[str, Any]) -> Ask:
    names, least = [name.lower() for name in entry["fields"]], entry["least"]

    def ask(t: Traces) -> bool | None:
        known = t.fields
        places = [known[name][0].span.start for name in names if name in known]
        return places == sorted(places) if len(places) >= least else None

    return ask


class Kind(NamedTuple):
    """A kind of mark: the view it belongs to, the keys it needs, how it is made."""

    view: str
    keys: frozenset[str]
    make: Callable[[dict[str, Any]], Ask]


_CLOCK = frozenset(("pattern", "clock", "zone", "within"))
KINDS = {
    "message_id": Kind("message_id", frozenset(("pattern",)), _message_id),
    "message_id_time": Kind("message_id", _CLOCK, _message_id_time),
    "boundary": Kind("boundary", frozenset(("pattern",)), _boundary),
    "boundary_time": Kind("boundary", _CLOCK, _boundary_time),
    "same_token": Kind("boundary", frozenset(("message_id", "boundary")), _same_token),
    "field": Kind("fields", frozenset(("field", "pattern")), _field),
    "no_field": Kind("fields", frozenset(("field",)), _no_field),
    "thread_index": Kind("fields", frozenset(("within",)), _thread_index),
    "since": Kind("fields", frozenset(("day",)), _since),
    "order": Kind("order", frozenset(("fields", "least")), _order),
}


_KEYS = {"name", "kind", "only", "kept"}.union(*(kind.keys for kind in KINDS.values()))


def read_mark(where: str, entry: dict[str, Any]) -> Mark:
    """The mark in one [[mark]] entry. TableError for a key that its kind does not know
    or lacks."""
    demand(where, entry, _KEYS, {"name", "kind"})
    kind = KINDS[entry["kind"]]
    also = {"name", "kind", "only"} | ({"kept"} if "clock" in kind.keys else set())
    demand(f"{where} {entry['name']}", entry, also | kind.keys, set(kind.keys))
    only = _pattern(entry, "only") if "only" in entry else None
    strict = {**entry, "kept": False}
    kept = kind.make(entry) if entry.get("kept") else None
    shape = _pattern(entry) if entry["kind"] == "message_id" else None
    return Mark(entry["name"], kind.view, entry["kind"], only, kind.make(strict), kept, shape)
