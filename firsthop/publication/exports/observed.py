"""What of a campaign can be looked for: addresses, hosts, links and mailboxes, each
with the part it plays in the campaign's mail, and what may be done with it. The formats
of intelligence and the plain lists are made from this one table.

    block   mail from or to it may be refused for a while: what the receiver's own
            server saw, with nothing between, or what answers were to be sent to
    hunt    to be looked for and at: the sender only claims it, or nothing shows whose
            it is
    never   a third party, or the receiver's own: named so that its owner can be told

Never:      holds a value that the level of the export does not show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.signature.bitsets import Values
from firsthop.evidence.timestamp import LAST_INSTANT
from firsthop.publication.exports.exporter import Gap
from firsthop.publication.exports.never import CLAIM, why_never
from firsthop.publication.exports.source import ExportSource

BLOCK, HUNT, NEVER = "block", "hunt", "never"
DAY = 86_400


class Part(NamedTuple):
    """What something is to a campaign's mail."""

    name: str
    use: str
    explanation: str  # for the reader of a list: one sentence
    days: int  # after which it tells nothing more


ORIGIN = Part(
    "origin",
    BLOCK,
    "The client that handed the mail to the receiver's server, which saw its address; it may be "
    "somebody's infected machine, and addresses change hands.",
    30,
)
RELAY = Part(
    "relay",
    NEVER,
    "A server of others that the mail went through: its accounts or its openness may be abused, "
    "and its own mail comes from it too.",
    30,
)
HELO = Part("helo", HUNT, "What the client called itself: it can use anybody's name.", 90)
_OF_FAMILY = {
    "first_address": Part(
        "claimed_origin",
        HUNT,
        "The client that a line below the receiver's names: it is worth what its writer is worth.",
        30,
    ),
    "relay": RELAY,
    "helo": HELO,
    "first_helo": HELO,
    "envelope_domain": Part(
        "envelope", HUNT, "The domain of the envelope sender: it can be anybody's.", 90
    ),
    "reply_address": Part(
        "reply", BLOCK, "Where answers are sent, which is not the author's address.", 180
    ),
    "url_host": Part("link", HUNT, "The host of a link or picture: nothing shows whose it is.", 90),
    "url_path": Part("link", HUNT, "A link or picture: nothing shows whose it is.", 90),
    "author_domain": Part(
        "author", NEVER, "The domain of the authors' addresses: mail can name anybody's.", 90
    ),
}


class Observed(NamedTuple):
    """One value of a family."""

    family: str
    value: str
    part: Part
    messages: int
    first_seen: int | None  # seconds since 1970
    last_seen: int | None
    never: str | None  # why it stands in no list of what to refuse or to look for

    @property
    def use(self) -> str:
        """What may be done with it."""
        return NEVER if self.never else self.part.use

    @property
    def valid_until(self) -> int | None:
        """When it tells nothing more."""
        if self.last_seen is None:
            return None
        return min(self.last_seen + self.part.days * DAY, LAST_INSTANT)


def observed(source: ExportSource) -> tuple[Observed, ...]:
    """What was observed, those of most messages first within each family. What is never
    listed in one part is not in another: a relay calls itself by its own name."""
    told = [_told(source, *one) for one in _carriers(source).items()]
    never = {one.value: one.never for one in told if one.never}
    told = [one._replace(never=one.never or never.get(one.value)) for one in told]
    families = list(_order())
    return tuple(
        sorted(told, key=lambda one: (families.index(one.family), -one.messages, one.value))
    )


def refusals(told: Iterable[Observed]) -> tuple[Gap, ...]:
    """What stands in no list, by the reason."""
    values: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in told:
        if one.never:
            values[one.family, one.never].append(one.value)
    return tuple(
        Gap(f"{family}: {', '.join(many)}", f"in no list: {reason}")
        for (family, reason), many in values.items()
    )


def moment(one: MessageSummary | None) -> int | None:
    """When a message was first accepted; None for a time that no server can have
    meant."""
    instant = one.instant if one else None
    return instant if instant is not None and 0 <= instant <= LAST_INSTANT else None


def in_pairs(source: ExportSource) -> Iterator[tuple[MessageSummary | None, Values]]:
    """Each message whose values are known, with its summary."""
    places = source.places or (None,) * len(source.members)
    for place, values in zip(places, source.members, strict=True):
        yield None if place is None else source.summaries[place], values


_Carriers = dict[tuple[str, str, Part], list[MessageSummary | None]]


def _carriers(source: ExportSource) -> _Carriers:
    """Each value with its part, and the messages that have it."""
    carriers: _Carriers = {}
    for summary, values in in_pairs(source):
        for family, value in values:
            part = _part(family, value, summary)
            if part is not None:
                carriers.setdefault((family, value, part), []).append(summary)
    return _one_part_each(carriers)


def _part(family: str, value: str, summary: MessageSummary | None) -> Part | None:
    """A client at the receiver's server is the origin where no server before it wrote
    a line; else it is the last of those servers."""
    if family != "client_address":
        return _OF_FAMILY.get(family)
    first = summary.first if summary else None
    return ORIGIN if first and first.client_address == value else RELAY


def _one_part_each(carriers: _Carriers) -> _Carriers:
    """An address that relayed some of the messages is a relay in all of them."""
    relays = {value for family, value, part in carriers if part is RELAY}
    kept: _Carriers = {}
    for (family, value, part), many in carriers.items():
        settled = RELAY if family == "client_address" and value in relays else part
        kept.setdefault((family, value, settled), []).extend(many)
    return kept


def _told(
    source: ExportSource,
    key: tuple[str, str, Part],
    carriers: Sequence[MessageSummary | None],
) -> Observed:
    family, value, part = key
    times = [when for one in carriers if (when := moment(one)) is not None]
    never = part.explanation if part.use == NEVER else why_never(source, family, value)
    if part.use == HUNT and never == CLAIM:
        never = None  # what a client claims refuses no mail, and can be looked for
    first, last = min(times, default=None), max(times, default=None)
    return Observed(family, value, part, len(carriers), first, last, never)


def _order() -> Iterator[str]:
    yield "client_address"
    yield from _OF_FAMILY
