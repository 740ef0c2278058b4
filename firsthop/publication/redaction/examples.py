"""The messages that a bulletin shows, redacted: their hops as all hops are, their
header lines by what each field holds.

Where a level does not show the words of people, of an address field only the addresses
are left, of a Subject at most a pseudonym, and of a field that no standard defines its
name. What is taken out leaves a mark (GONE) behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from firsthop.campaign.examples import Example, HeaderLine, Rung
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.networks import is_address
from firsthop.evidence.received.hop import Hop
from firsthop.mail.field_names import ADDRESSED, UNNAMING
from firsthop.mail.message import unfold
from firsthop.publication.redaction.messages import redacted_hop, redacted_summary
from firsthop.publication.redaction.redactor import ADDRESS, Redactor

GONE = "…"
_ADDRESSED = ADDRESSED
# fields whose values are a program's and name nobody by themselves
_OPEN = UNNAMING
_ADDRESS_LIKE = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]{2,39})(?![\w:])")
# of a Received line, whose texts are redacted first, as what they are
_NAMES = ("helo", "client_name", "by")
_TEXTS = ("queue_id", "protocol")
_PEOPLE = ("auth_identity", "ident", "forward_path", "orcpt", "reverse_path")


def redacted_example(one: Example, number: int, by: Redactor) -> Example:
    """The example that is the message of that number, from 1."""
    return replace(
        one,
        summary=redacted_summary(one.summary, number, by),
        place=by.place(one.summary.uri, number),
        rungs=tuple(_rung(rung, by) for rung in one.rungs),
        header=tuple(_line(line, by) for line in one.header),
    )


def _rung(rung: Rung, by: Redactor) -> Rung:
    return rung._replace(hop=redacted_hop(rung.hop, by))


def _line(line: HeaderLine, by: Redactor) -> HeaderLine:
    """One field; its lines stay where they were as far as that can be."""
    name, colon, value = line.text.partition(":")
    if not colon:
        return line._replace(name=GONE, text=GONE, hop=None)
    return line._replace(
        name=by.text(line.name),
        text=f"{by.text(name)}:{_value(line, value, by)}",
        hop=None if line.hop is None else redacted_hop(line.hop, by),
    )


def _value(line: HeaderLine, value: str, by: Redactor) -> str:
    key = line.name.lower()
    if key == "message-id":
        inner = value.strip()
        bare = inner.removeprefix("<").removesuffix(">")
        return _around(value, inner.replace(bare, by.message_id(bare)) if bare else inner)
    if key == "subject":
        return _around(value, by.words(unfold(value.encode())) or GONE)
    if key in _ADDRESSED:
        return _of_addresses(value, by)
    return by.text(_without_inside(_of_program(line, key, value, by), by))


def _of_program(line: HeaderLine, key: str, value: str, by: Redactor) -> str:
    """A field that servers and programs write."""
    if line.hop is not None:
        return _of_received(value, line.hop, by)
    if key == "content-type" and not by.level.recipients:
        kind, semicolon, _ = value.partition(";")
        return f"{kind}; {GONE}\n" if semicolon else value
    if key in _OPEN or key == "content-type" or by.level.texts:
        return value
    return _around(value, GONE)


def _of_received(value: str, hop: Hop, by: Redactor) -> str:
    """A Received line: each part that was read as what it is, then the whole."""
    for part in _NAMES:
        value = _replaced(value, getattr(hop, part), by.host)
    for part in _PEOPLE:
        value = _replaced(value, getattr(hop, part), by.address)
    for part in _TEXTS:
        value = _replaced(value, getattr(hop, part), by.text)
    return value


def _replaced(value: str, part: str | None, redact: Callable[[str], str]) -> str:
    if not part or part not in value:
        return value
    shown = redact(part)
    if shown == part:
        return value
    return re.sub(rf"(?<![\w.-]){re.escape(part)}(?![\w-])", lambda _: shown, value)


def _of_addresses(value: str, by: Redactor) -> str:
    """An address field: the whole of it, or its addresses alone."""
    text = by.text(value)
    if by.level.texts:
        return _around(value, text.strip())
    found = [f"<{match[0]}>" for match in ADDRESS.finditer(text)]
    return _around(value, f"{GONE} {', '.join(found)}" if found else GONE)


def _without_inside(value: str, by: Redactor) -> str:
    """A text without the addresses of inside networks."""
    if by.level.private_hosts:
        return value
    return _ADDRESS_LIKE.sub(lambda m: GONE if _is_inside(m[0]) else m[0], value)


def _is_inside(text: str) -> bool:
    return is_address(text) and space_of(text) is Space.INSIDE


def _around(value: str, inner: str) -> str:
    """`inner` with the white space that stood around the value."""
    front = value[: len(value) - len(value.lstrip())]
    return f"{front}{inner}{value[len(value.rstrip()) :]}"
