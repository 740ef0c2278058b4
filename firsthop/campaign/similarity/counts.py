"""How the values of a heap are spread: over messages, campaigns, months and
authenticated domains. The counts that weighing needs; an engine gives them from tables
(engine/counts.py). `Counted` is the protocol between the two, plain Python data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol


class ValueCount(NamedTuple):
    """One value of the heap."""

    value: int  # its number in the store
    messages: int  # that carry it
    campaigns: int  # distinct campaigns among them; in the first epoch each message is its own
    outside: float  # its share of the messages outside its three busiest months
    authenticated: int  # carriers whose author domain the receiver found authenticated
    domains: int  # distinct such domains


class HeapCount(NamedTuple):
    """The whole heap."""

    messages: int
    campaigns: int
    domains: int  # distinct authenticated author domains
    clustered: bool  # campaigns were known before this count


class Counted(Protocol):
    """A heap that can be counted, whatever holds it."""

    def heap(self) -> HeapCount:
        """The whole."""

    def values(self) -> Iterator[ValueCount]:
        """The values that at least two messages carry; the rest are as rare as
        can be."""
