"""Messages in bursts: those between which no quiet time lies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

QUIET = 3 * 86_400  # seconds without a message that part two bursts


class Burst(NamedTuple):
    """Messages without a quiet time between them."""

    first: int  # seconds since 1970
    last: int
    messages: int


def bursts_of(instants: Iterable[int]) -> tuple[Burst, ...]:
    """The bursts of instants that come in their order."""
    bursts: list[Burst] = []
    for when in instants:
        if bursts and when - bursts[-1].last <= QUIET:
            bursts[-1] = bursts[-1]._replace(last=when, messages=bursts[-1].messages + 1)
        else:
            bursts.append(Burst(when, when, 1))
    return tuple(bursts)
