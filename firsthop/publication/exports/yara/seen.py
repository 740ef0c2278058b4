"""Which elements of a campaign's messages stand in their raw bytes as YARA searches
them: it decodes nothing, so what base64 or a charset hides does not count.

Limits:     the first MAX_BYTES of a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from firsthop.campaign.signature.bitsets import Key, Values
from firsthop.publication.exports.source import ExportSource

MAX_BYTES = 2 << 20
_HEADER_END = re.compile(rb"\r?\n\r?\n")
Search = tuple[str, bool, bool]  # pattern, without regard to case, in the header alone


def seen_members(
    source: ExportSource,
    searches: Callable[[Key], Sequence[Search]],
    hideable: Callable[[Key], bool],
) -> tuple[Values, ...]:
    """The values of the members, without those whose searches find nothing in the bytes
    of the message; and of a message that no longer lies where it was read without those
    that an encoding may hide."""
    left = {place: n for n, place in enumerate(source.places) if place is not None}
    members = [frozenset(key for key in one if not hideable(key)) for one in source.members]
    for place, data in source.originals():
        if (n := left.get(place)) is not None:
            members[n] = seen_in(source.members[n], data[:MAX_BYTES], searches)
    return tuple(members)


def seen_in(values: Values, data: bytes, searches: Callable[[Key], Sequence[Search]]) -> Values:
    """The values whose searches find something in the bytes of a message."""
    end = _HEADER_END.search(data)
    header = data[: end.end()] if end else data
    return frozenset(
        key
        for key in values
        if all(
            _compiled(regex, caseless).search(header if of_header else data)
            for regex, caseless, of_header in searches(key)
        )
    )


@cache
def _compiled(regex: str, caseless: bool) -> re.Pattern[bytes]:
    return re.compile(regex.encode("ascii"), re.IGNORECASE if caseless else 0)
