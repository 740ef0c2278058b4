"""Summaries of a heap in less memory: parts that are equal are one object. Most
messages of a heap say the same as others of their servers, programs and findings; what
comes out of another process or out of a file is a copy each time.

Never:      changes a summary: what comes out equals what went in. Keeps more than
            MOST_KNOWN parts to compare with, whatever a sender writes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar, cast

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.evidence.received.hop import Hop
from firsthop.judgement.finding import Finding

MOST_KNOWN = 65_536
Part = TypeVar("Part", bound=Hashable)


class SharedParts:
    """Takes summaries and gives equal ones, whose parts are those of the former ones
    where they are equal."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Hashable] = {}

    def of_all(self, summaries: Iterable[MessageSummary]) -> Iterator[MessageSummary]:
        """The summaries, one after the other."""
        return map(self.of, summaries)

    def of(self, one: MessageSummary) -> MessageSummary:
        """The summary, with parts that others have too."""
        first = one.first
        if first is not None:
            first = Hop._make(self._one(part) if type(part) is str else part for part in first)
        return one._replace(
            uri=self._one(one.uri),
            author=self._one(one.author),
            author_domain=self._one(one.author_domain),
            first=first,
            findings=self._findings(one.findings),
            answers=self._one(one.answers),
        )

    def _findings(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Findings are many messages' own, and so are mostly all of one message; else
        each may be, or its values."""
        if (known := self._known.get((tuple, findings))) is not None:
            return cast(tuple[Finding, ...], known)
        parts = (self._with_values(one) if one.values else one for one in findings)
        return self._one(tuple(map(self._one, parts)))

    def _with_values(self, one: Finding) -> Finding:
        pairs = (self._one((self._one(key), self._one(value))) for key, value in one.values)
        return one._replace(values=tuple(pairs))

    def _one(self, part: Part) -> Part:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        # a named tuple equals every tuple of the same values
        key = part if type(part) is str else (type(part), part)
        return cast(Part, self._known.setdefault(key, part))
