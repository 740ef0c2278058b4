"""One dated store of DNS evidence: every answer with the day it was true and where it
comes from.

The store is never asked about the net: it holds what was recorded, and an answer that
it does not hold is `Missing` with the reason. A name that a recorded answer calls
non-existent is an Answer (RFC 2308); a name nobody asked about is Missing. Who has two
answers of different days gets the one nearest to the day of the mail, and every user of
an answer passes its `as_of` on: the DNS of one day does not judge the mail of another
in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from firsthop.evidence.timestamp import LAST_INSTANT, utc_text
from firsthop.system.named_tuple import NamedTuple

NOERROR, NXDOMAIN, SERVFAIL, TIMEOUT = "NOERROR", "NXDOMAIN", "SERVFAIL", "TIMEOUT"
DAY = 86_400
WINDOW = 30 * DAY  # an answer this near to the mail counts as that of the mail's day
NOT_RECORDED = "no recorded answer"
MAX_ALIASES = 8  # CNAMEs that are followed (RFC 1034 section 3.6.2)


class Answer(NamedTuple):
    """What the DNS answered: the records as text, TXT strings joined (RFC 7208 section
    3.3), names without the last dot."""

    name: str
    rtype: str
    records: tuple[str, ...]
    rcode: str  # NOERROR, NXDOMAIN, SERVFAIL, TIMEOUT or another name of RFC 6895 section 2.3
    as_of: int  # seconds since 1970: when this was the answer
    source: str  # who recorded it

    @property
    def failed(self) -> bool:
        """Whether the question got no answer at all: neither records nor that there are
        none."""
        return self.rcode not in (NOERROR, NXDOMAIN)


class Missing(NamedTuple):
    """Nobody recorded an answer that can be used, and why."""

    name: str
    rtype: str
    reason: str


class Lookups(Protocol):
    """Whatever gives answers to a check: a store seen from a mail's day, or a
    recorder."""

    def ask(self, name: str, rtype: str) -> Answer | Missing:
        """The answer to a question, or why there is none."""


class Question(NamedTuple):
    """The key of the store."""

    name: str  # lower case, no trailing dot
    rtype: str  # upper case


def question(name: str, rtype: str) -> Question:
    """The question in the form the store keeps it."""
    return Question(name.lower().rstrip("."), rtype.upper())


class Zone(NamedTuple):
    """A part of the tree of which everything was recorded: a name that is not there
    does not exist (RFC 1034 section 4.3.2)."""

    origin: str  # "" is the root
    as_of: int
    source: str
    names: frozenset[str] = frozenset()  # all that exist, with those between them and the origin
    delegated: frozenset[str] = frozenset()  # names below which other zones speak

    def covers(self, name: str) -> bool:
        """Whether the zone speaks for `name`."""
        return _is_within(name, self.origin) and not any(
            _is_within(name, cut) for cut in self.delegated
        )


@dataclass(frozen=True, slots=True)
class DnsStore:
    """Recorded answers, oldest first under each question, and whole zones. Nothing
    changes after it is made."""

    answers: Mapping[Question, tuple[Answer, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    zones: tuple[Zone, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether every question is one that nobody recorded an answer to."""
        return not self.answers and not self.zones

    def ask(self, name: str, rtype: str, at: int | None = None) -> Answer | Missing:
        """The answer nearest to the instant `at` (without one: the newest), aliases
        followed. Never a look-up."""
        asked = question(name, rtype)
        if self.empty:
            return Missing(*asked, NOT_RECORDED)
        return self._ask(asked, at, MAX_ALIASES)

    def at(self, instant: int | None, window: int = WINDOW) -> DnsView:
        """The store as the checks of a mail of that instant see it."""
        return DnsView(self, instant, window)

    def _ask(self, asked: Question, at: int | None, aliases: int) -> Answer | Missing:
        answer = self._exact(asked, at)
        if (isinstance(answer, Answer) and answer.records) or asked.rtype == "CNAME":
            return answer
        alias = self._exact(Question(asked.name, "CNAME"), at)
        if isinstance(alias, Missing) or not alias.records:
            return answer
        if not aliases:  # RFC 1034 section 3.6.2: a loop is an error
            return Answer(*asked, (), SERVFAIL, alias.as_of, alias.source)
        return self._ask(question(alias.records[0], asked.rtype), at, aliases - 1)

    def _exact(self, asked: Question, at: int | None) -> Answer | Missing:
        recorded = self.answers.get(asked) or self._wildcard(asked)
        if recorded:
            return (
                recorded[-1]
                if at is None
                else min(recorded, key=lambda answer: abs(answer.as_of - at))
            )
        zone = next((zone for zone in self.zones if zone.covers(asked.name)), None)
        if zone is None:
            return Missing(*asked, NOT_RECORDED)
        return Answer(
            *asked, (), NOERROR if asked.name in zone.names else NXDOMAIN, zone.as_of, zone.source
        )

    def _wildcard(self, asked: Question) -> tuple[Answer, ...]:
        """The answers that `*` gives a name of a zone that is not there itself (RFC
        1034 section 4.3.3)."""
        zone = next(
            (
                zone
                for zone in self.zones
                if zone.covers(asked.name) and asked.name not in zone.names
            ),
            None,
        )
        parent = asked.name
        while zone and parent not in zone.names and "." in parent:
            parent = parent.partition(".")[2]
        starred = self.answers.get(Question(f"*.{parent}", asked.rtype), ()) if zone else ()
        return tuple(answer._replace(name=asked.name) for answer in starred)


class DnsView(NamedTuple):
    """A store seen from the day of one mail."""

    store: DnsStore
    instant: int | None  # the mail's; None: it has no date, and every answer is of another day
    window: int = WINDOW

    def ask(self, name: str, rtype: str) -> Answer | Missing:
        """The answer of the mail's day; Missing where the nearest one is of another
        day."""
        answer = self.nearest(name, rtype)
        if isinstance(answer, Missing) or self.is_of_the_day(answer):
            return answer
        if self.instant is None:
            return Missing(
                name,
                rtype,
                f"the mail has no date to hold the answer of {day(answer.as_of)} against",
            )
        return Missing(
            name,
            rtype,
            f"the nearest answer is of {day(answer.as_of)}, the mail of {day(self.instant)}",
        )

    def nearest(self, name: str, rtype: str) -> Answer | Missing:
        """The answer nearest to the mail's day, however far."""
        return self.store.ask(name, rtype, self.instant)

    def is_of_the_day(self, answer: Answer) -> bool:
        """Whether an answer is near enough to the mail to be that of its day."""
        return self.instant is not None and abs(answer.as_of - self.instant) <= self.window


def dns_store(answers: Iterable[Answer] = (), zones: Iterable[Zone] = ()) -> DnsStore:
    """A store of these answers and whole zones."""
    kept: dict[Question, list[Answer]] = {}
    for answer in answers:
        kept.setdefault(question(answer.name, answer.rtype), []).append(answer)
    ordered = {
        asked: tuple(sorted(of_question, key=lambda a: a.as_of))
        for asked, of_question in kept.items()
    }
    return DnsStore(
        MappingProxyType(ordered), tuple(sorted(zones, key=lambda zone: -len(zone.origin)))
    )


def _is_within(name: str, origin: str) -> bool:
    return not origin or name == origin or name.endswith("." + origin)


def day(instant: int) -> str:
    """The UTC day of an instant, as in 2014-05-17; a mail may tell one that no calendar
    has."""
    if not 0 <= instant <= LAST_INSTANT:
        return "a time beyond the calendar"
    return utc_text(instant)[:10]
