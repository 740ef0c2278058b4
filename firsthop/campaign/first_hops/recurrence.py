"""Links messages whose first hop names the same relay and the same HELO, and nothing
else: a narrow rule that the output states.

Messages that share neither stay apart. A relay alone never links: one mail server
serves many senders."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from firsthop.campaign.first_hops.bursts import Burst, bursts_of
from firsthop.campaign.first_hops.order import Instants
from firsthop.campaign.first_hops.summary import MessageSummary


@dataclass(frozen=True, slots=True)
class Group:
    """Messages of one relay and HELO, in the order of their stamps."""

    id: str
    relay: str
    helo: str
    members: Sequence[MessageSummary]

    @property
    def first_seen(self) -> int | None:
        """Seconds since 1970; None where no member has a time."""
        return self.members[0].instant

    @property
    def last_seen(self) -> int | None:
        """Seconds since 1970; None where no member has a time."""
        return next((t.instant for t in reversed(self.members) if t.instant is not None), None)

    @property
    def client_addresses(self) -> tuple[str, ...]:
        """The distinct addresses the relay saw, in order of appearance."""
        return tuple(
            dict.fromkeys(
                t.first.client_address for t in self.members if t.first and t.first.client_address
            )
        )

    @property
    def bursts(self) -> tuple[Burst, ...]:
        """The timed members in bursts."""
        return bursts_of(t.instant for t in self.members if t.instant is not None)


class Recurrence:
    """The messages of each relay and HELO, by their numbers."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], array[int]] = defaultdict(lambda: array("Q"))

    def add(self, number: int, one: MessageSummary) -> None:
        """One more message."""
        if one.relay and one.helo:
            self._numbers[one.relay, one.helo].append(number)

    def groups(self, summaries: Sequence[MessageSummary], instants: Instants) -> tuple[Group, ...]:
        """The groups of at least two messages, the largest first; equal sizes by first
        message."""
        groups = [
            _group(relay, helo, instants.in_time(summaries, numbers))
            for (relay, helo), numbers in self._numbers.items()
            if len(numbers) > 1
        ]
        return tuple(sorted(groups, key=lambda g: (-len(g.members), g.first_seen or 0, g.id)))


def _group(relay: str, helo: str, members: Sequence[MessageSummary]) -> Group:
    return Group(f"g-{sha256(members[0].sha256.encode()).hexdigest()[:12]}", relay, helo, members)
