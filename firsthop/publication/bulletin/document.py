"""A publication as a tree of blocks, free of any language and any format: keys of
words/*.toml with values, and tables.

Whatever comes from mail or from the operator is wrapped in `Quoted` and escaped by the
format; a bare value is a number or a key made by the program."""

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
    """Several values, with commas between."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in seconds; its sign is not shown."""

    seconds: int


Value = str | Quoted | Word | Joined | Duration


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


Block = Paragraph | Bullets | Table


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
