"""Reads `providers/*.toml`: how mail of a provider leaves it, each value with its
source and the time for which the source speaks.

    name, source                 the provider and where its table comes from in general
    shared                       whose mail leaves by the same servers, too, with the
                                 source: a departure then proves nothing of the author
    owned                        domains under which every host is the provider's,
                                 except its customers' own lines
    left_out                     what was looked for and has no source: said, not
                                 guessed
    [[domains]]                  names (author domains), source
    [[policy]]                   domains, dmarc = "quarantine" | "reject": the published
                                 wish that other servers' mail in these domains be
                                 refused
    [[outbound]] [[inside]]      host (pattern on the labels left of the domain, left
                                 out: the domain itself), domain: a client as its
                                 receiver sees it; a writer on the way out
    [[arrival]] [[customer]]     the same: servers that take mail from outside; names of
                                 customers' lines, which are not the provider's servers
    [[range]]                    networks, basis = "spf" | "observed"
    [[helo]]                     pattern of the names its servers claim; never proof of
                                 anything
    [[message_id]]               host: pattern on what stands right of the "@", left:
                                 what must be found left of it, where only its servers
                                 write both; shape: pattern of the whole id
    [[field]]                    name, pattern, by = "transport" | "webmail", presence =
                                 "always" | "sometimes", seen = [k, n]
    [[signature]] [[sealer]]     domains, selectors of DKIM signatures; of ARC seals
    [[authserv]]                 pattern of authserv-ids (RFC 8601 section 2.2)
    [[example]]                  received, author_id, or field: what the table must say
                                 of it, and look-alikes it must not claim

Each entry has a `source` and may have `from` and `until`, days: the time for which it
is known. `from` left out: since before the oldest source; `until` left out: to the
newest. Nothing is said of a time outside: it is unknown, not excluded. Nothing is
judged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from ipaddress import ip_network
from typing import Any

from firsthop.errors import TableError
from firsthop.evidence.host.networks import Network, Networks
from firsthop.evidence.timestamp import days_from_civil
from firsthop.system.expression import Expression
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import demand

MAX_NAME = 255  # RFC 1035 section 2.3.4
MAX_LINE = 998  # RFC 5322 section 2.1.1
SECTIONS = (
    "domains policy outbound inside arrival customer range helo message_id field signature "
    "sealer authserv example"
).split()
TIMED = {"source", "from", "until"}


class Period(NamedTuple):
    """The time for which a source speaks, in seconds since 1970; None: open on that
    side."""

    start: int | None
    stop: int | None

    def holds(self, instant: int | None) -> bool | None:
        """Whether an instant lies in it; None where there is no instant."""
        if instant is None:
            return None
        return (self.start is None or self.start <= instant) and (
            self.stop is None or instant < self.stop
        )


class Fact(NamedTuple):
    """What a table says once: patterns or words, with their period and source."""

    words: tuple[str, ...]  # domains, names or networks as written
    pattern: Expression | None
    period: Period
    source: str
    values: dict[str, Any]  # the other keys of the entry


class Host(NamedTuple):
    """A pattern of host names below one domain, compared by whole labels."""

    domain: str
    left: Expression | None  # None: the domain itself
    period: Period
    source: str

    def matches(self, name: str) -> bool:
        """Whether a host name is one of these."""
        return self.matches_bare(bare_host(name))

    def matches_bare(self, host: str) -> bool:
        """The same of a name as `bare_host` gives it, for who asks many."""
        if self.left is None:
            return host == self.domain
        return host.endswith("." + self.domain) and bool(
            self.left.fullmatch(host[: -len(self.domain) - 1])
        )


class OwnField(NamedTuple):
    """A header field that the provider's servers write."""

    name: str  # lower case
    pattern: Expression | None
    by: str  # transport | webmail
    presence: str  # always | sometimes, in the mail it was counted in
    seen: tuple[int, int] | None  # k of n genuine mails of the corpora
    period: Period
    source: str


class IdShape(NamedTuple):
    """Message-IDs that the provider's own servers make."""

    host: Expression
    left: Expression | None
    shape: Expression
    period: Period
    source: str

    def speaks_of(self, message_id: str) -> bool:
        """Whether an id looks like one that only the provider makes."""
        if len(message_id) > MAX_LINE:
            return False
        left, at, host = message_id.rpartition("@")
        return bool(
            at and self.host.fullmatch(host) and (self.left is None or self.left.search(left))
        )


@dataclass(frozen=True)
class Range:
    """Networks from which the provider's servers send, read when one is asked for."""

    where: str  # the table, for who reads of a mistake
    written: tuple[str, ...]
    # spf: as the provider published it; observed: addresses seen under its servers'
    # names
    basis: str
    period: Period
    source: str

    def holds(self, address: str) -> bool:
        """Whether an address lies in one of the networks."""
        return self._apart.hold(address)

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """The networks. TableError where one is none."""
        try:
            return tuple(ip_network(text) for text in self.written)
        except ValueError as error:
            raise TableError(f"{self.where} range: {error}") from error

    @cached_property
    def _apart(self) -> Networks:
        return Networks(self.networks)


def bare_host(name: str) -> str:
    """A host name in lower case without a final dot; "" for what is too long
    to be one."""
    return name.lower().rstrip(".") if len(name) <= MAX_NAME else ""


def in_domain(name: str, domain: str) -> bool:
    """Whether a host is the domain or below it, by whole labels."""
    host = bare_host(name)
    return host == domain or host.endswith("." + domain)


def check_sections(where: str, table: dict[str, Any]) -> None:
    """TableError for a section or key that the form does not know."""
    demand(
        where,
        table,
        {"name", "source", "shared", "owned", "left_out", *SECTIONS},
        {"name", "source", "domains", "example"},
    )


def _day(where: str, value: Any, days_later: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, date):
        raise TableError(f"{where}: {value!r} is no day")
    return (days_from_civil(value.year, value.month, value.day) + days_later) * 86_400


def _period(where: str, entry: dict[str, Any]) -> Period:
    period = Period(_day(where, entry.get("from"), 0), _day(where, entry.get("until"), 1))
    if period.start is not None and period.stop is not None and period.start >= period.stop:
        raise TableError(f"{where}: the period ends before it begins")
    return period


def hosts(where: str, table: dict[str, Any], section: str) -> tuple[Host, ...]:
    """The host patterns of a section."""
    entries = []
    for entry in table.get(section, ()):
        demand(f"{where} {section}", entry, {"host", "domain", *TIMED}, {"domain", "source"})
        left = Expression(where, entry["host"]) if "host" in entry else None
        entries.append(Host(entry["domain"], left, _period(where, entry), entry["source"]))
    return tuple(entries)


def ranges(where: str, table: dict[str, Any]) -> tuple[Range, ...]:
    """The address ranges."""
    entries = []
    for entry in table.get("range", ()):
        demand(
            f"{where} range", entry, {"networks", "basis", *TIMED}, {"networks", "basis", "source"}
        )
        if entry["basis"] not in ("spf", "observed"):
            raise TableError(f"{where} range: basis must be spf or observed")
        written, period = tuple(entry["networks"]), _period(where, entry)
        entries.append(Range(where, written, entry["basis"], period, entry["source"]))
    return tuple(entries)


def own_fields(where: str, table: dict[str, Any]) -> tuple[OwnField, ...]:
    """The provider's own header fields."""
    entries = []
    for entry in table.get("field", ()):
        demand(
            f"{where} field",
            entry,
            {"name", "pattern", "by", "presence", "seen", *TIMED},
            {"name", "by", "presence", "source"},
        )
        if entry["by"] not in ("transport", "webmail") or entry["presence"] not in (
            "always",
            "sometimes",
        ):
            raise TableError(f"{where} field {entry['name']}: by or presence has an unknown word")
        pattern = Expression(where, entry["pattern"]) if "pattern" in entry else None
        seen = (entry["seen"][0], entry["seen"][1]) if "seen" in entry else None
        entries.append(
            OwnField(
                entry["name"].lower(),
                pattern,
                entry["by"],
                entry["presence"],
                seen,
                _period(where, entry),
                entry["source"],
            )
        )
    return tuple(entries)


def id_shapes(where: str, table: dict[str, Any]) -> tuple[IdShape, ...]:
    """The shapes of Message-IDs that the provider makes."""
    entries = []
    for entry in table.get("message_id", ()):
        demand(
            f"{where} message_id",
            entry,
            {"host", "left", "shape", *TIMED},
            {"host", "shape", "source"},
        )
        left = _left(where, entry["left"]) if "left" in entry else None
        entries.append(
            IdShape(
                Expression(where, entry["host"]),
                left,
                Expression(where, entry["shape"]),
                _period(where, entry),
                entry["source"],
            )
        )
    return tuple(entries)


def _left(where: str, pattern: str) -> Expression:
    """What is searched in the local part of a Message-ID."""
    return Expression(where, pattern)


def facts(
    where: str, table: dict[str, Any], section: str, words: str | None, extra: set[str]
) -> tuple[Fact, ...]:
    """The entries of a section that are words, or a pattern, with a source."""
    entries = []
    for entry in table.get(section, ()):
        demand(
            f"{where} {section}",
            entry,
            {words or "pattern", *extra, *TIMED},
            {words or "pattern", "source"},
        )
        pattern = None if words else Expression(where, entry["pattern"])
        listed = tuple(entry[words]) if words else ()
        entries.append(
            Fact(
                listed,
                pattern,
                _period(where, entry),
                entry["source"],
                {key: entry[key] for key in sorted(extra & entry.keys())},
            )
        )
    return tuple(entries)
