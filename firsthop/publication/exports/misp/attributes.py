"""What was observed, as attributes of a MISP event.

Never:      sets `to_ids` on anything but what may be refused for a while: not on a
            server of others, the provider whose name is used, an author's domain, a
            HELO, a link's host.
"""

from __future__ import annotations

from collections.abc import Iterable

from firsthop.publication.exports.exporter import Gap
from firsthop.publication.exports.forms import is_host, is_mailbox, is_plain_address
from firsthop.publication.exports.identifiers import identifier
from firsthop.publication.exports.misp.objects import Attribute
from firsthop.publication.exports.observed import BLOCK, Observed
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.json.values import time_text

NETWORK, DELIVERY = "Network activity", "Payload delivery"
_NO_FORM = "MISP has no type for it: it is not plainly an address, a host or a mailbox"


def attributes(
    source: ExportSource, told: Iterable[Observed]
) -> tuple[tuple[Attribute, ...], tuple[Gap, ...]]:
    """The attributes, and what cannot be one."""
    made: list[Attribute] = []
    gaps: list[Gap] = []
    for one in told:
        kind = type_of(one.family, one.value)
        if kind is None:
            gaps.append(Gap(f"{one.family}: {one.value}", _NO_FORM))
        else:
            made.append(_attribute(source, one, *kind))
    return tuple(made), tuple(gaps)


def type_of(family: str, value: str) -> tuple[str, str] | None:
    """Type and category of a value; None where MISP would refuse it."""
    if family == "reply_address":
        return ("email-reply-to", DELIVERY) if is_mailbox(value) else None
    if is_plain_address(value):
        return "ip-src", NETWORK
    if family in ("author_domain", "envelope_domain") and is_host(value):
        return "domain", NETWORK
    if family == "url_path":
        return ("text", NETWORK) if value.isprintable() else None
    return ("hostname", NETWORK) if is_host(value) else None


def _attribute(source: ExportSource, one: Observed, kind: str, category: str) -> Attribute:
    may = one.use == BLOCK and one.valid_until is not None
    until = f" Tells nothing more from {time_text(one.valid_until)} on." if may else ""
    never = f" In no list: {one.never}" if one.never and one.never != one.part.explanation else ""
    return Attribute(
        identifier(source, "misp", one.family, one.value),
        kind,
        category,
        one.value,
        may,
        f"{one.part.name}, in {one.messages} messages. {one.part.explanation}{until}{never}",
        time_text(one.first_seen),
        time_text(one.last_seen),
        correlates=may,
    )
