"""One value redacted: an address, a host, a Message-ID, a path, a text that may hold
any of them.

Names are replaced where they stand as tokens; what is written around them stays, so
that `bounce-mario.rossi=example.it` and the Subject `mario.rossi` show the same
pseudonym. Works on values and never on finished text. Linear in the value."""

from __future__ import annotations

import re
from copy import copy

from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.networks import is_address
from firsthop.publication.redaction.canonical import ATOM, Words, canonical
from firsthop.publication.redaction.known import Known
from firsthop.publication.redaction.pseudonyms import Pseudonyms

_LOCAL = r"[\w.!#$%&'+/=?^~-]{1,64}+"
_DOMAIN = r"\[?[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\]?"
ADDRESS = re.compile(rf"({_LOCAL})@({_DOMAIN})")
_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_CLASS = re.compile(r"[dhHw]\d+")
# a link with a user, or with parameters: they may name whoever it was sent to
_LINK_THAT_TELLS = re.compile(r"https?://[^\s?#]{0,2000}(?:@|\?[^\s#=]{0,200}=)", re.IGNORECASE)
_CUT = 4  # letters from which on a name that was cut at an edge is one


class Redactor:
    """Redacts the values of one case at one level. `given` are the values that it let
    out; `shown_ids` those with an at sign that are no addresses of people."""

    def __init__(
        self, known: Known, pseudonyms: Pseudonyms, withheld: frozenset[str] = frozenset()
    ) -> None:
        self.known, self.level, self.pseudonyms = known, known.level, pseudonyms
        self._withheld = withheld  # values that a search found something in
        self._memory: dict[tuple[str, str], str] = {}
        self._redactions: dict[tuple[str, str], str] = {}  # the same before any is withheld
        self.given: set[str] = set()
        self.left_out: set[str] = set()  # the pseudonyms that stand for withheld values
        self.shown_ids: set[str] = set()
        self._fronts, self._ends = _edges(known)

    def without(self, withheld: frozenset[str]) -> Redactor:
        """The same redactor, which has given nothing yet and withholds these values."""
        other = copy(self)
        other._withheld = withheld
        other._memory, other.given, other.shown_ids, other.left_out = {}, set(), set(), set()
        return other

    def text(self, value: str) -> str:
        """A value that may hold addresses, names, hosts and paths."""
        return self._once("text", value)

    def address(self, value: str) -> str:
        """An address: its local part replaced, its domain kept."""
        return self._once("text", value if "@" in value else self.name(value))

    def name(self, value: str) -> str:
        """A local part, a login or a display name by itself."""
        if self.level.recipients:
            return value
        return self.pseudonyms.person(self._named(value))

    def host(self, value: str) -> str:
        """A host name; the own and the private ones become pseudonyms."""
        return self._once("host", value)

    def message_id(self, value: str) -> str:
        """A Message-ID, without the names that stand in it."""
        return self._once("id", value)

    def ip_address(self, value: str | None) -> str | None:
        """An address of a host; None for those of inside networks, which are private,
        and for one that a search found something in."""
        if value is None or not is_address(value):
            return value
        if not self.level.private_hosts and space_of(value) is Space.INSIDE:
            return None
        return value if self._once("address", value) == value else None

    def digest(self, value: str) -> str:
        """A digest of our own: of thousands one may spell somebody."""
        return self._once("digest", value)

    def words(self, value: str) -> str | None:
        """Words of people: a Subject, a passage, the path of a link. None where the
        level shows none but a pseudonym, or a link in them tells too much."""
        secret = self.known.masked.get(canonical(value))
        redacted = self.text(value) if secret is None else self.pseudonyms.person(secret.name)
        if not self.level.recipients and _LINK_THAT_TELLS.search(redacted):
            return None
        if self.level.texts or redacted in self.pseudonyms.given:
            return redacted
        return None

    def shape(self, value: str) -> str:
        """The shape of a local part: the words that a shape leaves as they are become
        lengths."""
        if self.level.authors:
            return self.text(value)
        return ATOM.sub(lambda m: m[0] if _CLASS.fullmatch(m[0]) else f"w{len(m[0])}", value)

    def affix(self, value: str) -> str | None:
        """First or last characters of a token; None where a name was cut in them."""
        return None if self._is_cut(value.strip("*")) else self.text(value)

    def place(self, uri: str, number: int) -> str:
        """Where a message was read: below its input's folder, or by its number."""
        if not self.level.file_names:
            return f"message/{number}"
        return self.text(self.relative(uri))

    def offset(self, offset: int) -> int:
        """Where a message begins there: by itself, where its file is not told."""
        return offset if self.level.file_names else 0

    def relative(self, uri: str) -> str:
        """A path without the folder that the operator named."""
        for root in self.known.roots:
            if uri == root:
                return uri.rpartition("/")[2]
            if uri.startswith((f"{root}/", f"{root}!")):
                return uri[len(root) + 1 :].lstrip("/")
        return uri.rpartition("/")[2] if uri.startswith("/") else uri

    def _once(self, form: str, value: str) -> str:
        """A value redacted, from memory where it was met before."""
        key = (form, value)
        known = self._memory.get(key)
        if known is None:
            known = self._redactions.get(key) or self._redacted(form, value)
            self._redactions[key] = known
            if known in self._withheld:
                known = self.pseudonyms.withheld(value)
                self.left_out.add(known)
            self._memory[key] = known
            self.given.add(known)
            if form == "id":
                self.shown_ids.add(known)
        return known

    def _redacted(self, form: str, value: str) -> str:
        if form in ("address", "digest"):
            return value
        if form == "host":
            return self._host(value)
        if form == "id":
            left, at, host = value.rpartition("@")
            return f"{self._id(left)}@{self._host(host)}" if at else self._names(value)
        return self._paths(self._names(ADDRESS.sub(self._address, value)))

    def _address(self, match: re.Match[str]) -> str:
        local, host = match[1], match[2]
        if local in self.pseudonyms.given:
            return match[0]
        return f"{self._local(local)}@{self._host(host)}"

    def _local(self, local: str) -> str:
        key = canonical(local)
        if self.level.recipients or (self.level.authors and key not in self.known.local_parts):
            return local
        return self.pseudonyms.person(self._named(local))

    def _id(self, left: str) -> str:
        secret = self.known.local_parts.get(canonical(left))
        return self.pseudonyms.person(secret.name) if secret else self._names(left)

    def _named(self, name: str) -> str:
        secret = self.known.alone.get(canonical(name))
        return secret.name if secret else name

    def _names(self, value: str) -> str:
        """A text with the names in it replaced, and its hosts."""
        value = _HOST.sub(lambda m: self._own(m[0]), value)
        aligned = _aligned(value)
        parts, end = [], 0
        begins = self.known.begins(Words(aligned))
        for found in self.known.names_in(aligned, begins):
            parts += [value[end : found.start], self.pseudonyms.person(found.secret.name)]
            end = found.stop
        return "".join([*parts, value[end:]])

    def _own(self, host: str) -> str:
        """A host that stands in a text: those that the case knows are replaced."""
        kind = self.known.hosts.get(host.lower().rstrip("."))
        if self.known.is_own(host):
            return self.pseudonyms.host(host, "own")
        if kind == "private_host" and not self.level.private_hosts:
            return self.pseudonyms.host(host, "host")
        return host

    def _host(self, value: str) -> str:
        """A value that is a host."""
        bare = value.strip("[]")
        if not bare or is_address(bare):
            return value if not bare or self.ip_address(bare) is not None else "inside"
        if self.known.is_own(bare):
            return self.pseudonyms.host(bare, "own")
        if self.known.is_private(bare):
            return self.pseudonyms.host(bare, "host")
        return self._names(value)

    def _paths(self, value: str) -> str:
        for path in self.known.paths:
            value = value.replace(f"{path}/", "").replace(path, "input")
        return value

    def _is_cut(self, value: str) -> bool:
        """Whether a value begins or ends with a part of a name."""
        atoms = ATOM.findall(_aligned(value))
        return bool(atoms) and (atoms[-1] in self._fronts or atoms[0] in self._ends)


def _edges(known: Known) -> tuple[set[str], set[str]]:
    """Every part of CUT letters or more with which the atoms of a name begin, and
    end."""
    fronts: set[str] = set()
    ends: set[str] = set()
    for secret in known.alone.values():
        for atom in ATOM.findall(_aligned(secret.name)):
            fronts.update(atom[:n] for n in range(_CUT, min(len(atom), 16) + 1))
            ends.update(atom[-n:] for n in range(_CUT, min(len(atom), 16) + 1))
    return fronts, ends


def _aligned(text: str) -> str:
    """`text` in lower case, letter for letter."""
    if text.isascii():
        return text.lower()
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)
