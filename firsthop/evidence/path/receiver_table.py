"""Reads `receivers/*.toml`: whose servers write the lines on top of a delivered
message.

    name, kind, source   kind = "mailbox" | "gateway" (stands before a mailbox) | "list"
    provider             the key of providers/*.toml whose users' mailboxes these are
    left_out             what was looked for and has no source: said, not guessed
    [[host]]             writers of its Received lines: host (pattern on the labels left
                         of the domain, left out: the domain itself) and domain, or
                         label (pattern of a whole name without a domain)
    [[inner]]            networks that its own servers have among themselves, basis:
                         never those that an outsider, another tenant or a user can
                         connect from
    [[writing]]          the same, where its lines show them as writer only
    [[line]]             pattern of a whole line by which it passes a message on to
                         itself; where the line names a client, the pattern leaves no
                         other than its own, and a writer with a domain is in one of
                         its hosts'
    [[outgoing]] [[outgoing_host]]   of gateways: where it hands over to the mailbox
                                     behind it
    [[results]]          field, authserv (pattern) or none = true (it writes no
                         authserv-id), place = "above" | "below" its own hand-over line,
                         removes_foreign
    [[field]]            name, pattern with named groups (what it tells), place =
                         "above" | "below" | "anywhere", outsider = true where a
                         sender's copy is left standing
    [[example]]          received, results, field or outgoing, with what the table must
                         say of it

Each entry has a `source`; hosts and networks may have `from` and `until`, as in
providers/*.toml. Nothing is judged here, and nothing is guessed: what has no source
stands in `left_out`.
"""

from __future__ import annotations

from typing import Any

from firsthop.errors import TableError
from firsthop.evidence.providers import provider_table
from firsthop.evidence.providers.provider_table import Host, Range
from firsthop.system.expression import Expression
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import demand

KINDS = ("mailbox", "gateway", "list")
PLACES = ("above", "below", "anywhere")
SECTIONS = "host inner writing line outgoing outgoing_host results field example".split()


class TextPattern(NamedTuple):
    """A pattern of whole texts: names without a domain, or lines."""

    pattern: Expression
    source: str


class ResultsPlace(NamedTuple):
    """Where it writes what it found (RFC 8601, RFC 7208 section 9.1, RFC 8617)."""

    field: str  # lower case
    authserv: Expression | None  # None: it writes no authserv-id
    place: str  # above | below its own hand-over line
    removes_foreign: bool | None  # None: not known
    source: str

    def bears(self, authserv_id: str | None) -> bool:
        """Whether an authserv-id, or none, is what it writes."""
        if authserv_id is None or self.authserv is None:
            return authserv_id is None and self.authserv is None
        return bool(self.authserv.fullmatch(authserv_id.lower()))


class ReceiverField(NamedTuple):
    """A field of its own and what it tells."""

    name: str  # lower case
    pattern: Expression
    place: str  # above | below its own hand-over line; anywhere
    outsider: bool | None  # whether a sender's copy is left standing; None: not known
    source: str


def check_form(where: str, table: dict[str, Any]) -> None:
    """TableError for a section or key that the form does not know, or a kind that is
    none."""
    known = {"name", "kind", "provider", "source", "left_out", *SECTIONS}
    demand(where, table, known, {"name", "kind", "source", "left_out", "host", "example"})
    _word(where, table["kind"], KINDS)
    if table["kind"] != "gateway" and (table.get("outgoing") or table.get("outgoing_host")):
        raise TableError(f"{where}: only a gateway hands over to a mailbox behind it")


def hosts(where: str, table: dict[str, Any], section: str) -> tuple[Host, ...]:
    """The host patterns of a section that have a domain."""
    named = [entry for entry in table.get(section, ()) if "label" not in entry]
    return provider_table.hosts(where, {section: named}, section)


def labels(where: str, table: dict[str, Any]) -> tuple[TextPattern, ...]:
    """The names of hosts without a domain."""
    entries = []
    for entry in table["host"]:
        if "label" in entry:
            demand(f"{where} host", entry, {"label", "source"}, {"source"})
            entries.append(
                TextPattern(Expression(f"{where} host", entry["label"]), entry["source"])
            )
    return tuple(entries)


def networks(where: str, table: dict[str, Any], section: str) -> tuple[Range, ...]:
    """The address ranges of a section."""
    return provider_table.ranges(f"{where} {section}", {"range": table.get(section, ())})


def lines(where: str, table: dict[str, Any]) -> tuple[TextPattern, ...]:
    """The lines by which it passes a message on to itself."""
    entries = []
    for entry in table.get("line", ()):
        demand(f"{where} line", entry, {"pattern", "source"}, {"pattern", "source"})
        entries.append(TextPattern(Expression(f"{where} line", entry["pattern"]), entry["source"]))
    return tuple(entries)


def results_places(where: str, table: dict[str, Any]) -> tuple[ResultsPlace, ...]:
    """Where it writes its results."""
    entries = []
    for entry in table.get("results", ()):
        what = f"{where} results"
        known = {"field", "authserv", "none", "place", "removes_foreign", "source"}
        demand(what, entry, known, {"field", "place", "source"})
        if ("authserv" in entry) == (entry.get("none") is True):
            raise TableError(f"{what} {entry['field']}: either authserv or none = true")
        pattern = Expression(what, entry["authserv"]) if "authserv" in entry else None
        place = _word(what, entry["place"], PLACES[:2])
        removes = entry.get("removes_foreign")
        entries.append(
            ResultsPlace(entry["field"].lower(), pattern, place, removes, entry["source"])
        )
    return tuple(entries)


def receiver_fields(where: str, table: dict[str, Any]) -> tuple[ReceiverField, ...]:
    """Its own fields."""
    entries = []
    for entry in table.get("field", ()):
        what = f"{where} field"
        known = {"name", "pattern", "place", "outsider", "source"}
        demand(what, entry, known, {"name", "pattern", "place", "source"})
        place = _word(what, entry["place"], PLACES)
        pattern = Expression(what, entry["pattern"])
        name = entry["name"].lower()
        entries.append(ReceiverField(name, pattern, place, entry.get("outsider"), entry["source"]))
    return tuple(entries)


def _word(where: str, word: str, known: tuple[str, ...]) -> str:
    if word not in known:
        raise TableError(f"{where}: {word!r} is none of {', '.join(known)}")
    return word
