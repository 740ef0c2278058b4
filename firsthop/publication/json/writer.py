"""From a description to JSON: writes objects as their record says. Compiled once.

Never:      raises for what a mail holds. Sentences are English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from firsthop.evidence.schema.vocabulary import (
    Attribute,
    Form,
    Kind,
    Listed,
    Mapped,
    Record,
    Scalar,
)
from firsthop.publication.json.values import Object, number, time_text
from firsthop.publication.words import say

Write = Callable[[Any], Any]


def _sentence(told: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    key, values = told
    return say("en", key, dict(values))


# How a form is written; the others are as they come.
_FORMS: Mapping[Form, Write] = {
    Form.WORD: str,
    Form.UNBOUNDED: number,
    Form.INSTANT: time_text,
    Form.PAIR: list,
    Form.SENTENCE: _sentence,
}


def writer(record: Record) -> Callable[[Any], Object]:
    """What writes the objects of a record."""
    attributes = record.told()
    keys = tuple(one.name for one in attributes)
    # a whole object has no place in itself: any other holds it until it is written over
    places = [one.place for one in attributes]
    first = next((place for place in places if place), "__class__")
    take = attrgetter(*(place or first for place in places), first)
    shaped = [(one.name, shape) for one in attributes if one.place and (shape := _attribute(one))]
    whole = [(one.name, _attribute(one) or _same) for one in attributes if not one.place]
    front = _front(record)
    conditions = [(one.name, *one.when) for one in attributes if one.when]

    def write(told: Any) -> Object:
        written = dict(zip(keys, take(told), strict=False))
        for key, shape in shaped:
            written[key] = shape(written[key])
        for key, shape in whole:
            written[key] = shape(told)
        for key, other, word in conditions:
            if written[other] != word:
                del written[key]
        return written

    return write if front is None else lambda told: {**front(told), **write(told)}


def _front(record: Record) -> Write | None:
    """What writes the keys that stand in front of a record's own."""
    if record.extends is None:
        return None
    write, extended = writer(record.extends), attrgetter(record.extended)
    return lambda told: write(extended(told))


def _same(told: Any) -> Any:
    return told


def _attribute(one: Attribute) -> Write | None:
    """How the value of an attribute is written; None: as it is."""
    write = _kind(one.kind)
    if one.read is None:
        return _unless_null(write) if write and one.null else write
    read = _unless_null(one.read) if one.null and one.place else one.read
    if write is None:
        return read
    inner = _unless_null(write) if one.null else write
    return lambda told: inner(read(told))


def _unless_null(write: Write) -> Write:
    return lambda told: None if told is None else write(told)


def _kind(kind: Kind) -> Write | None:
    if isinstance(kind, Record):
        return writer(kind)
    if isinstance(kind, Listed):
        return _each(_kind(kind.of))
    if isinstance(kind, Mapped):
        inner = _kind(kind.of) or _same
        return lambda told: {key: inner(one) for key, one in told.items()}
    return _FORMS.get(kind.form) if isinstance(kind, Scalar) else None


def _each(write: Write | None) -> Write:
    return list if write is None else lambda told: [write(one) for one in told]
