"""Names, addresses, hosts and paths that must not go out, in one view of a file.

What the case knows is looked up by whole tokens in sets, so that time grows with the
text and not with the number of names. Beside it stand rules of form, for what no case
knows: an address whose local part is no pseudonym, a link with parameters or a user, a
path into somebody's home."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.roles import ROLES
from firsthop.publication.redaction.canonical import (
    ATOM,
    SHORTEST_ROTATED,
    Words,
    atoms_at,
    folded,
    split_ascii,
    stretches,
)
from firsthop.publication.redaction.known import Known, NameAt
from firsthop.publication.redaction.scan.view import View

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
ROTATIONS = {
    n: str.maketrans(ALPHABET, ALPHABET[n:] + ALPHABET[:n]) for n in range(1, len(ALPHABET))
}
_ROT13 = 13
SHORTEST_HOST = 6  # characters of a private machine's name that is looked for
# characters of an address in what may be noise: of its domain, cut or whole; of the
# address at a shorter domain of the case; of one at a domain that no case knows
SHORTEST_CUT = 4
SHORTEST_DECODED = 8
SHORTEST_UNKNOWN = 10
_AT = re.compile(r"[@=](\[?[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})")
_LOCAL = re.compile(r"[\w.!#$%&'+/=?^~-]{1,64}+\Z")
# a defanged name is one name too: its labels by themselves are no machines
_HOST = re.compile(r"[\w-]{1,63}(?:(?:\.|\[\.\])[\w-]{1,63}){0,8}")
_TOP_LEVEL = re.compile(r"\.(?:[a-z]{2,}|xn--[\w-]+)$")
_LINK = re.compile(r"h(?:tt|xx)ps?(?:\[:\]|:)//([^\s\"'<>`]{1,2000})")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
_HOME = re.compile(r"(?<![\w.])(?:/(?:home|users)/|[a-z]:\\+(?:users|documents)\\+|file://)\w")


class Hit(NamedTuple):
    """Something that must not go out, at a place in a view."""

    position: int
    kind: str
    text: str
    encoding: str = ""


class AddressAt(NamedTuple):
    """An address in a text; in a VERP address "=" stands for its at sign."""

    start: int
    local: str
    mark: str
    domain: str

    @property
    def text(self) -> str:
        """The whole of it."""
        return f"{self.local}{self.mark}{self.domain}"


def addresses_at(text: str) -> Iterator[AddressAt]:
    """Every address, found from its at sign: what holds none costs nothing."""
    for match in _AT.finditer(text):
        at = match.start()
        local = _LOCAL.search(text, max(0, at - 64), at)
        if local and any(map(str.isalnum, local[0])):  # signs alone name nobody
            yield AddressAt(local.start(), local[0], match[0][0], match[1].strip("[]"))


class Allowed(NamedTuple):
    """What looks like an address and may go out."""

    pseudonyms: frozenset[str]
    ids: frozenset[str]  # Message-IDs that were redacted, folded


class Lookup:
    """Finds in views what one case knows."""

    def __init__(self, known: Known, allowed: Allowed) -> None:
        self._known, self._allowed = known, allowed
        # digits are not rotated: a name of them alone is found as it stands
        turned = {k: one for k, one in known.alone.items() if not k.isdigit()}
        self._turned = replace(known, alone=turned)
        long = {k: one for k, one in turned.items() if len(k) >= SHORTEST_ROTATED}
        self._long = replace(known, alone=long)
        self._hides_people = bool(not known.level.recipients)
        self._domains = known.domains
        self._sorted_domains = sorted(known.domains)
        level = known.level
        self._hides_hosts = not (level.own_hosts and level.private_hosts)
        self._private = frozenset(
            name
            for name, kind in known.hosts.items()
            if kind == "private_host" and not level.private_hosts and len(name) >= SHORTEST_HOST
        )

    def allowing(self, pseudonyms: Iterable[str], ids: Iterable[str]) -> Lookup:
        """The same search, which lets these go out too: a redactor has given them since
        this one was made."""
        allowed = Allowed(
            self._allowed.pseudonyms.union(pseudonyms), self._allowed.ids.union(map(folded, ids))
        )
        return Lookup(self._known, allowed)

    def known_in(self, view: View) -> Iterator[Hit]:
        """What the case knows, as it stands in a view."""
        text = folded(view.text)
        yield from self._names(text)
        if view.may_be_noise:
            yield from self._addresses_in_noise(text)
        else:
            yield from (hit for _, hit in self._addresses(text))
        yield from self._hosts(text)
        yield from self._roots(text)

    def turned_in(self, view: View) -> Iterator[Hit]:
        """The same, reversed and in every rotation of the alphabet."""
        text = folded(view.text)
        backwards = "\n".join(row[::-1] for row in text.split("\n"))
        for hit in (*self._unsure(backwards), *self._hosts(backwards)):
            # a row is searched from its end: the place within it does not matter
            yield hit._replace(encoding="reversed")
        yield from self._rotated_names(text)
        yield from self._rotated_addresses(text)
        yield from self._rotated_hosts(text)

    def forms_in(self, view: View) -> Iterator[Hit]:
        """What has the form of somebody's, whoever it is."""
        text = folded(view.text)
        for match in _HOME.finditer(text):
            yield Hit(match.start(), "path", match[0])
        if not self._hides_people:
            return
        for one in () if self._known.level.authors else addresses_at(text):
            if one.mark == "@" and _TOP_LEVEL.search(one.domain) and not self._may_go_out(one):
                yield Hit(one.start, "address", one.text)
        for match in _LINK.finditer(text):
            if kind := _link_kind(match[1]):
                yield Hit(match.start(), kind, match[0])

    def _unsure(self, text: str) -> Iterator[Hit]:
        yield from self._names(text)
        yield from self._addresses_in_noise(text)

    def _names(self, text: str) -> Iterator[Hit]:
        begins = self._known.begins(Words(text))
        if begins:
            for found in self._known.names_in(text, begins):
                if not _goes_on(text, found):
                    yield Hit(found.start, found.secret.kind, text[found.start : found.stop])

    def _rotated_names(self, text: str) -> Iterator[Hit]:
        """The names in every rotation, whose places are found in the text as it is."""
        places: defaultdict[int, list[int]] = defaultdict(list)
        for place, turns in self._turned_places(text):
            for n in turns:
                places[n].append(place)
        for n in sorted(places):
            for found in self._rotated(n).names_at(text, places[n], ROTATIONS[n]):
                written = text[found.start : found.stop].translate(ROTATIONS[n])
                yield Hit(found.start, found.secret.kind, written, _rotation(n))

    def _turned_places(self, text: str) -> Iterator[tuple[int, set[int]]]:
        """Where a name can begin in some rotations, and in which: by its first atom
        alone, or by its first two."""
        words = Words(text)
        turns, pairs = self._turns(words)
        pairs = {pair: pairs[pair] for pair in words.met(pairs)}
        firsts = {pair.partition(" ")[0] for pair in pairs}
        for place, atom in atoms_at(text, turns.keys() | firsts):
            met = turns.get(atom, set())
            if atom in firsts and (second := ATOM.search(text, place + len(atom))):
                met = met | pairs.get(f"{atom} {second[0]}", set())
            yield place, met

    def _turns(self, words: Words) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
        """The rotations in which a name can begin with an atom of a text, and those in
        which it can with a pair of them, by what is written."""
        turns: defaultdict[str, set[int]] = defaultdict(set)
        pairs: defaultdict[str, set[int]] = defaultdict(set)
        for n, table in ROTATIONS.items():
            back = ROTATIONS[len(ALPHABET) - n]
            sure, paired = self._rotated(n).candidates(words.turned(table))
            for one in sure:
                turns[one.translate(back)].add(n)
            for pair in paired:
                pairs[pair.translate(back)].add(n)
        return dict(turns), dict(pairs)

    def _rotated(self, n: int) -> Known:
        """What is looked for in a rotation."""
        return self._turned if n == _ROT13 else self._long

    def _addresses(self, text: str) -> Iterator[tuple[AddressAt, Hit]]:
        for one in addresses_at(text):
            if one.mark == "=" and one.domain not in self._domains:
                continue
            if one.text not in self._allowed.ids and (kind := self._local_kind(one.local)):
                yield one, Hit(one.start, kind, one.text)

    def _addresses_in_noise(self, text: str) -> Iterator[Hit]:
        """The same where a text may be none, because digits were decoded or it was
        reversed: a heap knows every short local part, and `a@7` stands in one of a
        thousand numbers. There the domain must tell somebody too. A local part that
        counts alone is found as a name."""
        return (hit for one, hit in self._addresses(text) if self._is_telling(one))

    def _is_telling(self, one: AddressAt) -> bool:
        """Whether the domain of an address is one of the case's, whole or cut off, or
        has the form of one, and the address is too long for chance."""
        if len(one.domain) >= SHORTEST_CUT:
            place = bisect_left(self._sorted_domains, one.domain)
            if self._sorted_domains[place : place + 1] and self._sorted_domains[place].startswith(
                one.domain
            ):
                return True
        elif one.domain in self._domains and len(one.text) >= SHORTEST_DECODED:
            return True
        return len(one.text) >= SHORTEST_UNKNOWN and registrable_domain(one.domain) is not None

    def _local_kind(self, local: str) -> str | None:
        """The kind of a local part that the case knows; what stands before it in one
        token does not hide it."""
        if local in self._allowed.pseudonyms:
            return None
        atoms = ATOM.findall(local)[-8:]
        for start in range(len(atoms)):
            secret = self._known.local_parts.get("".join(atoms[start:]))
            if secret is not None:
                return secret.kind
        return None

    def _rotated_addresses(self, text: str) -> Iterator[Hit]:
        turns: dict[str, int | None] = {}
        for one in addresses_at(text):
            if one.domain not in turns:
                turns[one.domain] = self._turn_of(one.domain)
            n = turns[one.domain]
            if n and (kind := self._local_kind(one.local.translate(ROTATIONS[n]))):
                yield Hit(one.start, kind, one.text, _rotation(n))

    def _turn_of(self, domain: str) -> int | None:
        """By how many letters a domain must be turned to be one of the case's."""
        turns = (n for n, table in ROTATIONS.items() if domain.translate(table) in self._domains)
        return next(turns, None)

    def _hosts(self, text: str) -> Iterator[Hit]:
        if self._hides_hosts:
            yield from self._hosts_among(text, _hosts_in(text))

    def _rotated_hosts(self, text: str) -> Iterator[Hit]:
        if not self._hides_hosts:
            return
        unique = split_ascii(_hosts_in(text))
        for n, table in ROTATIONS.items():
            turned = {name for some in unique for name in some.translate(table).split()}
            if self._hidden(turned):
                for hit in self._hosts_among(text.translate(table), turned):
                    yield hit._replace(encoding=_rotation(n))

    def _hosts_among(self, text: str, names: set[str]) -> Iterator[Hit]:
        if hidden := self._hidden(names):
            for match in _HOST.finditer(text):
                if match[0] in hidden:
                    yield Hit(match.start(), hidden[match[0]], match[0])

    def _hidden(self, names: set[str]) -> dict[str, str]:
        """Those of some host names that must not go out, with their kind."""
        odd = [name for name in names if "[" in name or name != name.lower()]
        hidden = dict.fromkeys(self._private & names, "private_host")
        hidden |= dict.fromkeys(self._known.own_among(names), "own_host")
        for name in odd:
            hidden.pop(name, None)
            read = name.replace("[.]", ".")
            if self._known.is_own(read):
                hidden[name] = "own_host"
            elif read in self._private:
                hidden[name] = "private_host"
        return hidden

    def _roots(self, text: str) -> Iterator[Hit]:
        for root in self._known.paths:
            place = text.find(root.lower())
            if place >= 0:
                yield Hit(place, "path", root)

    def _may_go_out(self, one: AddressAt) -> bool:
        return (
            one.text in self._allowed.ids
            or one.local in self._allowed.pseudonyms
            or one.local in ROLES
        )


def _goes_on(text: str, found: NameAt) -> bool:
    """Whether a name is a part of a longer word, of which JSON writes a letter as an
    escape (`notifica\\u00e7\\u00e3o`). What that is, the text without escapes tells."""
    around = (text[max(0, found.start - 6) : found.start], text[found.stop : found.stop + 6])
    letters = (_ESCAPE.fullmatch(one) for one in around)
    return any(one is not None and chr(int(one[1], 16)).isalnum() for one in letters)


def _hosts_in(text: str) -> set[str]:
    """What has the form of a host, each once."""
    return set(chain.from_iterable(map(_HOST.findall, stretches(text))))


def _rotation(back: int) -> str:
    """The name of a rotation that one of `back` letters undoes."""
    return f"rot{len(ALPHABET) - back}"


def _link_kind(rest: str) -> str | None:
    """What must not stand in a link: a user, or the value of a parameter."""
    host, _, _ = rest.partition("/")
    if "@" in host:
        return "url_user"
    _, question, query = rest.partition("?")
    return "url_parameter" if question and "=" in query.rstrip("=") else None
