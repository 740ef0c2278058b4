"""What mail clients leave in a message, as tables: `mailers/*.toml`. Says which marks a
message meets or lacks; it gives no verdict.

name, source, period         the program, where its marks are known from, and the years
                             in which it was written or sold
claims                       pattern on X-Mailer / User-Agent by which a message names
                             the program (left out: never named)
known_by                     { field, pattern } by which its mail is known without a
                             name: only for counting
looks_like = true            a shape by itself: may be named beside a Message-ID that
                             contradicts another program, never as one tool for sure
family                       programs of one family share the code that makes ids: they
                             are not counted against each other
general                      pattern on ids of its shape that libraries of others make
                             as well: never "looks like" by these
hosts                        pattern on the host right of the @ that is the program's or
                             service's own (left out: the author's or his machine's)
names_itself = true          it always writes its name: mail that names no program is
                             not its own
own_id = true                nobody else gives it: the id contradicts by itself
[[mark]]                     what the program leaves; kinds and keys in mailer_marks.py
[[example]]                  header (lines of a header), fails: the names of the marks
                             it lacks
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from firsthop.evidence.mailers.id_writer import without_token
from firsthop.evidence.mailers.marks import VIEWS, Mark, read_mark
from firsthop.evidence.mailers.rewriting import GATEWAY, Rewriter, rewriter_of
from firsthop.evidence.mailers.traces import Traces
from firsthop.mail.message import Message, Source
from firsthop.system.expression import Expression
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import demand, package_tables


class ViewReading(NamedTuple):
    """The marks of one view that could be read in a message: those it meets and those
    it lacks, in the table's order."""

    met: tuple[str, ...]
    lacking: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.met or self.lacking)


class Profile(NamedTuple):
    """One program's marks."""

    key: str
    name: str
    source: str
    period: str
    claims: Expression | None
    known_by: tuple[str, Expression] | None
    looks_like: bool
    marks: dict[str, tuple[Mark, ...]]  # by view
    examples: tuple[dict[str, Any], ...]
    family: str = ""
    general: Expression | None = None
    hosts: Expression | None = None
    own_id: bool = False
    names_itself: bool = False
    id_shape: Expression | None = None  # what each of its ids matches; None: no mark says

    def read(self, view: str, traces: Traces) -> ViewReading:
        """Which marks of a view the message meets and which it lacks; those that cannot
        be read are in neither."""
        met, lacking = [], []
        for mark in self.marks[view]:
            if answer := mark.met(traces):
                met.append(mark.name)
            elif answer is False:
                lacking.append(mark.name)
        return ViewReading(tuple(met), tuple(lacking))

    def may_have_made(self, message_id: str) -> bool:
        """Whether it is worth asking all marks: of most programs an id has not even the
        shape."""
        return self.id_shape is None or self.id_shape.search(message_id) is not None

    def lacks_none(self, view: str, traces: Traces) -> bool:
        """Whether the message lacks none of the marks of a view that can be read."""
        for mark in self.marks[view]:  # noqa: SIM110 - each message asks it some twenty times
            if mark.met(traces) is False:
                return False
        return True

    def spoilt(self, view: str, traces: Traces) -> Rewriter | None:
        """What is known to have rewritten a view that lacks a mark, if anything."""
        rewriter = rewriter_of(view, traces)
        if rewriter is None and view == "message_id" and self._behind_a_token(traces):
            return GATEWAY
        return rewriter

    def _behind_a_token(self, traces: Traces) -> bool:
        """Whether the program's own id stands behind a token that a gateway put before
        it."""
        shorter = (
            replace(traces, message_id=rest) for rest in without_token(traces.message_id or "")
        )
        return any((r := self.read("message_id", t)).met and not r.lacking for t in shorter)

    def resembles(self, traces: Traces) -> bool:
        """Whether the message has the program's Message-ID and, where one can be read,
        its boundary."""
        asked = 0
        for mark in self.marks["message_id"]:
            met = mark.agrees(traces)
            if met is False:
                return False
            asked += met is True
        return asked > 0 and (
            self.lacks_none("boundary", traces) or rewriter_of("boundary", traces) is not None
        )


_NOTHING = Message(Source("", "", 0, ""), (), b"", b"")


def _only_id(message_id: str) -> Traces:
    return Traces(_NOTHING, "", message_id, None, whole=False)


def _profile(key: str, table: dict[str, Any]) -> Profile:
    where = f"mailers/{key}.toml"
    known = {"name", "source", "period", "claims", "known_by", "looks_like", "mark", "example"}
    known |= {"family", "general", "hosts", "own_id", "names_itself"}
    demand(where, table, known, {"name", "source", "period", "mark", "example"})
    marks = [read_mark(where, entry) for entry in table["mark"]]
    known_by = table.get("known_by")
    return Profile(
        key,
        table["name"],
        table["source"],
        table["period"],
        Expression(where, table["claims"]) if "claims" in table else None,
        (known_by["field"], Expression(where, known_by["pattern"])) if known_by else None,
        table.get("looks_like", False),
        {view: tuple(mark for mark in marks if mark.view == view) for view in VIEWS},
        tuple(table["example"]),
        table.get("family", ""),
        Expression(where, table["general"]) if "general" in table else None,
        Expression(where, table["hosts"]) if "hosts" in table else None,
        table.get("own_id", False),
        table.get("names_itself", False),
        next((mark.shape for mark in marks if mark.shape and not mark.only), None),
    )


PROFILES = {
    key: _profile(key, table) for key, table in package_tables("firsthop.evidence", "mailers")
}
MAX_NAME = 400  # characters of an X-Mailer text that are looked at
_NAMED = tuple(profile for profile in PROFILES.values() if profile.claims)
_SHAPES = tuple(profile for profile in PROFILES.values() if profile.looks_like)


def claimed_profile(mailer: str) -> Profile | None:
    """The profile of the program that an X-Mailer text names, or None where no table
    knows it."""
    return _claimed(mailer[:MAX_NAME])


@lru_cache(maxsize=4_096)
def _claimed(mailer: str) -> Profile | None:
    return next((p for p in _NAMED if p.claims and p.claims.search(mailer)), None)


def looks_like(message_id: str) -> tuple[Profile, ...]:
    """The programs whose Message-ID shape by itself this is."""
    traces = _only_id(message_id)
    return tuple(
        p for p in _SHAPES if p.may_have_made(message_id) and p.lacks_none("message_id", traces)
    )
