"""A message as bytes and fields: nothing lost, nothing judged (RFC 5322 section 2.2).

Writing the fields back, then the separator, then the body gives exactly the bytes that
were read. This module never decodes content beyond a field's own text and never looks
at the meaning of a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter

from firsthop.system.named_tuple import NamedTuple

# a field longer than this is kept, but only this much of it is read (Postfix
# header_size_limit)
MAX_FIELD_BYTES = 102_400
REMEMBERED = 1_000  # bytes: the value of a longer field is not kept
_FEW = 8  # names that are sooner asked for one by one than the fields are gone through


class Evidence(StrEnum):
    """What the bytes at hand are evidence of."""

    MESSAGE = "message"  # the message itself, as a mailbox or a file holds it
    ENCLOSED = "enclosed"  # a message inside a report: attached, or returned by a bounce
    # pasted or published text: it proves what was published, not what was sent
    PUBLICATION = "publication"


class BodyBytes(StrEnum):
    """What the bytes of a body are, as far as the reader of its container knows it.
    Never read out of the message: a sender could write that."""

    STORED = "stored"  # as the container holds them
    REBUILT = "rebuilt"  # put together here from the text that a mail program keeps (.msg, .pst)
    CUT = "cut"  # the container ends before the message does
    COPIED = "copied"  # taken out of a text that tells the message: a bounce without MIME parts


class Span(NamedTuple):
    """Half-open byte range in the message's own bytes."""

    start: int
    stop: int


class Defect(NamedTuple):
    """One way in which the bytes break their form; evidence, not an error."""

    name: str  # a word of the reference, e.g. "no_header_end"
    explanation: str  # one sentence for a person
    span: Span | None = None


class Source(NamedTuple):
    """Where a message's bytes come from."""

    uri: str  # path as given, "-" for standard input, members of a container after "!/"
    container: str  # eml | mbox | maildir | pasted | msg | ...: the form it was taken out of
    offset: int  # bytes from the start of the (unpacked) container
    sha256: str  # hex digest of the message's own bytes
    evidence: Evidence = Evidence.MESSAGE
    enclosed_in: str | None = None  # URI of the report that carries it
    # what the container has to say, e.g. "transport headers absent: a sent item"
    notes: tuple[str, ...] = ()
    body_bytes: BodyBytes = BodyBytes.STORED


class Field(NamedTuple):
    """One header field as written: name, colon, value, line ending."""

    name: str  # as written; "" for a line that is no field
    raw: bytes  # all its bytes
    span: Span
    repaired: str | None = (
        None  # the value when damage was repaired (pasted text); None: as written
    )
    repairs: tuple[str, ...] = ()  # the names of the repairs

    @property
    def key(self) -> str:
        """The name in lower case."""
        return self.name.lower()

    @property
    def value(self) -> str:
        """The unfolded value: runs of white space become one space (RFC 5322 section
        2.2.3)."""
        if self.repaired is not None:
            return self.repaired
        return (_remembered if len(self.raw) <= REMEMBERED else _value)(self.raw)


_start = attrgetter("span.start")


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its source, its fields in order with duplicates, its body."""

    source: Source
    fields: tuple[Field, ...]
    separator: bytes  # the empty line between header and body; b"" where there is none
    body: bytes
    defects: tuple[Defect, ...] = ()
    # by key, made on first use
    _index: dict[str, tuple[Field, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def by_key(self) -> Mapping[str, tuple[Field, ...]]:
        """The fields by their names in lower case, those of one name in order."""
        if not self._index and self.fields:
            self.index([one.name.lower() for one in self.fields])
        return self._index

    def index(self, keys: Sequence[str]) -> None:
        """Makes `by_key`, once; `keys` are the fields' names in lower case, of which
        most stand once."""
        by_key = self._index
        several: dict[str, list[Field]] = {}
        for key, alone in zip(keys, zip(self.fields, strict=True), strict=True):
            if key not in by_key:
                by_key[key] = alone
            elif key in several:
                several[key] += alone
            else:
                several[key] = [*by_key[key], *alone]
        for key, ones in several.items():
            by_key[key] = tuple(ones)

    def all(self, name: str) -> tuple[Field, ...]:
        """The fields called `name` (any case), in order."""
        return (self._index or self.by_key).get(name.lower(), ())

    def first(self, name: str) -> Field | None:
        """The first field called `name` (any case), or None."""
        fields = (self._index or self.by_key).get(name.lower())
        return fields[0] if fields else None

    def is_cut(self, one: Field) -> bool:
        """Whether a limit cuts a field of the message short (MAX_FIELD_BYTES, or the
        header's, which cuts its last field): what its end says is not known."""
        if len(one.raw) > MAX_FIELD_BYTES:
            return True
        too_long = self.defects and any(told.name == "header_too_long" for told in self.defects)
        return bool(too_long) and one.span == self.fields[-1].span

    def among(self, names: Set[str]) -> list[Field]:
        """The fields whose names are among `names` (in lower case), in the order of the
        header."""
        by_key = self._index or self.by_key
        if len(names) <= _FEW:
            there = by_key.keys() & names
            if len(there) < 2:  # nothing has to be put in order
                return [*by_key[there.pop()]] if there else []
        if self.source.evidence is Evidence.PUBLICATION:  # fields may begin at one place
            kept = [one for key in by_key if key in names for one in by_key[key]]
            return sorted(kept, key=_start)
        return [one for one in self.fields if one.name.lower() in names]


def _value(raw: bytes) -> str:
    """The unfolded value of a field, of all its bytes."""
    return unfold(raw[:MAX_FIELD_BYTES].partition(b":")[2])


_remembered = lru_cache(maxsize=4_096)(_value)  # one field is asked for its value many times


def unfold(raw: bytes) -> str:
    """Decode a field's value and fold its white space to single spaces.

    Bytes that are no UTF-8 are shown as `\\xNN`: the text stays valid Unicode and
    nothing is dropped."""
    return " ".join(raw.decode("utf-8", "backslashreplace").split())


def beginning(value: str, limit: int) -> str:
    """The first characters of an unfolded value, at most `limit`, up to a whole word:
    the first half of a host, an address or a number would name another one."""
    return value if len(value) <= limit else value[: limit + 1].rpartition(" ")[0]
