"""The account of a sending service from which a message came, as lines and fields of
the service name it: abuse desks of services ask for it.

    name = "Postmark"             of the service
    source = "..."                where the form is known from
    [[account]]                   alternatives, the surest first; the first that gives
                                  an account is told, the first that gives a message too
    field = "feedback-id"         a field, or
    received = "sendgrid"         a Received line of a dialect, and its
    part = "helo"                 part
    pattern = '...'               searched; its group is `account` or `message` (the
                                  message by which the service finds the account)
    decode = "base64 digits"      see DECODERS
    [[example]]
    fields = ["Feedback-ID: ..."]
    account = "a177132"           "" where none is told

A sender can write all of these fields: an account is told, never believed. Read in the
first MAX_VALUE characters of a value, from the first MAX_FIELDS fields of a name.
Sources: with each table."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from firsthop.errors import TableError
from firsthop.evidence.path.path import Path
from firsthop.mail.message import Field, Message, beginning
from firsthop.system.expression import Expression
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import demand, package_tables

MAX_VALUE = 1_000
MAX_FIELDS = 5
_WHAT = {"account", "message"}


class ServiceAccount(NamedTuple):
    """An account at a service, or the message by which the service finds it."""

    service: str
    account: str | None
    message: str | None
    field: Field  # that names the account, else the message


def _base64(text: str) -> str:
    text = "".join(text.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("ascii")
    except ValueError:
        return ""


def _digits(text: str) -> str:
    number = _base64(text)
    return number if number.isascii() and number.isdigit() else ""


# name: what is decoded before the pattern is tried, and what of the account afterwards
DECODERS: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "": (str, str),
    "base64 digits": (str, _digits),
    "base64 field": (_base64, str),
    "base64 behind bar": (lambda text: _base64(text.partition("|")[2]), str),
}


class Place(NamedTuple):
    """Where a service writes an account."""

    field: str
    dialect: str | None
    part: str | None
    pattern: Expression
    decode: str

    def read(self, value: str) -> dict[str, str]:
        """What a value tells: account, message, or nothing."""
        before, after = DECODERS[self.decode]
        found = self.pattern.search(before(beginning(value, MAX_VALUE)))
        if found is None:
            return {}
        told = {what: after(text) for what, text in found.groupdict().items()}
        return {what: text for what, text in told.items() if text}


class Service(NamedTuple):
    """One table."""

    key: str
    name: str
    source: str
    places: tuple[Place, ...]
    examples: tuple[dict[str, Any], ...]


def _service(key: str, table: dict[str, Any]) -> Service:
    known = {"name", "source", "account", "example"}
    demand(f"services/{key}.toml", table, known, known)
    places = tuple(_place(f"services/{key}.toml account", entry) for entry in table["account"])
    return Service(key, table["name"], table["source"], places, tuple(table["example"]))


def _place(where: str, entry: dict[str, Any]) -> Place:
    of_line = {"received", "part"} if "received" in entry else {"field"}
    demand(where, entry, of_line | {"pattern", "decode"}, of_line | {"pattern"})
    decode = entry.get("decode", "")
    if decode not in DECODERS:
        raise TableError(f"{where}: decode has an unknown word {decode!r}")
    pattern = Expression(where, entry["pattern"])
    if not pattern.names() or set(pattern.names()) - _WHAT:
        raise TableError(f"{where}: the group must be account or message")
    return Place(
        entry.get("field", "received"), entry.get("received"), entry.get("part"), pattern, decode
    )


SERVICES = tuple(_service(key, table) for key, table in package_tables(__package__, "tables"))
_Fields = Mapping[str, Sequence[tuple[str, Field]]]  # by name, each with its value
_PLACES = [place for service in SERVICES for place in service.places]
_OF_FIELDS = [place for place in _PLACES if not place.dialect]
_BY_FIELD = {one.field: [p for p in _OF_FIELDS if p.field == one.field] for one in _OF_FIELDS}
FIELDS = frozenset(_BY_FIELD)
DIALECTS = frozenset(place.dialect for place in _PLACES if place.dialect)


def service_accounts(message: Message, path: Path) -> tuple[ServiceAccount, ...]:
    """The accounts that a message names, one a service at most. Never raises."""
    fields = {
        name: [
            (value, field)
            for field in message.all(name)[:MAX_FIELDS]
            if _tells(name, value := beginning(field.value, MAX_VALUE))
        ]
        for name in FIELDS & message.by_key.keys()
    }
    if not any(fields.values()) and DIALECTS.isdisjoint([one.hop.dialect for one in path.steps]):
        return ()
    found = (_account(service, fields, path) for service in SERVICES)
    return tuple(one for one in found if one is not None)


@lru_cache(maxsize=4_096)
def _tells(name: str, value: str) -> bool:
    """Whether any service has written something into a field of that name."""
    for place in _BY_FIELD[name]:
        if (place.decode or place.pattern.search(value)) and place.read(value):
            return True
    return False


def _account(service: Service, fields: _Fields, path: Path) -> ServiceAccount | None:
    told: dict[str, tuple[str, Field]] = {}
    for place in service.places:
        texts = fields.get(place.field, ()) if place.dialect is None else _of_lines(place, path)
        for value, field in texts:
            for what, text in place.read(value).items():
                told.setdefault(what, (text, field))
    if not told:
        return None
    (account, at), (name, by) = told.get("account", _NONE), told.get("message", _NONE)
    return ServiceAccount(service.name, account, name, at or by)  # type: ignore[arg-type]


_NONE: tuple[None, None] = (None, None)


def _of_lines(place: Place, path: Path) -> Iterator[tuple[str, Field]]:
    steps = [step for step in path.steps if step.hop.dialect == place.dialect]
    for step in steps[-MAX_FIELDS:]:
        value = getattr(step.hop, place.part or "")
        if isinstance(value, str):
            yield value, step.field
