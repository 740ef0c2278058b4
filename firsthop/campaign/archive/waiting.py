"""The messages that wait to be written as a segment."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from firsthop.campaign.archive.records import ArchiveRecords

Place = tuple[str, int]  # URI and offset


class Waiting:
    """Records of messages; of those of one id the last that was taken."""

    def __init__(self) -> None:
        self._records: list[ArchiveRecords] = []
        self._dropped: list[set[int]] = []  # of each record, by their numbers
        # by id: the record, the number there, the place
        self._messages: dict[str, tuple[int, int, Place]] = {}

    def place(self, message: str) -> Place | None:
        """Where the message of an id lies; None where none waits."""
        waiting = self._messages.get(message)
        return waiting and waiting[2]

    def add(self, records: ArchiveRecords, is_kept: Callable[[str, Place], bool]) -> int:
        """Take those messages that `is_kept` says yes to; how many it took."""
        here, dropped = len(self._records), set[int]()
        self._records.append(records)
        self._dropped.append(dropped)
        for number, (message, place) in enumerate(zip(records.ids, records.places, strict=True)):
            if not is_kept(message, place):
                dropped.add(number)
                continue
            if former := self._messages.get(message):
                self._dropped[former[0]].add(former[1])
            self._messages[message] = here, number, place
        return len(records.ids) - len(dropped)

    def records(self) -> list[ArchiveRecords]:
        """What waits, in the order in which it was taken."""
        both = zip(self._records, self._dropped, strict=True)
        return [one.without(dropped) for one, dropped in both if len(dropped) < len(one.ids)]

    def clear(self) -> None:
        """Nothing waits any more."""
        self._records.clear()
        self._dropped.clear()
        self._messages.clear()

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[str]:
        return iter(self._messages)
