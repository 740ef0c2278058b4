"""Teaches the kernel the forms of lines that line_templates.py has learnt: what a
form's lines have in common, and the recipes that tell where a hop's values come from.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from firsthop.evidence.bulk.native import wire
from firsthop.evidence.bulk.native.programs import program
from firsthop.evidence.bulk.native.tables import HOP_COLUMNS, RECOGNISERS, kind
from firsthop.evidence.received import line_templates as templates
from firsthop.evidence.received.dialects import Recogniser
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line_templates import GROUPS, Key, LineTemplate, Recipe
from firsthop.evidence.received.phrases import ADDRESSES

_OPEN = -2  # the form does not settle the dialect
_NOBODY = -1  # no alternative recognises the line
# the columns that a recipe fills: of each the place of its value in a hop
_COLUMNS = {
    number: (Hop._fields.index(column.part), kind(column))
    for number, column in enumerate(HOP_COLUMNS, 1)  # `message` stands in front
    if column.part in Hop._fields and column.part not in {"raw", "stamp"}
}
_FIRST_GROUP = 2  # the line and its time stand in front of the groups


def key_of(line: str) -> Key | None:
    """The key of a line's form; None where it has none."""
    match = templates.LINE.fullmatch(line.rpartition("; ")[0])
    if match is None:
        return None
    groups = match.groups("")
    present = bytes(map(bool, templates._variables(groups)))
    return present, templates._texts_as_they_are(groups)


def taught(keys: Iterable[Key]) -> bytes:
    """The forms of these keys, as far as they were learnt."""
    known = [(key, form) for key in keys if (form := templates._forms.get(key))]
    return wire.many([_form(key, form) for key, form in known])


def _form(key: Key, form: LineTemplate) -> bytes:
    present, as_is = key
    recipes = list(form.recipes.items())
    fillable = [recipe for _, recipe in recipes if recipe is not templates._NONE]
    return b"".join(
        (
            wire.counted(present + b"".join(text.encode() + b"\0" for text in as_is)),
            wire.i64(_OPEN if form.settled is None else RECOGNISERS[id(form.settled)]),
            wire.bits(form.mask),
            wire.many(
                [
                    wire.i64(_number(one)) + wire.u32(recipe is not templates._NONE)
                    for one, recipe in recipes
                ]
            ),
            *map(_recipe, fillable),
        )
    )


def _number(one: Recogniser | None) -> int:
    return _NOBODY if one is None else RECOGNISERS[id(one)]


def _recipe(recipe: Recipe) -> bytes:
    """Where each column comes from: a group, an address, or what the form says by
    itself."""
    places: Any = recipe.pick.__reduce__()[1]
    parts: dict[str, list[bytes]] = {"t": [], "i": [], "b": [], "l": []}
    for column, (field, kind_of) in _COLUMNS.items():
        if (source := _source(places[field], recipe, kind_of)) is not None:
            parts[kind_of].append(wire.u32(column) + source)
    return b"".join(
        (
            *(wire.many(parts[one]) for one in "tibl"),
            wire.u32s(recipe.addresses),
            wire.u32(recipe.has_known),
            wire.many(_known(recipe)),
        )
    )


def _known(recipe: Recipe) -> list[bytes]:
    """What the words behind "from" must be, or must not be. Words with addresses in
    them are Python's to read, where the form has such."""
    expressions = recipe.known.expressions() if recipe.known else []
    if recipe.has_known and any({*ADDRESSES} & {*one.names()} for one in expressions):
        return [wire.u32(0)]
    return [program(one.pattern, one.flags) for one in expressions]


def _source(place: int, recipe: Recipe, kind_of: str) -> bytes | None:
    first_address = _FIRST_GROUP + len(GROUPS)
    first_port = first_address + len(recipe.addresses)
    first_constant = first_port + len(recipe.ports)
    if place < first_address:
        return wire.u32(0) + wire.u32(place - _FIRST_GROUP)
    if place < first_port:
        return wire.u32(1) + wire.u32(place - first_address)
    if place < first_constant:
        return wire.u32(3) + wire.u32(recipe.ports[place - first_port])
    return _constant(recipe.constants[place - first_constant], kind_of)


def _constant(value: Any, kind_of: str) -> bytes | None:
    if kind_of == "l":
        return wire.many([wire.counted(one.encode()) for one in value]) if value else None
    if value is None:
        return None
    if kind_of == "t":
        return wire.u32(2) + wire.counted(value.encode())
    return (wire.u32(2) if kind_of == "i" else b"") + wire.i64(value)
