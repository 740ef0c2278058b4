"""Signs that a message came by an indirect way (RFC 7960 section 3), and whether their
host is on it.

On such a way the last server is not the author's, and that says nothing against the
author. Each sign is a field, a reverse-path or a hop, and whoever sends can write it: a
sign by itself switches nothing. It counts where the host it names is really on the
path: it handed the message over (by a name the receiver checked, or by SPF for its
domain), or it is one of the reader's own servers. Of a list or a forwarder the path has
to show, too, that it took the message over from somebody.

With no boundary the lines are claims, and the host counts where a line names it:
nothing then is believed at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import lru_cache
from math import inf

from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import MAX_NAME, registrable_domain
from firsthop.evidence.identity.identities import mailboxes
from firsthop.evidence.path.adjacency import organization
from firsthop.evidence.path.path import Path, Trust
from firsthop.evidence.received.hop import Hop
from firsthop.mail.field_names import MAYBE_INDIRECT
from firsthop.mail.message import Field, Message, beginning
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import package_table

RELAYS = frozenset(("list", "forwarded", "resent"))  # flows that hand on what another wrote


class Sign(NamedTuple):
    """One sign of an indirect way."""

    flow: str  # list | forwarded | resent | on_behalf | bounce | ticket | calendar | fetched
    explanation: str  # what the sign is, e.g. the field's name
    field: Field
    hosts: tuple[str, ...] = ()  # domains it names; none: it may be any host's
    on_path: bool = False  # whether the host that wrote it is really on the path
    claimed: bool = False  # whether a line, claimed or not, says that such a host took it over


_TABLE = package_table(__package__, "indirect.toml")
_BY_NAME = {name: flow for flow, entry in _TABLE.items() for name in entry["fields"]}
_READ = MAYBE_INDIRECT | _BY_NAME.keys()
_LIST_PRECEDENCE = compiled(r"list\b", re.IGNORECASE)
_REPORT_OR_CALENDAR = compiled(r"(multipart/report)|text/calendar", re.IGNORECASE)
# SRS (Sender Rewriting Scheme) and Gmail's forwarding: the host behind the last @
# rewrote the path.
_REWRITTEN = compiled(r"SRS[01][=+-].*|.*\+caf_?=.*|.*\+(?:fwd|forward)=.*", re.IGNORECASE)
_HOST = compiled(
    r"(?<![\w.-])(?:[a-z0-9](?:[a-z0-9_-]{0,62})\.){1,10}[a-z][a-z0-9-]{1,62}(?![\w-])"
)
_ON_PATH = frozenset(("list", "fetch"))  # kinds of lines that are signs
_new = tuple.__new__  # a NamedTuple in half the time of its own constructor
REWRITTEN = "reverse-path of a forwarder"  # it tells by itself that another's mail was handed on
MAX_VALUE = 2_000  # characters of a field in which hosts are looked for
REMEMBERED = 200  # characters: the hosts of a longer value are not kept


def signs(message: Message, path: Path, authenticated: Iterable[str] = ()) -> tuple[Sign, ...]:
    """The signs in a message, in the order of its header, those of the path last.
    `authenticated`: domains for which SPF holds, or whose seal the receiver vouches
    for."""
    all_signs = _of_fields(message) + _of_path(path)
    if not all_signs:
        return ()
    by_flow: dict[str, Set[str]] = {}
    for sign in all_signs:
        named, others = _named(sign.hosts), by_flow.get(sign.flow)
        by_flow[sign.flow] = others | named if others else named
    if not any(by_flow.values()):
        return tuple(all_signs)  # none names a host
    present, (own, until) = _present(path, authenticated), _own_relay(path)
    both = present | own
    takers = _takers(path, set().union(*[by_flow[flow] for flow in RELAYS & by_flow.keys()]))
    outside = path.outsider is not None
    return tuple(
        [
            _placed(
                sign,
                _named(sign.hosts) if sign.hosts else by_flow[sign.flow],
                both if sign.field.span.start < until else present,
                takers,
                outside,
            )
            for sign in all_signs
        ]
    )


def _placed(
    sign: Sign, named: Set[str], present: set[str], takers: set[str], outside: bool
) -> Sign:
    """A sign with whether a host that it names, or one that another sign of its flow
    names, is there; of a relay it has to have taken the message over from another
    (lists may cut the lines that say so: with no client from outside that is known, a
    claim does without)."""
    relays = sign.flow in RELAYS
    there: Set[str] = named & present
    if relays and sign.explanation != REWRITTEN:
        there = there & takers
    claimed = relays and not named.isdisjoint(takers if outside else present)
    return _new(Sign, (*sign[:4], bool(there), claimed)) if there or claimed else sign


def _present(path: Path, authenticated: Iterable[str]) -> set[str]:
    """The organizations that are really on the path."""
    if path.handover is None or path.outsider is None:
        names = [name for step in path.steps for name in (step.hop.by, step.hop.client_name)]
        return _organizations(names)
    hop = path.handover.hop
    name = hop.client_name if hop.client_name_verified is True else None
    return _organizations([name, *authenticated])


def _own_relay(path: Path) -> tuple[set[str], float]:
    """The reader's own organizations, and where the signs stop that they wrote: those
    above the hand-over line, and all where list software of theirs stands on the path.
    Anybody can name them below."""
    if path.handover is None:
        return set(), 0  # all steps are claimed
    steps = [step for step in path.steps if step.trust is not Trust.CLAIMED]
    own = _organizations([step.hop.by for step in steps])
    if any(step.hop.kind == "list" for step in steps):
        return own, inf
    return own, path.handover.field.span.start


def _takers(path: Path, among: set[str]) -> set[str]:
    """The organizations of these that took the message over from another, as some line
    tells: from a host of another organization or an outside address, without a
    login."""
    hosts: set[str] = set()
    for step in path.steps if among else ():
        hop, by = step.hop, step.hop.by
        writer = _organization(by) if by and len(by) <= MAX_NAME else None
        if (writer and writer in among) and (
            hop.kind == "list" or (not hop.authenticated and _from_another(hop, writer))
        ):
            hosts.add(writer)
    return hosts


def _from_another(hop: Hop, writer: str) -> bool:
    if hop.kind not in ("smtp", "lmtp"):
        return False
    clients = _organizations((hop.client_name, hop.helo))
    if writer in clients:
        return False
    outside = hop.client_address is not None and space_of(hop.client_address) is not Space.INSIDE
    return outside or (hop.client_address is None and bool(clients))


def _organizations(names: Iterable[str | None]) -> set[str]:
    return {
        org for name in names if name and len(name) <= MAX_NAME and (org := _organization(name))
    }


@lru_cache(maxsize=1_024)  # of hosts out of one field of at most MAX_VALUE characters
def _named(hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_organizations(hosts))


@lru_cache(maxsize=65_536)  # of names of at most MAX_NAME characters
def _organization(name: str) -> str | None:
    return organization(name) or registrable_domain(name)


def _of_fields(message: Message) -> list[Sign]:
    signs: list[Sign] = []
    for field in message.among(_READ):
        key, value = field.key, field.value
        if key == "content-type":
            if told := _REPORT_OR_CALENDAR.match(value):
                sign = ("bounce", "multipart/report") if told[1] else ("calendar", "text/calendar")
                signs.append(Sign(*sign, field))
        elif key == "return-path":
            signs += _of_reverse_path(field, value)
        elif flow := _BY_NAME.get(key):
            signs.append(_new(Sign, (flow, key, field, _hosts(value), False, False)))
        elif key == "precedence" and _LIST_PRECEDENCE.match(value):
            signs.append(Sign("list", "precedence: list", field))
        elif key == "sender" and _elsewhere(value, message):
            signs.append(Sign("on_behalf", "sender at another domain", field, _hosts(value)))
        elif key == "auto-submitted" and not value.lower().startswith("no"):
            signs.append(Sign("bounce", "auto-submitted", field))
    return signs


def _of_reverse_path(field: Field, value: str) -> list[Sign]:
    """The null reverse-path (RFC 5321 section 4.5.5), and one that a forwarder wrote
    anew."""
    bare = value.strip("<> ")
    if not bare:
        return [Sign("bounce", "null reverse-path", field)] if "<" in value else []
    local, _, domain = bare.rpartition("@")
    # without a plus sign it can be of one form alone
    if ("+" in local or local[:3].upper() == "SRS") and _REWRITTEN.fullmatch(local):
        return [Sign("forwarded", REWRITTEN, field, (domain.lower(),))]
    return []


def _of_path(path: Path) -> list[Sign]:
    signs = []
    for step in [one for one in path.steps if one.hop.kind in _ON_PATH]:
        by = step.hop.by or "a host not named"
        hosts = (step.hop.by.lower(),) if step.hop.by else ()
        if step.hop.kind == "list":
            signs.append(Sign("list", f"list software at {by}", step.field, hosts))
        else:
            signs.append(Sign("fetched", f"fetched by {by}", step.field, hosts))
    return signs


def _hosts(value: str) -> tuple[str, ...]:
    """The host names in a field, in lower case."""
    return _remembered(value) if len(value) <= REMEMBERED else _read_hosts(value)


def _read_hosts(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_HOST.findall(beginning(value, MAX_VALUE).lower())))


_remembered = lru_cache(maxsize=4_096)(_read_hosts)  # a list's fields are alike in all its mail


def _elsewhere(value: str, message: Message) -> bool:
    author_field = message.first("from")
    sender, author = _domain(value), _domain(author_field.value if author_field else "")
    return bool(sender and author and sender != author)


def _domain(value: str) -> str | None:
    """The registrable domain of a field's first mailbox."""
    boxes = mailboxes(value)
    domain = boxes[0].domain if boxes else None
    return registrable_domain(domain) or domain if domain else None
