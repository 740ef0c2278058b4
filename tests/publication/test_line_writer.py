"""JSON that is written at once is that of the objects."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    FEW,
    SPAN,
    TEXT,
    TEXTS,
    Attribute,
    Listed,
    Mapped,
    Record,
    words,
)
from firsthop.publication.json.line_writer import indented_writer, line_writer
from firsthop.publication.json.message import item_text, json_line
from firsthop.publication.json.writer import writer
from firsthop.system.named_tuple import NamedTuple


class Kind(StrEnum):
    """What one is of."""

    ONE = "one"
    OTHER = "other"


class Inner(NamedTuple):
    """Something within."""

    name: str
    marks: tuple[str, ...]
    told: bool | None


class Outer(NamedTuple):
    """Something."""

    kind: Kind
    inner: Inner
    span: tuple[int, int]
    more: tuple[Inner, ...]
    by: dict[str, int]
    text: str | None


class Likewise(NamedTuple):
    """The same fields in another order."""

    text: str | None
    by: dict[str, int]
    more: tuple[Inner, ...]
    span: tuple[int, int]
    inner: Inner
    kind: Kind


INNER = Record(
    "inner",
    "Something within.",
    (
        Attribute("name", TEXT, "Its name."),
        Attribute("marks", TEXTS, "Its marks."),
        Attribute("told", BOOLEAN, "Whether it is told.", "It is not known."),
    ),
    covers={"": Inner},
)
OUTER = Record(
    "outer",
    "Something.",
    (
        Attribute("seldom", TEXT, "A text.", "None.", of="text", when=("kind", "other")),
        Attribute("kind", words(Kind), "Its kind."),
        Attribute("name", TEXT, "The name within.", of="inner.name"),
        Attribute("marks", TEXTS, "The marks within.", of="inner.marks"),
        Attribute("told", BOOLEAN, "Whether it is told.", "Not known.", of="inner.told"),
        Attribute("span", SPAN, "Where it stands."),
        Attribute("more", Listed(INNER), "More of them."),
        Attribute("by", Mapped((("a", "A."),), FEW), "Numbers."),
        Attribute("seldom_too", FEW, "Its length.", of="span", read=len, when=("kind", "one")),
    ),
    covers={"": Outer, "inner": Inner},
)
ONE = Inner('a "name" of %s {}\n\u2028', ("x", "%d"), None)
TOLD: list[Any] = [
    Outer(kind, inner, (3, 4), more, by, text)
    for kind in Kind
    for inner in (ONE, Inner("", (), False))
    for more in ((), (ONE, Inner("b", (), True)))
    for by in ({}, {"a": 1, "b%s": 2})
    for text in (None, "\U0001f600")
]


@pytest.mark.parametrize("told", [*TOLD, *(Likewise(*reversed(one)) for one in TOLD)], ids=str)
def test_lines_are_those_of_the_objects(told: Any) -> None:
    written = writer(OUTER)(told)
    assert ("seldom" in written) == (told.kind is Kind.OTHER)
    assert line_writer(OUTER)(told) == json_line(written)
    assert indented_writer(OUTER, "\n ")(told) == item_text(written)
