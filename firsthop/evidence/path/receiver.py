"""Whose servers a reader's mailbox is on, from `receivers/*.toml` (form:
receiver_table.py).

The trust boundary walks down past a line only where its writer is the receiver's and
its client is inside. So a table says what its servers have among themselves and nothing
wider: an address from which another tenant, a user or a stranger can connect is no
inner one, and a name that a client gives of itself (HELO, RFC 5321 section 4.1.4)
counts nowhere. A line by which somebody logged in, wrote on the web or left a mailbox
hands a message in and never leads on (RFC 6409, RFC 5598).

Never decides where the boundary is, nor what is believed: receiving.py and
trusted_results.py do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.networks import Networks, is_address
from firsthop.evidence.path import receiver_table as form
from firsthop.evidence.path.receiver_table import KINDS, ReceiverField, ResultsPlace, TextPattern
from firsthop.evidence.providers.provider_table import Host, Range, bare_host
from firsthop.evidence.received.hop import Hop
from firsthop.mail.message import Field, beginning
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import package_tables

MAX_LINE = 2000  # characters of a line or field that are held against a pattern


class Receiver(NamedTuple):
    """One table."""

    key: str
    name: str
    kind: str  # mailbox | gateway | list
    provider: str | None  # of providers/*.toml
    source: str
    left_out: tuple[str, ...]
    hosts: tuple[Host, ...]
    labels: tuple[TextPattern, ...]  # hosts whose names have no domain
    inner: tuple[Range, ...]
    writing: tuple[Range, ...]  # its own as writers only
    outgoing: tuple[Range, ...]
    outgoing_hosts: tuple[Host, ...]
    lines: tuple[TextPattern, ...]
    results: tuple[ResultsPlace, ...]
    fields: tuple[ReceiverField, ...]
    examples: tuple[dict[str, Any], ...]

    def wrote(self, hop: Hop, instant: int | None = None) -> bool:
        """Whether one of its servers wrote a line: by its name, by its address where it
        gives no name, or because only it writes such lines. A private address is its
        own only where it writes by such, and below lines of its own: for the topmost
        line ask `receiver_of`."""
        if hop.by and not is_address(hop.by):
            named = _matches(self.hosts, hop.by, instant) or self._is_label(hop.by)
            return named or self.passes_on(hop)
        address = hop.by_address or hop.by
        known = self.writing if _has_private_writer(hop) else (*self.inner, *self.writing)
        return _within(known, address, instant) or self.passes_on(hop)

    def is_inner_client(self, hop: Hop, instant: int | None = None) -> bool:
        """Whether the client of a line is one of its own servers. One that logged in
        never is."""
        return not _handed_in(hop) and _within(self.inner, hop.client_address, instant)

    def passes_on(self, hop: Hop) -> bool:
        """Whether a line, the whole of it, is of a form by which it passes a message on
        to itself: without a client, or with one that the form itself holds to its own.
        """
        if not self.lines or len(hop.raw) > MAX_LINE:
            return False
        line = hop.raw.strip()
        return any(one.pattern.fullmatch(line) for one in self.lines)

    def owns_authserv_id(self, authserv_id: str | None) -> bool:
        """Whether its Authentication-Results bear this authserv-id, or none (RFC 8601
        section 2.2). The names it gives in ARC sets count only with their seal, so not
        here."""
        fields = (one for one in self.results if one.field == "authentication-results")
        return any(one.bears(authserv_id) for one in fields)

    def tells(self, field: Field) -> dict[str, str]:
        """What a field of its own tells, by the names of the table; {} for any other
        field. Whether it wrote this one is a matter of where it stands
        (ReceiverField.place)."""
        told: dict[str, str] = {}
        for entry in self.fields:
            if entry.name != field.key:
                continue
            if match := entry.pattern.search(beginning(field.value, MAX_LINE)):
                told |= {name: value for name, value in match.groupdict().items() if value}
        return told

    def _is_label(self, name: str) -> bool:
        return any(one.pattern.fullmatch(bare_host(name)) for one in self.labels)


def _handed_in(hop: Hop) -> bool:
    """Whether a line tells that a user handed the message in."""
    return hop.authenticated or hop.kind == "http" or (hop.protocol or "").lower() == "mapi"


def _matches(known: tuple[Host, ...], name: str, instant: int | None) -> bool:
    host = bare_host(name)
    return any(one.matches_bare(host) and one.period.holds(instant) is not False for one in known)


def _within(known: tuple[Range, ...], address: str | None, instant: int | None) -> bool:
    if not address:
        return False
    return any(one.holds(address) and one.period.holds(instant) is not False for one in known)


def read_receiver(key: str, table: dict[str, Any]) -> Receiver:
    """A table as a Receiver. TableError names file and key of a mistake."""
    where = f"receivers/{key}.toml"
    form.check_form(where, table)
    return Receiver(
        key,
        table["name"],
        table["kind"],
        table.get("provider"),
        table["source"],
        tuple(table["left_out"]),
        form.hosts(where, table, "host"),
        form.labels(where, table),
        form.networks(where, table, "inner"),
        form.networks(where, table, "writing"),
        form.networks(where, table, "outgoing"),
        form.hosts(where, table, "outgoing_host"),
        form.lines(where, table),
        form.results_places(where, table),
        form.receiver_fields(where, table),
        tuple(table["example"]),
    )


@cache
def receivers() -> Mapping[str, Receiver]:
    """Every table by its key; mailboxes before gateways before lists."""
    read = [read_receiver(k, t) for k, t in package_tables(__package__, "receivers")]
    return {one.key: one for one in sorted(read, key=lambda one: (KINDS.index(one.kind), one.key))}


class _Tables(Mapping[str, Receiver]):
    """`receivers()`, read when first asked."""

    def __getitem__(self, key: str) -> Receiver:
        return receivers()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(receivers())

    def __len__(self) -> int:
        return len(receivers())


RECEIVERS: Mapping[str, Receiver] = _Tables()


def receiver_of(hop: Hop) -> Receiver | None:
    """Whose server wrote a line, with nothing known of what stands above it: a private
    address as writer is anybody's, but in a line that only one receiver writes."""
    instant = hop.stamp.instant if hop.stamp else None
    wrote = (one for one in _possible(hop.by or "") if one.wrote(hop, instant))
    if _has_private_writer(hop):
        return next((one for one in wrote if one.passes_on(hop)), None)
    return next(wrote, None)


@lru_cache(maxsize=4096)
def _possible(by: str) -> tuple[Receiver, ...]:
    """The receivers that may have written a line of this writer: those with hosts in
    its domain. One without a domain may be a label or stand in a form of a line, and
    what is no name may be anybody's."""
    if not by or is_address(by):
        return tuple(receivers().values())
    name = f".{bare_host(by)}"
    in_domain = name.count(".") > 1 and name.rpartition(".")[2].isalpha()
    return tuple(
        one
        for one in receivers().values()
        if any(name.endswith(f".{host.domain}") for host in one.hosts)
        or (not in_domain and (one.lines or one.labels))
    )


def _has_private_writer(hop: Hop) -> bool:
    if hop.by and not is_address(hop.by):
        return False
    address = hop.by_address or hop.by
    return bool(address and is_address(address) and space_of(address) is Space.INSIDE)


def gateway_of(
    address: str | None,
    verified_name: str | None,
    instant: int | None,
) -> Receiver | None:
    """Which gateway hands over from an address, or under a name that the mailbox
    checked."""
    networks, domains = _ways_out()
    named = verified_name and bare_host(verified_name).endswith(domains)
    if not named and not (address and networks.hold(address)):
        return None
    return next((one for one in _gateways() if _leaves(one, address, verified_name, instant)), None)


def _leaves(one: Receiver, address: str | None, name: str | None, instant: int | None) -> bool:
    if name and _matches(one.outgoing_hosts, name, instant):
        return True
    return _within(one.outgoing, address, instant)


@cache
def _gateways() -> tuple[Receiver, ...]:
    return tuple(one for one in receivers().values() if one.kind == "gateway")


@cache
def _ways_out() -> tuple[Networks, tuple[str, ...]]:
    """The networks and domains of all gateways together: most clients are in none."""
    networks = (net for one in _gateways() for known in one.outgoing for net in known.networks)
    domains = {host.domain for one in _gateways() for host in one.outgoing_hosts}
    return Networks(networks), tuple(sorted(domains))


@lru_cache(maxsize=256)
def receivers_named(host_or_suffix: str) -> tuple[Receiver, ...]:
    """Whose hosts a name, or a suffix with its leading dot, names: "mx.google.com" and
    ".mail.protection.outlook.com". A suffix of one label (".com") names nobody's."""
    word = bare_host(host_or_suffix)
    if not word.startswith("."):
        return tuple(one for one in receivers().values() if _matches(one.hosts, word, None))
    if "." not in word[1:]:
        return ()
    return tuple(one for one in receivers().values() if any(_is_under(h, word) for h in one.hosts))


def _is_under(host: Host, suffix: str) -> bool:
    """Whether hosts of a pattern stand below a suffix: the suffix is the pattern's
    domain or a part of it, or adds labels to it that the pattern ends with
    (`mail\\.protection`) or matches."""
    if f".{host.domain}".endswith(suffix):
        return True
    if host.left is None or not suffix.endswith(f".{host.domain}"):
        return False
    added = suffix[1 : -len(host.domain) - 1]
    return host.left.pattern.replace("\\.", ".").endswith(f".{added}")
