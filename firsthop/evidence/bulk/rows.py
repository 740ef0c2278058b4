"""The rows of a batch as they come in, turned into columns at its end: the columns are
those that evidence/schema/ describes."""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.schema.columns import Columns, parts_of
from firsthop.evidence.schema.hop import HopPlace, hop_columns
from firsthop.evidence.schema.message import MESSAGES, MessageRow, row_of


class Rows:
    """The rows of a batch."""

    def __init__(self) -> None:
        self._messages: list[MessageRow] = []
        self._numbers: list[int] = []  # of each hop, its message
        self._places: list[HopPlace] = []
        self._hops: list[Hop] = []

    def add(self, row: MessageRow, places: Sequence[HopPlace], hops: Sequence[Hop]) -> None:
        """One message with its hops."""
        self._numbers += [len(self._messages)] * len(hops)
        self._messages.append(row)
        self._places += places
        self._hops += hops

    def add_facts(self, facts: MessageFacts) -> None:
        """One message whose facts are there."""
        steps = facts.path.steps
        self.add(
            row_of(facts),
            [HopPlace(step.position, step.trust, step.field.span) for step in steps],
            [step.hop for step in steps],
        )

    def messages(self) -> Columns:
        """The messages, column by column."""
        return MESSAGES.filled(parts_of(MessageRow, self._messages))

    def hops(self) -> Columns:
        """The hops, column by column, `message` first."""
        return {"message": self._numbers, **hop_columns(self._places, self._hops)}
