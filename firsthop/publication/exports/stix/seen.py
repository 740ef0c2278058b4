"""What was seen, as STIX observables: of each message the mail, the client and the
server of its first hop; and which server stands for which infrastructure.

Never:      says of a server of others that it is the attacker's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.signature.bitsets import Values
from firsthop.publication.exports.dates import seen as seen_between
from firsthop.publication.exports.exporter import Gap
from firsthop.publication.exports.forms import is_host, is_mailbox, is_plain_address
from firsthop.publication.exports.observed import RELAY, Observed, in_pairs, moment
from firsthop.publication.exports.stix.frame import Frame, stamp
from firsthop.publication.exports.stix.ids import message_object_id
from firsthop.publication.exports.stix.objects import (
    EmailMessage,
    Infrastructure,
    Observable,
    ObservedData,
    Relationship,
    StixObject,
)

MOST_MESSAGES = 100  # that are told one by one, spread evenly over the campaign
MOST_RELAYS = 50
THIRD_PARTY = (
    "A server of somebody else that messages of the campaign went through. Its accounts or its "
    "openness may be abused; its owner is to be told, and its own mail comes from it too. It is "
    "no infrastructure of the attacker and is not to be blocked for this."
)


class Seen(NamedTuple):
    """Objects and what could not be told."""

    objects: tuple[StixObject, ...]
    gaps: tuple[Gap, ...] = ()


def observable_of(frame: Frame, value: str) -> Observable | None:
    """A value as what it plainly is; None for one that is nothing that STIX knows."""
    if is_plain_address(value):
        return frame.observable("ipv6-addr" if ":" in value else "ipv4-addr", value)
    if is_host(value):
        return frame.observable("domain-name", value)
    return frame.observable("email-addr", value) if is_mailbox(value) else None


def messages(frame: Frame) -> Seen:
    """Each message with what it shows."""
    pairs = [(one, values) for one, values in in_pairs(frame.source) if one is not None]
    step = -(-len(pairs) // MOST_MESSAGES) or 1
    told = [_message(frame, one, values) for one, values in pairs[::step]]
    left = len(frame.source.summaries) - len(told)
    gaps = [Gap("Subject, Date and other fields of messages", "the case does not keep them whole")]
    if left > 0:
        gaps.append(Gap(f"{left} of {len(frame.source.summaries)} messages", "jsonl has all"))
    return Seen(tuple(one for many in told for one in many), tuple(gaps))


def _message(frame: Frame, one: MessageSummary, values: Values) -> tuple[StixObject, ...]:
    authors = [value for family, value in sorted(values) if family == "author_address"]
    author = observable_of(frame, authors[0]) if authors else None
    mail = EmailMessage(
        frame.seen_head(message_object_id(frame.source.tlp, one.sha256)),
        is_multipart=any(family in ("boundary_shape", "boundary_affix") for family, _ in values),
        from_ref=author.id if author and author.id.startswith("email-addr") else None,
        message_id=f"<{one.message_id}>" if one.message_id else None,
    )
    hop = one.first
    shown = [hop.client_address, hop.by and hop.by.lower().rstrip(".")] if hop else []
    beside = [thing for value in shown if value and (thing := observable_of(frame, value))]
    things: list[StixObject] = [mail]
    if mail.from_ref and author:
        things.append(author)
    return (*things, *beside, *_observed(frame, one, [each.id for each in (*things, *beside)]))


def _observed(frame: Frame, one: MessageSummary, refs: Sequence[str]) -> Iterator[ObservedData]:
    """When it was seen; a message without a time was seen within the campaign's."""
    when, whole = moment(one), seen_between(frame.source)
    span = (when, when) if when is not None else whole
    if span is not None:
        yield ObservedData(
            frame.head("observed-data", one.sha256, one.uri, str(one.offset)),
            first_observed=stamp(span[0]),
            last_observed=stamp(span[1]),
            number_observed=1,
            object_refs=tuple(dict.fromkeys(refs)),
        )


def relays(frame: Frame, told: Iterable[Observed]) -> Seen:
    """The servers of others, each an infrastructure that the campaign uses."""
    those = [one for one in told if one.part is RELAY]
    objects: list[StixObject] = []
    gaps = [Gap(f"relay {one.value}", "hosts.csv has all") for one in those[MOST_RELAYS:]]
    for one in those[:MOST_RELAYS]:
        thing = observable_of(frame, one.value)
        if thing is None:
            gaps.append(Gap(f"relay {one.value}", "it is not plainly a host or an address"))
            continue
        objects += _relay(frame, one, thing)
    return Seen(tuple(objects), tuple(gaps))


def _relay(frame: Frame, one: Observed, thing: Observable) -> tuple[StixObject, ...]:
    server = Infrastructure(
        frame.head("infrastructure", one.value),
        name=f"{one.value} (a third party's server)",
        description=f"{THIRD_PARTY} Messages of the campaign that it is named in: {one.messages}.",
        infrastructure_types=("unknown",),
        first_seen=None if one.first_seen is None else stamp(one.first_seen),
        last_seen=None if one.last_seen is None else stamp(one.last_seen),
    )
    return (
        thing,
        server,
        related(frame, "consists-of", server.id, thing.id),
        related(frame, "uses", frame.reference, server.id),
    )


def related(
    frame: Frame, kind: str, source: str, target: str, description: str | None = None
) -> Relationship:
    """What one object is to another."""
    return Relationship(
        frame.head("relationship", kind, source, target),
        relationship_type=kind,
        source_ref=source,
        target_ref=target,
        description=description,
    )
