"""Signs that a message came by an indirect way (RFC 7960 section 3): mailing lists, forwarding, resending, sending on behalf, bounces, tickets.

On such a way the last server is not the author's, and that says nothing against the author. Each sign is a field or a hop; an attacker can write one
too, which earns "undetermined" and never "authorised".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

from firsthop.evidence.hosts import registrable_domain
from firsthop.evidence.identities import mailboxes
from firsthop.evidence.path import Path
from firsthop.mail.message import Field, Message
from firsthop.tables import read_table


class Sign(NamedTuple):
    """One sign of an indirect way."""

    flow: str  # list | forwarded | resent | on_behalf | bounce | ticket | calendar | fetched
    says: str  # what the sign is, e.g. the field's name
    field: Field


_BY_NAME = {
    name: flow for flow, entry in read_table(resources.files("firsthop.evidence").joinpath("indirect.toml")).items() for name in entry["fields"]
}
_READ = frozenset((*_BY_NAME, "precedence", "sender", "return-path", "content-type", "auto-submitted"))
_LIST_PRECEDENCE = re.compile(r"list\b", re.IGNORECASE)
_REPORT = re.compile(r"multipart/report", re.IGNORECASE)
_CALENDAR = re.compile(r"text/calendar", re.IGNORECASE)


def signs(message: Message, path: Path) -> tuple[Sign, ...]:
    """The signs in a message, in the order of its header, those of the path last."""
    return (*_of_fields(message), *_of_path(path))


def _of_fields(message: Message) -> Iterator[Sign]:
    for field in message.among(_READ):
        key = field.key
        if flow := _BY_NAME.get(key):
            yield Sign(flow, key, field)
        elif key == "precedence" and _LIST_PRECEDENCE.match(field.value):
            yield Sign("list", "precedence: list", field)
        elif key == "sender" and (sender := _domain(field)) and (author := _domain(message.first("from"))) and sender != author:
            yield Sign("on_behalf", "sender at another domain", field)
        elif key == "return-path" and field.value.replace(" ", "") == "<>":
            yield Sign("bounce", "null reverse-path", field)
        elif key == "content-type" and _REPORT.match(field.value):
            yield Sign("bounce", "multipart/report", field)
        elif key == "content-type" and _CALENDAR.match(field.value):
            yield Sign("calendar", "text/calendar", field)
        elif key == "auto-submitted" and not field.value.lower().startswith("no"):
            yield Sign("bounce", "auto-submitted", field)


def _of_path(path: Path) -> Iterator[Sign]:
    for step in path.steps:
        if step.hop.kind == "list":
            yield Sign("list", f"list software at {step.hop.by or '?'}", step.field)
        elif step.hop.kind == "fetch":
            yield Sign("fetched", f"fetched by {step.hop.by or '?'}", step.field)


def _domain(field: Field | None) -> str | None:
    """The registrable domain of a field's first mailbox."""
    boxes = mailboxes(field.value) if field else ()
    return (registrable_domain(boxes[0].domain) or boxes[0].domain) if boxes and boxes[0].domain else None
