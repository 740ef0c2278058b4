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
class Listed:
    """Several values as a sentence lists them: a, b and c."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in seconds, in its two largest units; its sign is not shown."""

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


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its year in a zone."""

    seconds: int  # since 1970, of a moment in it
    zone: str  # IANA name


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another in a zone, as short as the two allow."""

    first: int | None  # seconds since 1970; one that is None is said as unknown
    last: int | None
    zone: str  # IANA name


Value = str | Quoted | Word | Joined | Listed | Duration | Instant | Day | Month | Period


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
class Listing:
    """Lines of a file as they stand there, each with its number; a number that is empty
    goes on with the line above."""

    lines: tuple[tuple[str, Quoted], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A picture of instants (seconds since 1970) in rows, and what it shows in
    words."""

    rows: tuple[tuple[Value, tuple[int, ...]], ...]
    zone: str  # IANA name, of the axis beside UTC
    alt: Paragraph
    said: tuple[Paragraph | Bullets | Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One server of a ladder."""

    writer: Value
    lines: tuple[Value, ...]  # what it says of its client, and when
    vouched: bool  # whether the reader's own servers wrote it
    # what is to be told of the step to the rung below; where `cut`, the way breaks
    gap: Value | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """A picture of a message's way, from the receiver at the top to the author's side,
    and the same in words."""

    top: Value
    rungs: tuple[Rung, ...]
    bottom: Value
    trust: Value  # what is to be told at the trust line
    trust_below: int  # rungs that stand above it
    top_cut: Value | None  # why the way does not reach the receiver
    alt: Paragraph
    said: tuple[Paragraph | Bullets | Table, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """How many messages tie a node of one column to a node of the next one."""

    column: int  # of its left end
    left: int
    right: int
    messages: int


@dataclass(frozen=True, slots=True)
class Relations:
    """A picture of what occurs together, in columns, and the same in words."""

    heads: tuple[str, ...]  # keys
    columns: tuple[tuple[tuple[Value, int], ...], ...]  # nodes, each with its messages
    edges: tuple[Edge, ...]
    alt: Paragraph
    said: tuple[Paragraph | Bullets | Table, ...]


Picture = Timeline | Ladder | Relations
Block = Paragraph | Bullets | Table | Listing | Picture


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
