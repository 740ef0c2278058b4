"""Lists of client addresses and of senders' domains for Postfix's access tables.

An address is one view of a message, and its holder changes: so each entry says when it
was seen and when it is to be removed, and one whose time was over at the last message
of the case is written as a comment.
A client that handed mail to the receiver itself is refused; one that only a relay names
is noted (WARN): that line is worth as much as the relay. A sender's domain is only
noted, since anybody can write it.
Never:      lists what `never.why_never` refuses; each refusal becomes a gap.
Source:     access(5), cidr_table(5) of Postfix 3.7.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from firsthop.evidence.host.address import read_address
from firsthop.publication.clock import utc
from firsthop.publication.exports.exporter import Gap
from firsthop.publication.exports.never import why_never
from firsthop.publication.exports.source import ExportSource

KEPT = 30 * 86_400  # seconds from the last sight of an address to its removal
NO_TIME = "no time is known at which it was seen, so nobody could say when to remove it"


class Listed(NamedTuple):
    """A candidate of a list."""

    value: str
    action: str
    messages: int
    first_seen: int
    last_seen: int


class Lists(NamedTuple):
    """The lines of both tables, and what was refused."""

    clients: tuple[str, ...]
    senders: tuple[str, ...]
    gaps: tuple[Gap, ...]


def access_lists(source: ExportSource) -> Lists:
    """The lists of a campaign."""
    gaps: list[Gap] = []
    clients = list(_clients(source, gaps))
    senders = list(_senders(source, gaps))
    until = max((one.instant for one in source.investigation.summaries if one.instant), default=0)
    return Lists(tuple(_lines(clients, until)), tuple(_lines(senders, until)), tuple(gaps))


def _clients(source: ExportSource, gaps: list[Gap]) -> Iterator[Listed]:
    seen: defaultdict[str, list[int | None]] = defaultdict(list)
    for one in source.summaries:
        if one.first and one.first.client_address:
            seen[one.first.client_address].append(one.instant)
    handed = {v for values in source.members for f, v in values if f == "client_address"}
    for value in sorted({*seen, *handed}):
        address = read_address(value)
        action = (
            f"REJECT 5.7.1 firsthop: {source.campaign.id}"
            if value in handed
            else f"WARN firsthop: {source.campaign.id}"
        )
        found = _listed(address.text if address else value, action, seen[value])
        yield from _kept("client_access", why_never(source, "client_address", value), found, gaps)


def _senders(source: ExportSource, gaps: list[Gap]) -> Iterator[Listed]:
    for host in source.full.infrastructure:
        if host.family == "envelope_domain":
            times = [host.first_seen, host.last_seen]
            found = _listed(host.value.lower(), f"WARN firsthop: {source.campaign.id}", times)
            found = found._replace(messages=host.messages)
            why = why_never(source, host.family, host.value)
            yield from _kept("sender_access", why, found, gaps)


def _listed(value: str, action: str, times: Iterable[int | None]) -> Listed:
    known = [time for time in times if time is not None]
    return Listed(value, action, len(known), min(known, default=0), max(known, default=0))


def _kept(table: str, why: str | None, found: Listed, gaps: list[Gap]) -> Iterator[Listed]:
    reason = why or (None if found.last_seen else NO_TIME)
    if reason is None:
        yield found
    else:
        gaps.append(Gap(f"{table}: {found.value}", reason))


def _lines(listed: Iterable[Listed], until: int) -> Iterator[str]:
    for one in listed:
        removed = one.last_seen + KEPT
        over = removed < until
        yield (
            f"# seen {utc(one.first_seen)[:10]} to {utc(one.last_seen)[:10]}, {one.messages} "
            f"message(s); to be removed after {utc(removed)[:10]}{': over' if over else ''}"
        )
        yield f"{'# ' if over else ''}{one.value} {one.action}"
