"""What could not be read, in lines for an operator: a line for each input; where many
are left out for one reason, a line that counts them and names the first.

For what is named elsewhere too, as in the manifest of a case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from firsthop.mail.sources.raw import Skipped

ALONE = 10  # inputs of one reason, up to which each has its line
NAMED = 3  # of more than these
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def left_out_lines(skipped: Iterable[Skipped], listed: str) -> Iterator[str]:
    """The lines, in the order in which a reason is met first; `listed` says where all
    are named."""
    kinds: defaultdict[str, list[Skipped]] = defaultdict(list)
    for one in skipped:
        kinds[_kind(one)].append(one)
    for kind, many in kinds.items():
        if len(many) <= ALONE:
            yield from (f"{one.uri}: {one.reason}" for one in many)
        else:
            yield _together(kind, many, listed)


def _kind(one: Skipped) -> str:
    """A reason without its numbers: sizes and offsets are each input's own."""
    return _NUMBER.sub("N", one.reason)


def _together(kind: str, many: Sequence[Skipped], listed: str) -> str:
    reason = many[0].reason if len({one.reason for one in many}) == 1 else kind
    first = ", ".join(one.uri for one in many[:NAMED])
    return f"{len(many):,} inputs: {reason}: {first} and {len(many) - NAMED:,} more ({listed})"
