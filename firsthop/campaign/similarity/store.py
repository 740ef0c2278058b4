"""The features of a heap in memory, as small as plain Python keeps them: values
numbered, messages as arrays of numbers.

About 1.8 kB a message with 36 features, 2.9 kB with the assignment, of which 0.3 kB are
texts that its summary holds too (docs/reference/campaigns.md). A value's text is kept
from its second sight on: a value seen once ties nothing together."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import overload

from firsthop.campaign.features.families import NUMBER
from firsthop.campaign.features.record import MessageFeatures, feature_hash
from firsthop.evidence.host.names import registrable_domain
from firsthop.system.numbering import Numbering

NEVER = -(1 << 62)  # stands for "no time"
_HOSTS = {"helo": "helo_domain", "first_helo": "helo_domain", "relay": "relay_domain"}


class Places(Sequence[tuple[str, int, str | None]]):
    """URI, offset and Message-ID of messages, by number."""

    def __init__(self) -> None:
        self._uris: list[str] = []
        self._offsets = array("q")
        self._message_ids: list[str | None] = []

    def add(self, uri: str, offset: int, message_id: str | None) -> None:
        """Those of the next message."""
        if self._uris and uri == self._uris[-1]:
            uri = self._uris[-1]  # of one mailbox: one object
        self._uris.append(uri)
        self._offsets.append(offset)
        self._message_ids.append(message_id)

    def __len__(self) -> int:
        return len(self._uris)

    @overload
    def __getitem__(self, number: int) -> tuple[str, int, str | None]: ...
    @overload
    def __getitem__(self, number: slice) -> list[tuple[str, int, str | None]]: ...
    def __getitem__(
        self, number: int | slice
    ) -> tuple[str, int, str | None] | list[tuple[str, int, str | None]]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        return self._uris[number], self._offsets[number], self._message_ids[number]


class Store:
    """Messages by number, values by number."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.places = Places()
        self.instants = array("q")
        self.sources: list[str | None] = []
        self.zones = array("h")  # minutes; 0x7FFF: not known
        self.domains = array("i")  # number of the authenticated author domain, or -1
        self.values: list[array[int]] = []
        self.number = Numbering(self.ids)  # of a message, by id
        self.hashes = array("q")
        self.families = array("B")
        self.counts = array("i")  # messages that carry the value
        self.parents = array("i")  # the value of the organisation a host belongs to, or -1
        self.texts: dict[int, str] = {}
        self.number_of_hash = Numbering(self.hashes)  # of a value
        self._domains: dict[str, int] = {}
        self._words: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, one: MessageFeatures) -> int | None:
        """The message's number; None where a message of the same bytes is there."""
        return self.add_hashed(one, ((f.family, f.value, f.hash) for f in one.features))

    def add_hashed(
        self, one: MessageFeatures, values: Iterable[tuple[str, str, int]]
    ) -> int | None:
        """The same for a message whose values come beside it: family, value, hash."""
        if one.id in self.number:
            return None
        number = self.number.add(one.id)
        self.places.add(one.uri, one.offset, one.message_id)
        self.instants.append(NEVER if one.instant is None else one.instant)
        self.sources.append(
            None if one.instant_source is None else self._shared(one.instant_source)
        )
        self.zones.append(0x7FFF if one.zone is None else max(-1440, min(1440, one.zone)))
        domain = one.authenticated_domain
        self.domains.append(
            -1 if domain is None else self._domains.setdefault(domain, len(self._domains))
        )
        self.values.append(array("i", sorted({self._value(*value) for value in values})))
        return number

    def extend(self, many: Iterable[MessageFeatures]) -> list[int]:
        """The numbers of the new messages among `many`."""
        return [number for one in many if (number := self.add(one)) is not None]

    def find(self, family: str, value: str) -> int | None:
        """The number of a value, if some message carries it."""
        return self.number_of_hash.get(feature_hash(family, value))

    def in_time(self, numbers: Iterable[int]) -> list[int]:
        """Messages in the order of their times, those without a time last; of one time
        in the order of their ids (`sql/sequence.sql`)."""
        return sorted(
            numbers, key=lambda n: (self.instants[n] == NEVER, self.instants[n], self.ids[n])
        )

    def instant(self, number: int) -> int | None:
        """The time of a message, seconds since 1970; None without one."""
        return None if self.instants[number] == NEVER else self.instants[number]

    def month(self, number: int) -> int:
        """The 30-day month of a message; -1 without a time."""
        return -1 if self.instants[number] == NEVER else self.instants[number] // 2_592_000

    def _shared(self, text: str) -> str:
        """The same text as one object: many messages have their times from hops that
        are described alike."""
        return self._words.setdefault(text, text)

    def _value(self, family: str, value: str, key: int) -> int:
        number = self.number_of_hash.get(key)
        if number is None:
            number = self._new_value(family, key)
            self.parents[number] = self._parent(family, value)
        elif number not in self.texts:
            self.texts[number] = value
        self.counts[number] += 1
        return number

    def _parent(self, family: str, value: str) -> int:
        """The value of the host's organisation; it stands beside the host in the same
        message."""
        if family == "client_address":
            above = (
                "client_network",
                ".".join(value.split(".")[:3]) if "." in value else ":".join(value.split(":")[:3]),
            )
        elif family in _HOSTS and (domain := registrable_domain(value)):
            above = (_HOSTS[family], domain)
        else:
            return -1
        key = feature_hash(*above)
        number = self.number_of_hash.get(key)
        return self._new_value(above[0], key) if number is None else number

    def _new_value(self, family: str, key: int) -> int:
        self.families.append(NUMBER[family])
        self.counts.append(0)
        self.parents.append(-1)
        return self.number_of_hash.add(key)
