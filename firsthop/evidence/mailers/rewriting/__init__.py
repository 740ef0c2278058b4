"""What relays and lists put in place of the mail client's own traces: a table of their
shapes, `mailer_rewriters.toml`, and what the message's path and fields tell
(mailer_id_writer.py).

A spoilt view says nothing of the client.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from firsthop.evidence.mailers.id_writer import made_by_news, made_by_server
from firsthop.evidence.mailers.traces import Traces
from firsthop.system.expression import Expression
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import demand, package_table


class Rewriter(NamedTuple):
    """Software that rewrites, and how its work is known."""

    name: str
    spoils: tuple[str, ...]
    message_id: Expression | None
    boundary: Expression | None
    field: str | None
    pattern: Expression | None
    shared: bool  # some mail clients make the same shape
    words: tuple[str, ...] = ()  # one of which stands in each text that `pattern` matches

    def was_here(self, traces: Traces) -> bool:
        """Whether the message bears its work."""
        if self.message_id:
            return bool(traces.message_id and self.message_id.search(traces.message_id))
        if self.boundary:
            return bool((boundary := traces.boundary) and self.boundary.search(boundary))
        if self.field is None or self.pattern is None or self.field not in traces.fields:
            return False
        values = traces.values(self.field)
        if self.words:
            values = [one for one in values if any(word in one for word in self.words)]
        return any(map(self.pattern.search, values))


def _rewriter(entry: dict[str, Any]) -> Rewriter:
    where = "mailer_rewriters.toml"
    demand(
        where,
        entry,
        {
            "name",
            "source",
            "spoils",
            "message_id",
            "boundary",
            "field",
            "pattern",
            "shared",
            "words",
            "samples",
        },
        {"name", "source", "spoils", "samples"},
    )
    patterns = [
        Expression(where, entry[key]) if key in entry else None
        for key in ("message_id", "boundary", "pattern")
    ]
    return Rewriter(
        entry["name"],
        tuple(entry["spoils"]),
        patterns[0],
        patterns[1],
        entry.get("field"),
        patterns[2],
        entry.get("shared", False),
        tuple(entry.get("words", ())),
    )


TABLE = package_table(__package__, "rewriters.toml")
REWRITERS = tuple(_rewriter(entry) for entry in TABLE["rewriter"])


def _known(name: str, *spoils: str) -> Rewriter:
    return Rewriter(name, spoils, None, None, None, None, shared=True)


_OF_VIEW = {
    view: tuple(one for one in REWRITERS if view in one.spoils)
    for view in {view for one in REWRITERS for view in one.spoils}
}
NEWS = _known("a news server", "message_id", "order")  # it puts in what it misses where it likes
SERVER = _known("a server of the path", "message_id")
GATEWAY = _known("a gateway", "message_id")


@lru_cache(maxsize=4)  # the views of one message are asked for in turn, and again
def rewriter_of(view: str, traces: Traces) -> Rewriter | None:
    """The software that is known to have rewritten this view of the message, if any."""
    first = _first(view, traces)
    if first is None and view in NEWS.spoils and made_by_news(traces):
        return NEWS
    if first is None and view in SERVER.spoils and made_by_server(traces):
        return SERVER
    return first


def _first(view: str, traces: Traces) -> Rewriter | None:
    """The first of the table that rewrites a view, and whose work the message bears."""
    return next((one for one in _OF_VIEW.get(view, ()) if one.was_here(traces)), None)


def replaced_message_id(message_id: str) -> bool:
    """Whether this Message-ID has a shape that relays and lists make and no mail client
    does."""
    return any(
        rewriter.message_id.search(message_id)
        for rewriter in REWRITERS
        if rewriter.message_id and not rewriter.shared
    )
