"""Links messages whose first hop names the same relay and the same HELO, and nothing
else: a narrow rule that the output states.

Messages that share neither stay apart. A relay alone never links: one mail server
serves many senders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from firsthop.campaign.first_hops.summary import MessageSummary

QUIET = 3 * 86_400  # seconds without a message that part two bursts


@dataclass(frozen=True, slots=True)
class Group:
    """Messages of one relay and HELO, in the order of their stamps."""

    id: str
    relay: str
    helo: str
    members: tuple[MessageSummary, ...]

    @property
    def first_seen(self) -> int | None:
        """Seconds since 1970; None where no member has a time."""
        return min((t.instant for t in self.members if t.instant is not None), default=None)

    @property
    def last_seen(self) -> int | None:
        """Seconds since 1970; None where no member has a time."""
        return max((t.instant for t in self.members if t.instant is not None), default=None)

    @property
    def client_addresses(self) -> tuple[str, ...]:
        """The distinct addresses the relay saw, in order of appearance."""
        return tuple(
            dict.fromkeys(
                t.first.client_address for t in self.members if t.first and t.first.client_address
            )
        )

    @property
    def bursts(self) -> tuple[tuple[MessageSummary, ...], ...]:
        """The timed members, parted where QUIET seconds pass without one."""
        bursts: list[list[MessageSummary]] = []
        for member in (t for t in self.members if t.instant is not None):
            if bursts and (member.instant or 0) - (bursts[-1][-1].instant or 0) <= QUIET:
                bursts[-1].append(member)
            else:
                bursts.append([member])
        return tuple(tuple(burst) for burst in bursts)


def recurring_groups(summaries: Sequence[MessageSummary]) -> tuple[Group, ...]:
    """The groups of at least two messages, the largest first; equal sizes by first
    message."""
    by_names: dict[tuple[str, str], list[MessageSummary]] = defaultdict(list)
    for one in summaries:
        if one.relay and one.helo:
            by_names[one.relay, one.helo].append(one)
    groups = [
        _group(relay, helo, members)
        for (relay, helo), members in by_names.items()
        if len(members) > 1
    ]
    return tuple(sorted(groups, key=lambda g: (-len(g.members), g.first_seen or 0, g.id)))


def _group(relay: str, helo: str, members: list[MessageSummary]) -> Group:
    ordered = tuple(
        sorted(members, key=lambda t: (t.instant is None, t.instant or 0, t.uri, t.offset))
    )
    return Group(f"g-{sha256(ordered[0].sha256.encode()).hexdigest()[:12]}", relay, helo, ordered)
