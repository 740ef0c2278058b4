"""How mail of a provider leaves it, from `providers/*.toml` (their form:
provider_table.py), and where a hop or a message touches that. No verdict.

A host name counts when its whole labels are the provider's; a HELO never does, since
the client chooses it (RFC 5321 section 4.1.4). What a Received line says is worth as
much as its writer: a touch is a fact about the line, and names the part of it that
speaks."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

from firsthop.errors import TableError
from firsthop.evidence.host.networks import is_address
from firsthop.evidence.providers import provider_table as form
from firsthop.evidence.providers.provider_table import (
    Fact,
    Host,
    IdShape,
    OwnField,
    Range,
    bare_host,
)
from firsthop.evidence.received.hop import Hop
from firsthop.mail.message import Field, Message
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import package_tables

DEPARTING = ("outbound", "inside", "range")


class Presence(StrEnum):
    """Whether an own field is in a message."""

    PRESENT = "present"
    ABSENT = "absent"
    MALFORMED = "malformed"  # there, and not as the provider writes it


class ProviderMatch(NamedTuple):
    """One part of a Received line that is the provider's."""

    role: str  # outbound | inside | range | arrival | own_domain
    part: str  # client_name | client_address | by
    value: str
    verified: bool | None  # of a client_name: whether the writer says it checked it
    # of a client_name: whether the address beside it is the provider's at that time;
    # None: not known
    in_range: bool | None
    in_period: bool | None  # whether the source speaks for that time; None: no time
    source: str


class FieldSeen(NamedTuple):
    """An own field as a message has it."""

    entry: OwnField
    presence: Presence
    field: Field | None
    in_period: bool | None


class Provider(NamedTuple):
    """How the mail of one provider leaves it, as its table says."""

    key: str
    name: str
    source: str
    shared: str | None  # whose mail leaves by the same servers, too; None: only its own users'
    owned: tuple[str, ...]
    left_out: tuple[str, ...]
    domains: tuple[Fact, ...]
    policies: tuple[Fact, ...]
    outbound: tuple[Host, ...]
    inside: tuple[Host, ...]
    arrival: tuple[Host, ...]
    customers: tuple[Host, ...]
    ranges: tuple[Range, ...]
    helos: tuple[Fact, ...]
    id_shapes: tuple[IdShape, ...]
    fields: tuple[OwnField, ...]
    signatures: tuple[Fact, ...]
    sealers: tuple[Fact, ...]
    authserv_ids: tuple[Fact, ...]
    examples: tuple[dict[str, Any], ...]

    def is_outbound_host(self, name: str, instant: int | None = None) -> bool:
        """Whether a client of this name is one of its senders; with an instant: in a
        period that a source covers."""
        return _known(self.outbound, name, instant) is not None

    def is_inside_host(self, name: str, instant: int | None = None) -> bool:
        """Whether a writer of this name stands on the way out."""
        return _known(self.inside, name, instant) is not None

    def is_own_host(self, name: str) -> bool:
        """Whether it stands under a domain of the provider and is no
        customer's line."""
        host = bare_host(name)
        below = f".{host}"
        return any(below.endswith(f".{domain}") for domain in self.owned) and not any(
            one.matches_bare(host) for one in self.customers
        )

    def owns_address(self, address: str, instant: int | None = None) -> bool | None:
        """Whether an address is the provider's at an instant (None: at any time). Only
        published ranges can say no: beyond observed ones it is not known."""
        if self._range(address, instant):
            return True
        known = [r for r in self.ranges if r.period.holds(instant) is not False]
        return False if is_address(address) and any(r.basis == "spf" for r in known) else None

    def covers(self, instant: int | None) -> bool:
        """Whether the table knows how mail left at an instant: a path that touches
        nothing says nothing of any other time."""
        return any(host.period.holds(instant) for host in self.outbound)

    def touches(
        self, hop: Hop, instant: int | None = None, readers: bool = False
    ) -> tuple[ProviderMatch, ...]:
        """Everything in a line that is the provider's, the strongest first. The time is
        the line's own where none is given. `readers`: a server of the reader's own
        wrote it, who may be the provider: that is no departure, unless somebody handed
        the message in there (RFC 6409)."""
        if instant is None and hop.stamp:
            instant = hop.stamp.instant
        matches = [self._client_name(hop, instant), self._client_address(hop, instant)]
        if not readers or is_submission(hop):
            matches.append(self._writer(hop, instant))
        return tuple(sorted((t for t in matches if t), key=_strength))

    def touched_by(self, hop: Hop, instant: int | None = None) -> ProviderMatch | None:
        """The strongest touch of a line, or None. A HELO alone never touches."""
        return next(iter(self.touches(hop, instant)), None)

    def departure(
        self, hops: Sequence[Hop], instant: int | None = None, readers: int = 0
    ) -> tuple[int, ProviderMatch] | None:
        """The first place on a path (hops newest first, of which the reader's servers
        wrote the first `readers`) where mail leaves the provider, with its index; None
        where it does not, or only after it had come in."""
        for index in range(len(hops) - 1, -1, -1):
            touch = next(iter(self.touches(hops[index], instant, index < readers)), None)
            if touch and touch.role in DEPARTING:
                return index, touch
            if touch and touch.role == "arrival":
                return None
        return None

    def own_fields(self, message: Message, instant: int | None = None) -> tuple[FieldSeen, ...]:
        """Each own field, whether it is there and whether it has the
        provider's form."""
        return tuple(_seen(entry, message, instant) for entry in self.fields)

    def message_id_fits(self, message_id: str, instant: int | None = None) -> bool | None:
        """Whether an id that only the provider makes has its shape; None for other ids,
        such as a mail client's, and for times without a source."""
        shapes = [
            s
            for s in self.id_shapes
            if s.speaks_of(message_id) and s.period.holds(instant) is not False
        ]
        return any(s.shape.fullmatch(message_id) for s in shapes) if shapes else None

    def dkim_domains(self, instant: int | None = None) -> frozenset[str]:
        """The domains it signs for, as sources tell for a time."""
        return frozenset(
            word
            for fact in self.signatures
            if fact.period.holds(instant) is not False
            for word in fact.words
        )

    def signs_with(self, domain: str, selector: str, instant: int | None = None) -> bool | None:
        """Whether domain and selector are known as the provider's; None where no source
        speaks of the domain at that time."""
        known = [
            f
            for f in self.signatures
            if domain.lower() in f.words
            and f.period.holds(instant) is not False
            and f.values.get("selectors")
        ]
        return any(selector in fact.values["selectors"] for fact in known) if known else None

    def dmarc_policy(self, domain: str, instant: int | None) -> str | None:
        """The policy known to have been published for an author domain: mail of it is
        then meant to leave here alone. None: not known."""
        return next(
            (
                f.values["dmarc"]
                for f in self.policies
                if domain.lower() in f.words and f.period.holds(instant)
            ),
            None,
        )

    def exclusive(self, domain: str, instant: int | None) -> bool | None:
        """True where the provider asks others to refuse mail of the domain that comes
        from elsewhere (RFC 7489 section 6.3); None: not known. Never False."""
        return True if self.dmarc_policy(domain, instant) in ("quarantine", "reject") else None

    def _client_name(self, hop: Hop, instant: int | None) -> ProviderMatch | None:
        if not hop.client_name:
            return None
        host = _known(self.outbound, hop.client_name, None, instant)
        role = "outbound" if host else "own_domain"
        if not host and not self.is_own_host(hop.client_name):
            return None
        in_range = (
            self.owns_address(hop.client_address, instant)
            if hop.client_address and instant is not None
            else None
        )
        in_period = host.period.holds(instant) if host else None
        return ProviderMatch(
            role,
            "client_name",
            hop.client_name,
            hop.client_name_verified,
            in_range,
            in_period,
            host.source if host else self.source,
        )

    def _own_client(self, hop: Hop, instant: int | None) -> bool:
        """Whether a line's client is the provider's: mail that it passes on within
        itself does not come in."""
        return bool(
            (hop.client_name and self.is_own_host(hop.client_name))
            or (hop.client_address and self._range(hop.client_address, instant))
        )

    def _range(self, address: str, instant: int | None) -> Range | None:
        """The range that holds an address."""
        return next(
            (r for r in self.ranges if r.holds(address) and r.period.holds(instant) is not False),
            None,
        )

    def _client_address(self, hop: Hop, instant: int | None) -> ProviderMatch | None:
        match = self._range(hop.client_address, instant) if hop.client_address else None
        if not match or not hop.client_address:
            return None
        return ProviderMatch(
            "range",
            "client_address",
            hop.client_address,
            None,
            True,
            match.period.holds(instant),
            match.source,
        )

    def _writer(self, hop: Hop, instant: int | None) -> ProviderMatch | None:
        if not hop.by:
            return None
        for role, known in (
            ("arrival", self.arrival),
            ("inside", self.inside),
            ("inside", self.outbound),
        ):
            if host := _known(known, hop.by, None, instant):
                passed_on = role == "arrival" and self._own_client(hop, instant)
                return ProviderMatch(
                    "inside" if passed_on else role,
                    "by",
                    hop.by,
                    None,
                    None,
                    host.period.holds(instant),
                    host.source,
                )
        return (
            ProviderMatch("own_domain", "by", hop.by, None, None, None, self.source)
            if self.is_own_host(hop.by)
            else None
        )


def is_submission(hop: Hop) -> bool:
    """Whether a line tells that a user of its writer handed the message in: by a login,
    by webmail or by MAPI."""
    return hop.authenticated or hop.kind == "http" or (hop.protocol or "").lower() == "mapi"


def _known(
    known: tuple[Host, ...], name: str, within: int | None, best_at: int | None = None
) -> Host | None:
    """The entry that a name matches: within a time where one is asked for; the one of
    the best time first."""
    bare = bare_host(name)
    entries = [
        host for host in known if host.matches_bare(bare) and host.period.holds(within) is not False
    ]
    return next(
        (host for host in entries if host.period.holds(best_at)), entries[0] if entries else None
    )


def _strength(touch: ProviderMatch) -> tuple[int, int]:
    """A confirmed client name goes first, a writer's own name last; arrivals go before
    a writer's other names, being the same line."""
    order = ("outbound", "range", "arrival", "inside", "own_domain").index(touch.role)
    return order, 0 if touch.verified else 1


def _seen(entry: OwnField, message: Message, instant: int | None) -> FieldSeen:
    there = message.all(entry.name)
    in_period = entry.period.holds(instant)
    if not there:
        return FieldSeen(entry, Presence.ABSENT, None, in_period)
    fitting = next(
        (f for f in there if entry.pattern is None or entry.pattern.search(f.value)), None
    )
    return FieldSeen(
        entry, Presence.PRESENT if fitting else Presence.MALFORMED, fitting or there[0], in_period
    )


def read_provider(key: str, table: dict[str, Any]) -> Provider:
    """A table as a Provider. TableError names file and key of a mistake."""
    where = f"providers/{key}.toml"
    form.check_sections(where, table)
    return Provider(
        key,
        table["name"],
        table["source"],
        table.get("shared"),
        tuple(table.get("owned", ())),
        tuple(table.get("left_out", ())),
        form.facts(where, table, "domains", "names", set()),
        form.facts(where, table, "policy", "domains", {"dmarc"}),
        form.hosts(where, table, "outbound"),
        form.hosts(where, table, "inside"),
        form.hosts(where, table, "arrival"),
        form.hosts(where, table, "customer"),
        form.ranges(where, table),
        form.facts(where, table, "helo", None, set()),
        form.id_shapes(where, table),
        form.own_fields(where, table),
        form.facts(where, table, "signature", "domains", {"selectors"}),
        form.facts(where, table, "sealer", "domains", {"selectors"}),
        form.facts(where, table, "authserv", None, set()),
        tuple(table["example"]),
    )


def _index(providers: dict[str, Provider]) -> dict[str, Provider]:
    """Author domain to provider. TableError where two tables claim one."""
    index: dict[str, Provider] = {}
    for provider in providers.values():
        for domain in (word for fact in provider.domains for word in fact.words):
            if domain in index:
                raise TableError(
                    f"providers/{provider.key}.toml: {domain} belongs to {index[domain].key} too"
                )
            index[domain] = provider
    return index


PROVIDERS = {
    key: read_provider(key, table)
    for key, table in package_tables("firsthop.evidence", "providers")
}
_BY_DOMAIN = _index(PROVIDERS)


@lru_cache(maxsize=65_536)
def is_some_providers(address: str) -> bool:
    """Whether an address was a provider's at any time."""
    return any(one.owns_address(address) for one in PROVIDERS.values())


@lru_cache(maxsize=4096)
def provider_of(domain: str) -> Provider | None:
    """The provider that an author domain belongs to, by the whole domain: users of
    sub.gmail.com are nobody's that is known."""
    return _BY_DOMAIN.get(bare_host(domain))
