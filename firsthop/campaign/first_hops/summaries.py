"""The summaries of a heap, packed: a summary is made when it is asked for, and those
that were made last stay for a while.

Form:       of each message a row of plain values by `marshal`, one behind the other, in
            a file without a name where they are many; what many messages say alike
            (their server, their findings) is kept once in memory, and the row has its
            number.
Never:      gives another summary than was put in; reads a row that was not made here.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from marshal import dumps, loads
from operator import itemgetter
from pathlib import Path
from typing import Any, Generic, TypeVar

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.timestamp import Stamp
from firsthop.judgement.finding import Finding, Observation
from firsthop.mail.message import Span
from firsthop.system.packed import Chosen, Packed, PackedTexts
from firsthop.system.spooled import Spooled

MOST_COMPARED = 65_536  # parts that a new one is compared with, whatever senders write
MOST_RECENT = 1_024  # summaries that stay at hand: one is looked up several times in a row
# what is a message's own in its first hop; the rest is mostly its server's
_OWN = (
    *("stamp", "helo", "client_name", "client_address", "client_port", "by", "by_address"),
    *("auth_identity", "queue_id", "reverse_path", "forward_path", "ident", "orcpt"),
)
_SERVERS = tuple(name for name in Hop._fields if name not in _OWN)
_own = itemgetter(*map(Hop._fields.index, _OWN))
_servers = itemgetter(*map(Hop._fields.index, _SERVERS))
_as_hop = itemgetter(*map((*_OWN, *_SERVERS).index, Hop._fields))
_new = tuple.__new__  # a named tuple in half the time of its own constructor
Part = TypeVar("Part", bound=Hashable)
Place = tuple[str, int]  # URI and offset
Plain = tuple[Any, ...]  # what `marshal` has a form for


class _Once(Generic[Part]):
    """Parts by number, equal ones once."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._numbers: dict[Part, int] = {}

    def number(self, part: Part) -> int:
        """The number of a part."""
        if len(self._numbers) >= MOST_COMPARED:
            self._numbers.clear()
        number = self._numbers.setdefault(part, len(self.parts))
        if number == len(self.parts):
            self.parts.append(part)
        return number


class Places(Packed[Place]):
    """Where messages lie."""

    def __init__(self) -> None:
        self._folders, self._numbers = _Once[str](), array("I")
        self._names, self._offsets = PackedTexts(), array("q")

    def append(self, uri: str, offset: int) -> None:
        """One more, at the end."""
        name = uri.rpartition("/")[2]
        self._numbers.append(self._folders.number(uri.removesuffix(name)))
        self._names.append(name)
        self._offsets.append(offset)

    def __len__(self) -> int:
        return len(self._offsets)

    def at(self, number: int) -> Place:
        """The place of a number that is there, without asking."""
        folder = self._folders.parts[self._numbers[number]]
        return folder + self._names.at(number), self._offsets[number]


class Summaries(Packed[MessageSummary]):
    """Summaries in the order in which they came."""

    def __init__(
        self, summaries: Iterable[MessageSummary] = (), folder: Path | None = None
    ) -> None:
        self._rows, self._stops = Spooled(folder), array("Q", [0])
        self.places = Places()
        self._marks = _Once[tuple[Any, ...]]()
        self._servers = _Once[tuple[Any, ...]]()
        self._findings = _Once[tuple[Finding, ...]]()  # of a message, without their values
        self._finding = _Once[Finding]()
        self._recent: dict[int, MessageSummary] = {}
        self.extend(summaries)

    def append(self, one: MessageSummary) -> None:
        """One more, at the end."""
        self.places.append(one.uri, one.offset)
        marks = one.evidence, one.message_id_state, one.hops, one.basis, one.answers
        row = dumps(
            (
                _shortened(one.sha256),
                one.message_id,
                one.author_domain,
                _shortened(one.author),
                self._marks.number(marks),
                None if one.first is None else self._hop_row(one.first),
                self._findings.number(tuple(map(self._bare, one.findings))),
                tuple(_values(one.findings)),
            )
        )
        self._stops.append(self._rows.append(row))

    def extend(self, summaries: Iterable[MessageSummary]) -> None:
        """More of them, at the end."""
        for one in summaries:
            self.append(one)

    def __len__(self) -> int:
        return len(self._stops) - 1

    def __iter__(self) -> Iterator[MessageSummary]:
        return map(self._made, range(len(self)))

    def at(self, number: int) -> MessageSummary:
        """The summary of a number that is there, without asking."""
        if (one := self._recent.get(number)) is None:
            if len(self._recent) >= MOST_RECENT:
                self._recent.clear()
            one = self._recent[number] = self._made(number)
        return one

    def _made(self, number: int) -> MessageSummary:
        row = self._rows.read(self._stops[number], self._stops[number + 1])
        sha256, message_id, domain, author, marks, hop, bare, values = loads(  # noqa: S302 - of `append`
            row
        )
        evidence, state, hops, basis, answers = self._marks.parts[marks]
        findings = self._findings.parts[bare]
        return _new(
            MessageSummary,
            (
                *self.places.at(number),
                sha256.hex() if type(sha256) is bytes else sha256,
                evidence,
                message_id,
                state,
                None if hop is None else self._hop(*hop),
                hops,
                basis,
                domain,
                author.hex() if type(author) is bytes else author,
                _with_values(findings, values) if values else findings,
                answers,
            ),
        )

    def _bare(self, finding: Finding) -> Finding:
        """The finding without its values, one object for all messages that have it."""
        if finding.values or finding.observations:
            finding = _new(Finding, (*finding[:4], (), ()))
        return self._finding.parts[self._finding.number(finding)]

    def _hop_row(self, hop: Hop) -> Plain:
        stamp, *own = _own(hop)
        return self._servers.number(_servers(hop)), stamp and tuple(stamp), *own

    def _hop(self, servers: int, stamp: Plain | None, *own: str | int | None) -> Hop:
        read = stamp and _new(Stamp, stamp)
        return _new(Hop, _as_hop((read, *own, *self._servers.parts[servers])))


def places_of(summaries: Sequence[MessageSummary]) -> Sequence[Place]:
    """Where the messages of summaries lie; packed ones are not made for it."""
    if isinstance(summaries, Summaries):
        return summaries.places
    if isinstance(summaries, Chosen):
        return Chosen(places_of(summaries.items), summaries.numbers)
    return _PlacesOf(summaries)


class _PlacesOf(Packed[Place]):
    def __init__(self, summaries: Sequence[MessageSummary]) -> None:
        self._summaries = summaries

    def __len__(self) -> int:
        return len(self._summaries)

    def at(self, number: int) -> Place:
        """The place of a number that is there, without asking."""
        uri, offset, *_ = self._summaries[number]
        return uri, offset


def _shortened(digest: str | None) -> bytes | str | None:
    """A digest in half its length; any other text as it is."""
    try:
        short = bytes.fromhex(digest or "")
    except ValueError:
        return digest
    return short if short.hex() == digest else digest


def _values(findings: Iterable[Finding]) -> Iterable[Plain]:
    """The values of the findings that have any, with the place of each."""
    for place, one in enumerate(findings):
        if one.values or one.observations:
            seen = tuple((*o[:3], o.span and tuple(o.span), o.asserted) for o in one.observations)
            yield place, one.values, seen


def _with_values(bare: tuple[Finding, ...], values: Iterable[Plain]) -> tuple[Finding, ...]:
    findings = list(bare)
    for place, pairs, seen in values:
        observations = tuple(
            Observation(key, value, field, span and Span(*span), asserted)
            for key, value, field, span, asserted in seen
        )
        findings[place] = _new(Finding, (*findings[place][:4], pairs, observations))
    return tuple(findings)
