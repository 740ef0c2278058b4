"""The counts that weighing needs, taken by an engine."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.engine.protocol import Engine
from firsthop.campaign.similarity.counts import HeapCount, ValueCount
from firsthop.system.numbering import Numbering


class TableCounts:
    """The counts of the heap in an engine (`counts.Counted`). `clustered`: its tables
    `campaign` and `member` hold an assignment.

    A value is named by its hash, or by its number where `numbers` has one for each
    hash."""

    def __init__(
        self, engine: Engine, *, clustered: bool, numbers: Numbering[int] | None = None
    ) -> None:
        self._engine, self._clustered, self._numbers = engine, clustered, numbers

    def heap(self) -> HeapCount:
        """The whole."""
        ((messages, campaigns, domains),) = self._engine.run("heap_count")
        return HeapCount(messages, campaigns, domains, self._clustered)

    def values(self) -> Iterator[ValueCount]:
        """The values that at least two messages carry, by hash."""
        for hashed, _, n, campaigns, _, _, outside, authenticated, domains, *_ in self._engine.run(
            "value_stats"
        ):
            value = hashed if self._numbers is None else self._numbers[hashed]
            yield ValueCount(value, n, campaigns, outside, authenticated, domains)
