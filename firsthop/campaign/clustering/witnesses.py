"""Whose word a message is: its own, or that of the report that encloses it.

A heap that is one report has no other word; its messages then count by themselves.
What encloses a message is told by its URI (mail/sources/enclosed)."""

from __future__ import annotations

import re

from firsthop.campaign.similarity.store import Store

# how the readers of mail name what a message encloses; members of archives are called
# by their own names
_ENCLOSED = re.compile(r"!/(?:@(?P<offset>\d+)/)?(?:part-[\d.]+|attachment-\d+|uuencoded-\d+|text)")


class Witnesses:
    """The witnesses of a store's messages, each by the number of one of them."""

    def __init__(self, store: Store) -> None:
        reports: dict[str, int] = {}
        self._of: dict[int, int] = {}  # message to witness, of those that are enclosed
        for number, (uri, _, _) in enumerate(store.places):
            if (report := report_of(uri)) is not None:
                self._of[number] = reports.setdefault(report, number)
        if not reports:
            return
        for number, (uri, offset, _) in enumerate(store.places):
            if (witness := reports.get(f"{uri}@{offset}")) is not None:
                self._of[number] = witness
        if len(set(self._of.values())) == 1 and len(self._of) == len(store):
            self._of.clear()

    def of(self, number: int) -> int:
        """The witness whose word the message is."""
        return self._of.get(number, number)


def report_of(uri: str) -> str | None:
    """The outermost report that encloses the message of a URI; None where none does."""
    match = _ENCLOSED.search(uri)
    if match is None:
        return None
    return f"{uri[: match.start()]}@{match['offset'] or 0}"
