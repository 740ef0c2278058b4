"""What a case knows that must not go out: people, own and private hosts, where its
input lies. Redaction replaces it, the leak scan looks for it.

It comes from the facts of the case (`people.parquet`, `hops.parquet`, the settings, the
paths of the inputs), never from a guess at what an address looks like."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import NamedTuple

from firsthop.campaign.features.shapes import template
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.host.networks import is_address
from firsthop.evidence.host.suffixes import has_listed_suffix
from firsthop.evidence.identity.roles import ROLES
from firsthop.evidence.people import Person, verp
from firsthop.publication.redaction.canonical import (
    ATOM,
    SHORTEST_MIXED,
    WINDOW,
    Words,
    atoms_at,
    canonical,
    folded,
    is_full_name,
    tells_alone,
)
from firsthop.publication.redaction.levels import Level
from firsthop.settings import INSIDE_SUFFIXES, OwnServers

MARKS = 16  # between the atoms of one name
MAX_SPAN = 400  # characters of a name with what stands between
COMMON_FROM = 3  # networks from which a machine name is a program's and no machine's
# what servers write where a look-up failed, and what every machine calls itself
_NO_NAMES = frozenset(("unknown", "localhost", "localhost.localdomain", "localhost.local"))
_HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:[\\/]Users[\\/])([^/\\]+)")


class Secret(NamedTuple):
    """One name that must not go out."""

    kind: str  # a kind of people.py, or own_host, private_host, path
    name: str  # what its pseudonym is made of
    spaced: bool  # whether blanks may stand within: a display name
    also: frozenset[str] = frozenset()  # how it is spelled beside: the same, with blanks


class NameAt(NamedTuple):
    """A name where it stands in a text."""

    secret: Secret
    start: int
    stop: int


class HostSeen(NamedTuple):
    """A host as a hop names it."""

    name: str
    own: bool  # a trusted line names it as its writer
    claimed: bool  # a client or a program wrote it of itself
    network: str | None  # of that client


@dataclass(frozen=True, slots=True)
class Known:
    """What one case must not tell at one level."""

    level: Level
    alone: Mapping[str, Secret]  # canonical form of a name that counts alone
    # canonical local parts of addresses, the short and common ones too: each counts
    # with an at sign and a domain behind it
    local_parts: Mapping[str, Secret]
    domains: frozenset[str]  # of those addresses
    # lower case: own_host, private_host, or shared: nobody's machine by its name
    hosts: Mapping[str, str]
    own: OwnServers
    roots: tuple[str, ...]  # the inputs as they were named, the longest first
    paths: tuple[str, ...]  # what of them is looked for in files, the longest first
    # first atom of a name: the second ones; none for a name of one atom
    seconds: Mapping[str, frozenset[str]] = field(init=False)
    own_hosts: frozenset[str] = field(init=False)
    own_domains: frozenset[str] = field(init=False)  # of these, those that others can lie below
    masked: Mapping[str, Secret] = field(init=False)  # a whole Subject or name, digits masked

    def __post_init__(self) -> None:
        object.__setattr__(self, "seconds", _seconds(self.alone))
        own = frozenset(name for name, kind in self.hosts.items() if kind == "own_host")
        object.__setattr__(self, "own_hosts", own)
        domains = frozenset(name for name in own if "." in name and not is_private_name(name))
        object.__setattr__(self, "own_domains", domains)
        masked = {canonical(template(one.name)): one for one in self.alone.values()}
        masked = {key: one for key, one in masked.items() if key.replace("code", "")}
        object.__setattr__(self, "masked", masked)

    def begins(self, text: Words) -> list[str]:
        """The atoms of a text with which a name that stands in it can begin."""
        sure, pairs = self.candidates(text.words)
        return [*sure, *{pair.partition(" ")[0] for pair in text.met(pairs)}]

    def candidates(self, words: frozenset[str]) -> tuple[list[str], list[str]]:
        """The atoms with which a name can begin in a text of these words; and the pairs
        with whose first one it can, where they are neighbours in it."""
        firsts = self.seconds.keys() & words
        sure = [first for first in firsts if first in self.alone]
        pairs = [
            f"{first} {second}"
            for first in firsts.difference(sure)
            for second in self.seconds[first] & words
        ]
        return sure, pairs

    def names_in(self, text: str, begins: Collection[str]) -> Iterator[NameAt]:
        """The names that count alone in a text in lower case, in order, the longest at
        a place."""
        return self.names_at(text, (place for place, _ in atoms_at(text, begins)))

    def names_at(
        self, text: str, places: Iterable[int], letters: dict[int, int] | None = None
    ) -> Iterator[NameAt]:
        """The same at some places, in their order; with `letters` in the place of those
        of the text."""
        end = 0
        for start in places:
            if start >= end and (found := self._longest(text, start, letters)) is not None:
                yield found
                end = found.stop

    def _longest(
        self, text: str, start: int, letters: dict[int, int] | None = None
    ) -> NameAt | None:
        """The longest name that begins at a place."""
        window = text[start : start + MAX_SPAN]
        window = window.translate(letters) if letters else window
        key, between, stop, found = "", "", 0, None
        for match in islice(ATOM.finditer(window), WINDOW):
            between += window[stop : match.start()]
            key += match[0]
            stop = match.end()
            if len(between) > MARKS:
                break
            secret = self.alone.get(key)
            if secret is not None and (secret.spaced or not _has_blank(between)):
                found = NameAt(secret, start, start + stop)
        return found

    def own_among(self, names: Collection[str]) -> set[str]:
        """Those of some host names in lower case that are the operator's, and
        hidden."""
        if self.level.own_hosts:
            return set()
        endings = tuple(one for one in self.own.names if one.startswith("."))
        own = set(names).intersection(self.own_hosts | self.own.names)
        own.update(name for name in names if name.count(".") > 1 and self._is_below_own(name))
        return own.union(name for name in names if name.endswith(endings)) if endings else own

    def is_own(self, host: str) -> bool:
        """Whether a host is one of the operator's, and hidden."""
        if self.level.own_hosts:
            return False
        name = host.lower().rstrip(".")
        return (
            self.hosts.get(name) == "own_host"
            or self.own.has_name(name)
            or self._is_below_own(name)
        )

    def _is_below_own(self, name: str) -> bool:
        """Whether a host in lower case lies below one of the operator's: its name would
        tell that one."""
        _, _, above = name.partition(".")
        while "." in above:
            if above in self.own_domains:
                return True
            _, _, above = above.partition(".")
        return False

    def is_private(self, host: str) -> bool:
        """Whether a host is a machine inside somebody's network, and hidden; one that
        the case does not list is told by its name."""
        if self.level.private_hosts:
            return False
        name = host.lower().rstrip(".")
        known = self.hosts.get(name)
        return known == "private_host" if known else is_private_name(name)


class Sources(NamedTuple):
    """Where a case's knowledge comes from."""

    people: Iterable[Person]
    hosts: Iterable[HostSeen]
    own: OwnServers
    roots: Iterable[str]


class Nobodys(NamedTuple):
    """Words that are nobody's name: those of the publications themselves, and those by
    which the public domains of the case are known. A client chooses its HELO, and
    whoever it may be is no domain of the case for that."""

    shared: frozenset[str]
    labels: frozenset[str]


def known_of(sources: Sources, level: Level, shared: frozenset[str]) -> Known:
    """What must not go out at a level. `shared` are words that are nobody's: those of
    the bulletin itself, of programs and of providers."""
    seen, people = list(sources.hosts), list(sources.people)
    domains = {d for one in people if (d := _parted(one)[1])}
    public = {one.name.lower() for one in seen} | domains
    met = {one.name for one in seen if not one.claimed} | domains
    labels = frozenset(label for name in met for label in _public_labels(name))
    people = [one for one in people if not _is_host(one, public)]
    alone, local_parts, domains = _names(people, level, Nobodys(shared, labels))
    roots = sorted({root.rstrip("/") for root in sources.roots}, key=len, reverse=True)
    for user in _users(roots):
        if tells_alone(user, shared, labels):
            alone.setdefault(canonical(user), Secret("path", user, spaced=False))
    return Known(
        level,
        alone,
        local_parts,
        frozenset(domains),
        _hosts(seen, sources.own, shared | labels),
        sources.own,
        tuple(roots),
        searched_paths(roots),
    )


def _parted(one: Person) -> tuple[str, str]:
    """Local part and domain; what has no at sign is of nobody's domain."""
    local, at, domain = (one.value or "").rpartition("@")
    return (local, domain) if at else (domain, "")


def _is_host(one: Person, public: Collection[str]) -> bool:
    """Whether what stands in a link is an address of a host, or the public name of one
    that the case shows anyway: no person's, and it would be looked for in every line
    that names the host. The user of a link can be one, so that it is taken for where
    the link leads (RFC 3986 section 7.6). Below no registry's name there is none: a
    client that says HELO `mario.rossi` makes no host of him."""
    if one.kind != "link":
        return False
    written = (one.value or "").lower().partition("@")[0]
    name = written.strip(string.punctuation)
    if is_address(written):
        return True
    return "." in name and name in public and has_listed_suffix(name) and not is_private_name(name)


def searched_paths(roots: Iterable[str]) -> tuple[str, ...]:
    """The paths to look for: an absolute one with the folders above it, a relative one
    of several parts. One word by itself would be found in any text."""
    found: dict[str, None] = {}
    for root in roots:
        path = PurePosixPath(root)
        if path.is_absolute():
            found.update((str(one), None) for one in (path, *path.parents) if len(one.parts) > 2)
        elif len(path.parts) > 1 or "\\" in root:
            found[root] = None
    return tuple(sorted(found, key=len, reverse=True))


def _users(roots: Iterable[str]) -> Iterator[str]:
    """Whose home the inputs lie in."""
    for root in roots:
        if match := _HOME.match(root):
            yield match[1]


def _names(
    people: Iterable[Person], level: Level, nobodys: Nobodys
) -> tuple[dict[str, Secret], dict[str, Secret], set[str]]:
    alone: dict[str, Secret] = {}
    local_parts: dict[str, Secret] = {}
    domains: set[str] = set()
    for one in people:
        if level.shows(one.kind):
            continue
        local, domain = _parted(one)
        if local:
            _add_local(one.kind, local, domain, (alone, local_parts), nobodys)
        if domain:
            domains.add(folded(domain).strip("[]."))
        if one.display_name:
            _add_name(one, local, alone, nobodys)
    return alone, local_parts, domains


def _add_local(
    kind: str,
    local: str,
    domain: str,
    into: tuple[dict[str, Secret], dict[str, Secret]],
    nobodys: Nobodys,
) -> None:
    alone, local_parts = into
    key = canonical(local)
    if not key:
        return
    secret = Secret(kind, local, spaced=False)
    if domain:
        local_parts.setdefault(key, secret)
    if tells_alone(local, *nobodys) and key not in _public_labels(domain):
        alone.setdefault(key, secret)
    for name, _ in verp(local):
        if tells_alone(name, *nobodys):
            alone.setdefault(canonical(name), Secret("recipient", name, spaced=False))


def _add_name(one: Person, local: str, alone: dict[str, Secret], nobodys: Nobodys) -> None:
    """A display name has the pseudonym of its address, so that the relation stays
    visible."""
    name = one.display_name or ""
    key = canonical(name)
    if "@" in name:
        return
    if key in alone:
        former, full = alone[key], is_full_name(name)
        also = former.also | {name} if full else former.also  # mariorossi is Mario Rossi
        alone[key] = former._replace(spaced=former.spaced or full, also=also)
        return
    words = ATOM.findall(folded(name))
    if is_full_name(name) and not _is_of_many(one, words, nobodys):
        alone[key] = Secret(one.kind, name, spaced=True)
    elif len(words) == 1 and tells_alone(name, *nobodys) and key == canonical(local):
        alone[key] = Secret(one.kind, name, spaced=False)


def _is_of_many(one: Person, words: list[str], nobodys: Nobodys) -> bool:
    """Whether a display name of several words is an organisation's: the publications
    say it, a public domain is called so (of a recipient, the own one), or it is such
    words beside the name of a role (`Libero Support`). Of words that are domains each
    for itself, `mark` and `brown`, a heap of thousands has all."""
    shared, labels = nobodys
    key = canonical(one.display_name or "")
    if key in shared or shared.issuperset(words):
        return True
    if one.kind in ("author", "correspondent"):
        roles = not ROLES.isdisjoint(words)
        return key in labels or (
            roles and all(w in shared or w in labels or w in ROLES for w in words)
        )
    return key in _public_labels((one.value or "").rpartition("@")[2])


def _hosts(seen: Iterable[HostSeen], own: OwnServers, shared: frozenset[str]) -> dict[str, str]:
    """Own and private hosts by their names in lower case. A name that is a word of its
    own (`mail`, `imap`), or that clients in several networks give, is no machine's; one
    that the operator named is his."""
    hosts: dict[str, str] = {}
    networks: dict[str, set[str]] = {}
    for one in seen:
        name = one.name.lower().strip("[]. ")
        if not name or is_address(name):
            continue
        if own.has_name(name):
            hosts[name] = "own_host"
        elif one.own:
            hosts[name] = "shared" if "." not in name and _is_word(name, shared) else "own_host"
        elif is_private_name(name):
            networks.setdefault(name, set()).update((one.network,) if one.network else ())
    for name, clients in networks.items():
        common = len(clients) >= COMMON_FROM or _is_word(name, shared)
        hosts.setdefault(name, "shared" if common else "private_host")
    return hosts


def _is_word(name: str, shared: frozenset[str]) -> bool:
    """Whether a host name is a word that is nobody's."""
    key = canonical(name)
    return key in shared or key in ROLES or name in _NO_NAMES


def is_private_name(name: str) -> bool:
    """Whether a host name in lower case is none of the public name space: without a
    dot, or below a suffix of inside networks. What every machine is called is no name
    of one."""
    return name not in _NO_NAMES and (
        name.rpartition(".")[2] in INSIDE_SUFFIXES or registrable_domain(name) is None
    )


def _public_labels(host: str) -> Iterator[str]:
    """The label by which a registrable domain is known, and its words: `kawaz` of
    kawaz.jp."""
    name = host.lower().strip("[]. ")
    domain = None if is_private_name(name) else registrable_domain(name)
    label = domain.partition(".")[0] if domain else ""
    for word in (label, *ATOM.findall(label)):
        if len(key := canonical(word)) >= SHORTEST_MIXED:
            yield key


def _seconds(alone: Mapping[str, Secret]) -> dict[str, frozenset[str]]:
    seconds: dict[str, set[str]] = {key: set() for key in alone}
    for secret in alone.values():
        for spelled in (secret.name, *secret.also):
            first, *others = ATOM.findall(folded(spelled))[:2]
            seconds.setdefault(first, set()).update(others)
    return {first: frozenset(others) for first, others in seconds.items()}


def _has_blank(between: str) -> bool:
    return any(c.isspace() for c in between)
