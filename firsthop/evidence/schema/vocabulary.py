"""The words in which the product's tables are described: kinds of values, attributes,
records, tables.

A description is written once. The columns of the Parquet files (columns.py), the
objects of the JSON (publication/json/writer.py), the JSON Schemas, the pages of the
reference (docs/) and the bulk path (evidence/bulk/) are made from it. A record that
leaves out a field of the class it describes cannot be made: the import fails.

Nested and flat: JSON nests records, Parquet has none. A record within a record gives
columns called by the outer attribute's column with the inner one's behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any

from firsthop.system.named_tuple import NamedTuple

LARGEST_NUMBER = 2**63 - 1
SAME = "="  # called as its attribute


class Form(Enum):
    """What the values of one kind are made of. JSON and Parquet each say how they write
    a form."""

    TEXT = "text"
    WORD = "word"  # one of a few
    ENUMERATED = "enumerated"  # a word that is a member of an enumeration here
    BOOLEAN = "boolean"
    SMALL = "small"  # a number of 32 bits
    NUMBER = "number"  # of 64 bits
    # a number that a mail may write with any count of digits: null beyond 64 bits
    UNBOUNDED = "unbounded"
    REAL = "real"
    INSTANT = "instant"  # seconds since 1970 UTC here; null outside the years 1970 to 9999
    TIME = "time"  # an instant that is RFC 3339 text already
    PAIR = "pair"  # two numbers
    SENTENCE = "sentence"  # a key of words/*.toml and its values


class Scalar(NamedTuple):
    """A kind of single values."""

    form: Form
    name: str = ""  # under which the reference tells it; "": told where it stands
    sentence: str = ""  # of a kind with a name
    words: tuple[str, ...] = ()
    pattern: str = ""
    low: int | None = None
    high: int | None = None
    above: int | None = None  # greater than this


class Listed(NamedTuple):
    """A list of values of one kind. As a column it is never null: it is empty."""

    of: Kind


class Choice(NamedTuple):
    """One of several kinds, by the word that another attribute of the record has."""

    by: str
    kinds: Mapping[str, Scalar]


class Mapped(NamedTuple):
    """An object whose keys are words, with values of one kind; a key may be missing."""

    keys: tuple[tuple[str, str], ...]  # each with a sentence
    of: Kind


class Attribute(NamedTuple):
    """One thing that a record tells."""

    name: str  # its key in JSON
    kind: Kind
    sentence: str
    null: str = ""  # what null means; "": it is never null
    of: str = SAME  # its place in the record's object, with dots; "": the whole object
    # what is told of the value that stands there; None: the value itself. Columns never
    # read a whole object: they have a place of their own in the row
    read: Callable[[Any], Any] | None = None
    column: str | None = SAME  # its column's name; of a record the front of its columns'
    # where a row of the table holds it ("?" behind what may be None); SAME: under the
    # last name of `of`
    row: str = SAME
    unit: str = ""
    json: bool = True  # False: a column only
    when: tuple[str, str] | None = None  # only where that attribute has that word
    uses: tuple[str, ...] = ()  # the fields that `read` takes from the whole object

    @property
    def place(self) -> str:
        """Its place in the record's object; "" for the whole object."""
        return self.name if self.of == SAME else self.of

    @property
    def row_place(self) -> str:
        """Its place in a row of the table."""
        if self.row != SAME:
            return self.row
        return (self.place or self.name).rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Record:
    """What is told of one thing, in the order of its keys."""

    name: str
    sentence: str
    attributes: tuple[Attribute, ...]
    # the classes of the object, by their place in it; each of their fields is told, or
    # stands in `apart` with the reason why not
    covers: Mapping[str, type] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()  # of the columns, by attribute; others stand behind
    extends: Record | None = None  # whose keys stand in front
    extended: str = ""  # the place of its object
    few: bool = False  # whether its objects have few values, that can be told apart by hash

    def __post_init__(self) -> None:
        names = [one.name for one in self.attributes if one.json]
        if len(set(names)) != len(names):
            raise TypeError(f"{self.name}: a key stands twice")
        if forgotten := sorted({*self._fields()} - {*self._accounted()}):
            raise TypeError(f"the schema of {self.name} says nothing of {', '.join(forgotten)}")

    def told(self) -> tuple[Attribute, ...]:
        """What JSON tells, in its order."""
        return tuple(one for one in self.attributes if one.json)

    def in_columns(self) -> list[Attribute]:
        """What has columns, in their order."""
        place = {name: number for number, name in enumerate(self.order)}
        told = [one for one in self.attributes if one.column is not None]
        return sorted(told, key=lambda one: place.get(one.name, len(place)))

    def _fields(self) -> Iterator[str]:
        """The places of all fields of the classes."""
        for place, described in self.covers.items():
            for name in fields_of(described):
                if not name.startswith("_"):
                    yield f"{place}.{name}" if place else name

    def _accounted(self) -> Iterator[str]:
        yield from (*self.apart, *self.covers, self.extended)
        for one in self.attributes:
            yield from (*one.uses, *_and_above(one.place))
            if isinstance(one.kind, Record) and one.place in self.covers:
                yield from (f"{one.place}.{inner.place}" for inner in one.kind.attributes)
            if one.column is not None:
                yield from _and_above(one.row_place.replace("?", "."))


Kind = Scalar | Listed | Choice | Mapped | Record


def fields_of(described: type) -> tuple[str, ...]:
    """The names of a class's fields, in order."""
    if is_dataclass(described):
        return tuple(one.name for one in fields(described))
    names: tuple[str, ...] = getattr(described, "_fields", ())
    return names


def _and_above(place: str) -> Iterator[str]:
    """A place with dots, and every place it stands in."""
    while place:
        yield place
        place = place.rpartition(".")[0]


def words(known: Iterable[str], name: str = "", sentence: str = "") -> Scalar:
    """A kind of a few words: those of an enumeration, or as they are given."""
    members = tuple(known)
    enumerated = any(isinstance(word, Enum) for word in members)
    form = Form.ENUMERATED if enumerated else Form.WORD
    return Scalar(form, name, sentence, tuple(map(str, members)))


def listed(known: Iterable[str]) -> Listed:
    """A list of some of a few words."""
    return Listed(words(known))


TEXT = Scalar(Form.TEXT)
TEXTS = Listed(TEXT)
BOOLEAN = Scalar(Form.BOOLEAN)
REAL = Scalar(Form.REAL)
MINUTES = Scalar(Form.SMALL)
SENTENCE = Scalar(Form.SENTENCE)
POSITION = Scalar(Form.SMALL, "position", "A place on the path.", low=1)
COUNT = Scalar(Form.NUMBER, "count", "A number of 63 bits.", low=0, high=LARGEST_NUMBER)
UNBOUNDED_COUNT = Scalar(
    Form.UNBOUNDED, "count", "A number of 63 bits.", low=0, high=LARGEST_NUMBER
)
NUMBER = Scalar(
    Form.UNBOUNDED,
    "number",
    "A number of 64 bits with its sign.",
    low=-LARGEST_NUMBER - 1,
    high=LARGEST_NUMBER,
)
FEW = Scalar(Form.SMALL, low=0)
SPAN = Scalar(
    Form.PAIR,
    "span",
    "First octet and the one behind the last, counted from 0 in the message's own bytes.",
)
COUNT_OF = Scalar(Form.PAIR, "count_of", "Two numbers: so many, of so many.")
_RFC_3339 = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
INSTANT = Scalar(Form.INSTANT, "time", "An instant in UTC (RFC 3339).", pattern=_RFC_3339)
TIME = Scalar(Form.TIME, "time", "An instant in UTC (RFC 3339).", pattern=_RFC_3339)
