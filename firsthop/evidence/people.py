"""Whom a message names: every mailbox of its header, who logged in, and what stands in
the parameters of its links. A publication withholds them, and looks for them before it
goes out.

Never:      judges whether an address exists or whose it is; looks anything up.
Source:     RFC 5322 section 3.6, RFC 5321 section 4.4, RFC 3461 section 4.2, RFC 2369;
            VERP (bounce-user=host@list) is a habit of list servers without a standard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.identity.address_field import REMEMBERED, mailboxes
from firsthop.evidence.path.path import Path
from firsthop.mail.field_names import ADDRESSED_TO, DELIVERY, FORWARDING, MAILBOX_ROLES
from firsthop.mail.message import MAX_FIELD_BYTES, Message, unfold

KINDS = ("author", "correspondent", "recipient", "envelope", "login", "link")
MAX_PEOPLE = 2_000  # of one message that are told
MAX_LINKS = 60  # of one message whose parameters are read
MAX_FIELD = MAX_FIELD_BYTES  # characters of a link that are read, as many as of a field
SHORTEST = 8  # characters from which on a parameter's value can name somebody

_AUTHORS = {"author", "original_author", "resent_from"}
_RECIPIENTS = {*ADDRESSED_TO, *DELIVERY, "bcc", "resent-to", "resent-cc", "resent-bcc"} | {
    "apparently-to",
    "x-forwarded-to",
    "x-forwarded-for",
}
_OTHERS = {"list-unsubscribe", "disposition-notification-to", "x-sender", "x-envelope-from"}
_FIELDS = frozenset(_RECIPIENTS | MAILBOX_ROLES.keys() | _OTHERS | set(FORWARDING))
MAX_LOCAL = 64  # RFC 5321 section 4.5.3.1.1
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]++")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_PARTS = re.compile(r"[-+=]")
_URL = re.compile(
    r"https?://([^/?#\s<>]{1,255})[^?#\s<>]{0,2000}([?#][^\s<>]{1,2000})?", re.IGNORECASE
)
_ESCAPED_AT = "%40"
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# Values, and what can be one: neither the name of a parameter (a value without a name
# can end in an equals sign, being base64) nor, of a link within, its host or a word of
# letters in its path.
_VALUE = re.compile(
    r"[=?&#/](?:(?<==)([^=/?&#]+)|(?<=[?&#])([^=/?&#]++)(?!=[^=])"
    r"|(?<=/)(?<!//)(?![^\W\d_]++(?:[/?&#]|$))([^=/?&#]++)(?!=[^=]))"
)
_new = tuple.__new__  # a NamedTuple in half the time of its own constructor


class Person(NamedTuple):
    """Somebody, or something that stands for somebody."""

    kind: str  # one of KINDS
    value: str | None  # an address, a login, a parameter; as written
    display_name: str | None = None


def people(facts: MessageFacts) -> tuple[Person, ...]:
    """Everybody whom a message names, each once, in the order of the header, then of
    the links; MAX_PEOPLE at most. Never raises."""
    named = _of_fields(facts.message)
    _add_of_hops(named, facts.path)
    for link in facts.content.links[:MAX_LINKS]:
        if "?" in link or "@" in link or "%" in link or "#" in link:  # else it names nobody
            named += _of_link(link)
    found = dict.fromkeys([one for one in named if one.value or one.display_name])
    return tuple(found)[:MAX_PEOPLE]


def addresses_in(text: str) -> Iterator[tuple[str, str]]:
    """Local part and domain of every address that a text shows, those inside a VERP
    address too. Linear: what stands before an at sign is bounded."""
    at, stop = text.find("@"), 0
    while at >= 0:
        local = _LOCAL.match(text[max(stop, at - MAX_LOCAL) : at][::-1])  # from the sign on
        domain = _DOMAIN.match(text, at + 1) if local else None
        if local and domain:
            name, stop = local[0][::-1], domain.end()
            yield name, domain[0]
            if "=" in name:
                yield from verp(name)
        at = text.find("@", max(stop, at + 1))


def verp(local: str) -> Iterator[tuple[str, str]]:
    """The recipient that a VERP or SRS local part carries (`bounce-user=host`), with
    and without what stands before it."""
    front, equals, host = local.rpartition("=")
    if equals and front and "." in host:
        yield front, host
        name = _PARTS.split(front)[-1]
        if name and name != front:
            yield name, host
    elif equals and front.count("=") >= 1:  # SRS0=hash=tt=host=user
        *_, host, name = local.split("=")
        if "." in host and name:
            yield name, host


def _of_fields(message: Message) -> list[Person]:
    named: list[Person] = []
    for field in message.among(_FIELDS):
        name, raw, _, repaired, _ = field
        if repaired is None and len(raw) <= REMEMBERED:
            named += _remembered(name, raw)
        else:
            named += _of_field(name, field.value)
    return named


def _of_field(name: str, value: str) -> tuple[Person, ...]:
    kind = _KIND[name.lower()]
    if kind == "link":
        return (*_of_text(value, kind), *_of_link(value))
    named: list[Person] = []
    for box in mailboxes(value):
        named.append(_new(Person, (kind, box.address, box.display_name)))
        if "=" in (local := box.local_part or ""):
            named += [Person("recipient", f"{user}@{host}") for user, host in verp(local)]
    return tuple(named)


@lru_cache(maxsize=1_024)  # one field stands in many messages
def _remembered(name: str, raw: bytes) -> tuple[Person, ...]:
    """Of a field as written, which is asked for sooner than its value."""
    return _of_field(name, unfold(raw.partition(b":")[2]))


def _kind(key: str) -> str:
    if key in _RECIPIENTS:
        return "recipient"
    if key == "list-unsubscribe":
        return "link"
    role = MAILBOX_ROLES.get(key, "")
    if role in _AUTHORS:
        return "author"
    return "envelope" if role in ("reverse_path", "errors_to") else "correspondent"


_KIND = {key: _kind(key) for key in _FIELDS}


def _add_of_hops(named: list[Person], path: Path) -> None:
    for step in path.steps:
        hop = step.hop
        if address := hop.forward_path:
            named.append(_new(Person, ("recipient", address.rpartition(";")[2], None)))
        if address := hop.orcpt:
            named.append(Person("recipient", address.rpartition(";")[2]))
        if hop.reverse_path:
            named += _of_text(hop.reverse_path, "envelope")
        if login := hop.auth_identity:
            named.append(Person("login", login))
        if login := hop.ident:
            named.append(Person("login", login))


def _of_text(text: str, kind: str) -> Iterator[Person]:
    for local, host in addresses_in(text):
        yield Person(kind, f"{local}@{host}")


def _of_link(text: str) -> Iterator[Person]:
    """Who stands in the userinfo, the path and the parameters of links."""
    addressed = "@" in text or _ESCAPED_AT in text
    for match in _URL.finditer(text[:MAX_FIELD]):
        if addressed:
            user, at, _ = match[1].rpartition("@")
            if at:
                yield Person("link", user)
            if "@" in (plain := _plain(match[0].partition("//")[2])):
                yield from _of_text(plain, "link")
        for found in _VALUE.finditer(match[2] or ""):
            value = found[found.lastindex or 0]
            if len(value) >= SHORTEST:
                yield _new(Person, ("link", value, None))


def _plain(link: str) -> str:
    """A link with its percent escapes undone (RFC 3986 section 2.1)."""
    if "%" not in link:
        return link
    return _PERCENT.sub(lambda m: bytes.fromhex(m[0].replace("%", "")).decode("latin-1"), link)
