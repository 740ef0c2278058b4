"""A publication as a tree of blocks, free of any language and any format: keys of
words/*.toml with values, and tables.

Whatever comes from mail or from the operator is wrapped in `Quoted` and escaped by the
format; a bare value is a number, said as the language writes it, or a key made by the
program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quoted:
    """Text that is not ours: shown as it is, in a fixed-width face, never
    interpreted."""

    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """A key of words/*.toml used as a value, said in the language of the document."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """Several values, with commas between, or what else stands there."""

    values: tuple[Value, ...]
    between: str = ", "


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in seconds; its sign is not shown."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Instant:
    """A time of day with its date: in a zone, and in UTC where that is another."""

    seconds: int | None  # since 1970; None is said as unknown
    zone: str  # IANA name


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a zone."""

    seconds: int | None  # since 1970; None is said as unknown
    zone: str  # IANA name


Value = str | Quoted | Word | Joined | Duration | Instant | Day


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One sentence or several."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of paragraphs."""

    items: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: column heads are keys."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A picture of instants (seconds since 1970) in rows, and what it shows in
    words."""

    rows: tuple[tuple[Value, tuple[int, ...]], ...]
    zone: str  # IANA name, of the axis beside UTC
    alt: Paragraph


Block = Paragraph | Bullets | Table | Timeline


@dataclass(frozen=True, slots=True)
class Section:
    """A head and its blocks."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole publication."""

    # the operator's words, in all languages or by language; None: the program's own
    title: str | Mapping[str, str] | None
    tlp: str
    facts: tuple[tuple[str, Value], ...]  # head lines: key and value
    sections: tuple[Section, ...]
    dated: int = 0  # seconds since 1970: when the newest of its evidence was made
