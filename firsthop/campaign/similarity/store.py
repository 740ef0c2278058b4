"""The features of a heap in memory, as small as plain Python keeps them: values
numbered, messages and texts packed one behind the other.

A value that one message alone carries ties nothing together: a heap that is read from
an archive (archive/filling.py) gives such values no number. Which families a message
has values of is kept for itself, for what disagrees counts too."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping

from firsthop.campaign.features.families import NUMBER
from firsthop.campaign.features.record import MessageFeatures, feature_hash
from firsthop.evidence.host.names import registrable_domain
from firsthop.system.numbering import Numbering
from firsthop.system.packed import Packed, PackedLists, PackedTexts

NEVER = -(1 << 62)  # stands for "no time"
_HOSTS = {"helo": "helo_domain", "first_helo": "helo_domain", "relay": "relay_domain"}
_NONE = -1


class Places(Packed[tuple[str, int, str | None]]):
    """URI, offset and Message-ID of messages, by number."""

    def __init__(self) -> None:
        self._files: list[str] = []  # URIs that follow each other and are equal once
        self._uris = array("i")
        self._offsets = array("q")
        self._message_ids = PackedTexts()
        self._unnamed: set[int] = set()  # messages without a Message-ID

    def add(self, uri: str, offset: int, message_id: str | None) -> None:
        """Those of the next message."""
        if not self._files or uri != self._files[-1]:
            self._files.append(uri)
        if message_id is None:
            self._unnamed.add(len(self))
        self._uris.append(len(self._files) - 1)
        self._message_ids.append(message_id or "")
        self._offsets.append(offset)

    def __len__(self) -> int:
        return len(self._offsets)

    def at(self, number: int) -> tuple[str, int, str | None]:
        """Those of a message that is there, without asking."""
        named = None if number in self._unnamed else self._message_ids[number]
        return self._files[self._uris[number]], self._offsets[number], named


class ValueTexts(Mapping[int, str]):
    """The texts of values by their numbers, of those that have one here."""

    def __init__(self) -> None:
        self._texts = PackedTexts()
        self._places = array("i")  # by value: the place of its text

    def __setitem__(self, value: int, text: str) -> None:
        self._places.extend([_NONE] * (value + 1 - len(self._places)))
        self._places[value] = len(self._texts)
        self._texts.append(text)

    def __getitem__(self, value: int) -> str:
        if (text := self.find(value)) is None:
            raise KeyError(value)
        return text

    def find(self, value: int) -> str | None:
        """The text of a value, if it has one here."""
        places = self._places
        place = places[value] if 0 <= value < len(places) else _NONE
        return None if place == _NONE else self._texts.at(place)

    def __contains__(self, value: object) -> bool:
        places = self._places
        return isinstance(value, int) and 0 <= value < len(places) and places[value] != _NONE

    def __iter__(self) -> Iterator[int]:
        return (value for value, place in enumerate(self._places) if place != _NONE)

    def __len__(self) -> int:
        return len(self._texts)


class Store:
    """Messages by number, values by number."""

    def __init__(self) -> None:
        self.ids = PackedTexts()
        self.places = Places()
        self.instants = array("q")
        self.zones = array("h")  # minutes; 0x7FFF: not known
        self.domains = array("i")  # number of the authenticated author domain, or -1
        # by message: its values, as far as they have numbers
        self.values = PackedLists()
        # by message: the families of all its values, as a set of bits
        self.held = array("Q")
        self.number = Numbering(self.ids)  # of a message, by id
        self.hashes = array("q")
        self.families = array("B")
        self.counts = array("i")  # messages that carry the value
        self.parents = array("i")  # the value of the organisation a host belongs to, or -1
        # of values that several messages carry
        self.texts = ValueTexts()
        self.number_of_hash = Numbering(self.hashes)  # of a value
        self._domains: dict[str, int] = {}
        self._sources: dict[str | None, int] = {}
        self._source_of = array("i")
        self._source_texts: list[str | None] = []
        self._ranks = array("i")  # by message: its place in the order of time

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, one: MessageFeatures) -> int | None:
        """The message's number; None where a message of the same bytes is there."""
        if one.id in self.number:
            return None
        values = {self._value(f.family, f.value, f.hash) for f in one.features}
        return self.add_numbered(one, values, families_of(f.family for f in one.features))

    def add_numbered(self, one: MessageFeatures, values: Iterable[int], held: int) -> int:
        """The number of a message that is not there yet, whose values have numbers and
        come beside it, as do the families of all that it has."""
        number = self.number.add(one.id)
        self.places.add(one.uri, one.offset, one.message_id)
        self.instants.append(NEVER if one.instant is None else one.instant)
        self._add_source(one.instant_source)
        self.zones.append(0x7FFF if one.zone is None else max(-1440, min(1440, one.zone)))
        domain = one.authenticated_domain
        self.domains.append(
            -1 if domain is None else self._domains.setdefault(domain, len(self._domains))
        )
        self.values.append(sorted(values))
        self.held.append(held)
        return number

    def add_value(
        self, family: str, key: int, value: str, carriers: int, *, told: bool = False
    ) -> int:
        """The number of a value that so many messages carry, by its hash; with its text
        where several do, or where it shall be `told`."""
        number = self.number_of_hash.get(key)
        if number is None:
            number = self._new_value(family, key)
            self.parents[number] = self._parent(family, value)
        self.counts[number] = carriers
        if carriers > 1 or told:
            self.texts[number] = value
        return number

    def extend(self, many: Iterable[MessageFeatures]) -> list[int]:
        """The numbers of the new messages among `many`."""
        return [number for one in many if (number := self.add(one)) is not None]

    def find(self, family: str, value: str) -> int | None:
        """The number of a value, if it has one."""
        return self.number_of_hash.get(feature_hash(family, value))

    def in_time(self, numbers: Iterable[int]) -> list[int]:
        """Messages in the order of their times, those without a time last; of one time
        in the order of their ids (`sql/sequence.sql`)."""
        if len(self._ranks) != len(self):
            self._rank()
        return sorted(numbers, key=self._ranks.__getitem__)

    def instant(self, number: int) -> int | None:
        """The time of a message, seconds since 1970; None without one."""
        return None if self.instants[number] == NEVER else self.instants[number]

    def source(self, number: int) -> str | None:
        """The hop that a message's time comes from, in words."""
        return self._source_texts[self._source_of[number]]

    def month(self, number: int) -> int:
        """The 30-day month of a message; -1 without a time."""
        return -1 if self.instants[number] == NEVER else self.instants[number] // 2_592_000

    def _rank(self) -> None:
        """Works out the order of all messages in time."""
        numbers = sorted(range(len(self)), key=self._when)
        self._ranks = array("i", bytes(4 * len(numbers)))
        for rank, number in enumerate(numbers):
            self._ranks[number] = rank

    def _when(self, number: int) -> tuple[bool, int, str]:
        when = self.instants[number]
        return when == NEVER, when, self.ids[number]

    def _add_source(self, text: str | None) -> None:
        """Many messages have their times from hops that are described alike."""
        place = self._sources.setdefault(text, len(self._sources))
        if place == len(self._source_texts):
            self._source_texts.append(text)
        self._source_of.append(place)

    def _value(self, family: str, value: str, key: int) -> int:
        """The number of one more message's value. Its text is kept from its second
        sight on."""
        number = self.number_of_hash.get(key)
        if number is None:
            return self.add_value(family, key, value, 1)
        if number not in self.texts:
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


def families_of(names: Iterable[str]) -> int:
    """Families as a set of bits."""
    held = 0
    for name in names:
        held |= 1 << NUMBER[name]
    return held
