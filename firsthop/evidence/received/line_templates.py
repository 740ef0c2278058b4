"""Reads the lines that most servers write without taking them apart: what
`read_received` tells of one line holds for all lines of its form.

A line's form is what is left when host names, addresses, ids and mailboxes are taken
out. Every text that varies is of one of a few classes, each so narrow that a table
which knows one of its members knows all; what a table could tell apart (the protocol,
comments of the software, "unknown") is taken as it is. The second line of a form goes
through `read_received` with a marker in place of each of them, which shows where they
go and what the form says by itself: that is the form's recipe. The lines after it are
filled in. Nothing is known here about any server, so that a new dialect is read fast
without a word about it. A line of no form, or of one that cannot be filled in, is read
by `read_received`. Tests compare the two on every line of the corpora and on made-up
ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter, truth
from typing import Any

from firsthop.evidence.host.address import read_address
from firsthop.evidence.received.clauses import read_clauses
from firsthop.evidence.received.dialects import (
    LOOK,
    PARTS,
    SETTLING,
    Recogniser,
    foremost,
    host_mask,
    narrowed,
    note_mask,
    notes_fit,
    own_values,
    settled,
)
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line import read_form, read_received
from firsthop.evidence.received.line_groups import USUAL_LINE, Groups
from firsthop.evidence.received.line_pattern import BEHIND_TIME
from firsthop.evidence.received.names import name_kind
from firsthop.evidence.received.phrases import Phrases
from firsthop.evidence.received.plain import MAX_PLAIN
from firsthop.evidence.timestamp import Stamp, match_stamp
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_FAST = 1_000  # characters: a longer line has no usual form
MAX_FROM = MAX_PLAIN - len("from  ")  # characters: what is longer is not plain
MAX_FORMS = 4_096  # kept; a form that a sender makes up costs one reading more
# parts that tell the same of every line of a form
IN_THE_FORM = tuple(part for part in PARTS if part not in ("by", "from", "id"))
IN_THE_FORM_BUT_NOTES = tuple(part for part in IN_THE_FORM if part != "by_comment")
_DATE = "Sat, 17 May 2014 21:59:37 +0900"
Key = tuple[bytes, Groups]
_LINE = USUAL_LINE.expression
_BY, _FROM, _ID, _WRITER = USUAL_LINE.by, USUAL_LINE.from_, USUAL_LINE.id, USUAL_LINE.writer
_clause_texts: Callable[[Groups], Groups] = itemgetter(*USUAL_LINE.clauses)
_texts_and_names: Callable[[Groups], Groups] = itemgetter(*USUAL_LINE.as_is, *USUAL_LINE.names)
_variables: Callable[[Groups], Groups] = itemgetter(*USUAL_LINE.variables)
_TEXTS = len(USUAL_LINE.as_is)
_NO_NAMES = ("",) * len(USUAL_LINE.names)
_new = tuple.__new__


class Recipe(NamedTuple):
    """Where the values of a hop come from: the line, its time, its groups, its
    addresses in canonical form, its ports, and what the form says by itself."""

    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    addresses: tuple[int, ...]
    ports: tuple[int, ...]
    constants: tuple[Any, ...]
    # words behind "from" that the dialect gives a meaning of their own, and whether the
    # form has such
    known: Phrases | None = None
    has_known: bool = False


class LineTemplate(NamedTuple):
    """What lines of one form have in common."""

    settled: Recogniser | None  # the dialect, where the form tells it
    mask: int  # else those that the form does not rule out
    recipes: dict[Recogniser | None, Recipe]


_BYS = frozenset(("by ", "By ", "BY ", "bY "))
_SIGNS = compiled(r'["\\<>\[\]\x00-\x1f\x7f]')  # they are no part of a time
_NONE = Recipe(itemgetter(0), (), (), ())  # a form that cannot be filled in
_forms: dict[Key, LineTemplate | None] = {}  # None: seen once


def read_hop(value: str) -> Hop:
    """What `read_received` tells, sooner."""
    if len(value) > MAX_FAST or "\n" in value:
        return read_received(value)
    text, semicolon, back = value.rpartition("; ")
    # one in a comment parts the line all the same; without any, times stand anywhere
    if not semicolon or ";" in back:
        return read_received(value)
    stamp, length = match_stamp(back)
    if length != len(back):
        text = without_time(value)[0]
    match = _LINE.fullmatch(text) if length else None
    if match is None or _is_odd(stamp.raw):
        return read_received(value)
    groups = match.groups("")
    if len(groups[_FROM]) > MAX_FROM or (
        len(value) > LOOK and any(len(text) > LOOK for text in _clause_texts(groups))
    ):
        return read_received(value)
    key = key_of(groups)
    form = _forms.get(key) or _new_form(key, groups)
    if form is None:
        return read_received(value)
    recognised = form.settled or _dialect(form.mask, groups)
    recipe = form.recipes.get(recognised) or _learnt(match, form, recognised)
    return (recipe is not _NONE and _filled_in(recipe, value, stamp, groups)) or read_received(
        value
    )


def _is_odd(time: str) -> bool:
    """Whether what seems a weekday may be a second writer's, or a comment has signs."""
    return time[:3] in _BYS or (time[-1] == ")" and _SIGNS.search(time) is not None)


def without_time(value: str) -> tuple[str, Stamp | None]:
    """A line without its time, and the time; None where it has none behind its last
    semicolon. What stands behind the time is parted from the rest by BEHIND_TIME."""
    front, _, back = value.rpartition("; ")
    stamp, length = match_stamp(back)
    if not length:
        return front, None
    tail = back[length:]
    return f"{front}{BEHIND_TIME}{tail.removeprefix(' ')}" if tail else front, stamp


def key_of(groups: Groups) -> Key:
    """The key of a line's form: which of the texts that vary are there, the others as
    they are, and what kinds of names."""
    texts = _texts_and_names(groups)
    if texts[_TEXTS:] != _NO_NAMES:
        texts = (*texts[:_TEXTS], *map(name_kind, texts[_TEXTS:]))
    return bytes(map(truth, _variables(groups))), texts


def _new_form(key: Key, groups: Groups) -> LineTemplate | None:
    """The form of a line, when it comes a second time."""
    if key not in _forms:
        if len(_forms) >= MAX_FORMS:
            _forms.clear()
        _forms[key] = None
        return None
    texts = USUAL_LINE.texts(groups)
    mask = -1
    for part in IN_THE_FORM_BUT_NOTES if groups[_WRITER] else IN_THE_FORM:
        mask = narrowed(mask, part, texts[part.removesuffix("_comment")])
    _forms[key] = form = LineTemplate(None if groups[_WRITER] else settled(mask), mask, {})
    return form


def _dialect(mask: int, groups: Groups) -> Recogniser | None:
    """What `recognise` finds: the names, addresses and ids that the form leaves open
    rule out the rest."""
    by = groups[_BY]
    if groups[_WRITER]:  # an address may look like a version: 8.12.11.1
        mask &= note_mask(by)
    if mask & SETTLING:
        return settled(mask)
    return foremost(
        narrowed(narrowed(host_mask(mask, by), "from", groups[_FROM]), "id", groups[_ID])
    )


def _filled_in(recipe: Recipe, value: str, stamp: Stamp, groups: Groups) -> Hop | None:
    """The hop of a line, or None where what looks like an address is none, or a name
    means something to the dialect."""
    if recipe.known and _is_known(recipe.known, groups) != recipe.has_known:
        return None
    addresses = []
    for place in recipe.addresses:
        address = read_address(groups[place])
        if address is None or address.port is not None or address.repairs:
            return None
        addresses.append(address.text)
    ports = [int(groups[place]) for place in recipe.ports]
    return _new(Hop, recipe.pick((value, stamp, *groups, *addresses, *ports, *recipe.constants)))


def _learnt(match: re.Match[str], form: LineTemplate, recognised: Recogniser | None) -> Recipe:
    """The recipe of a form in a dialect: what the line tells with markers in it."""
    line = USUAL_LINE.marked(match)
    again, whole = _LINE.fullmatch(line), with_time(line)
    if again and not fits(again, recognised):
        again = None
    recipe = again and _recipe(
        read_form(whole, read_clauses(whole), recognised),
        match.groups(""),
        again.groups(""),
    )
    if recipe and recognised and match["from"]:
        known = own_values(recognised.dialect, "from")
        has_known = bool(known and again and _is_known(known, again.groups("")))
        recipe = recipe._replace(known=known, has_known=has_known)
    form.recipes[recognised] = recipe = recipe or _NONE
    return recipe


def fits(again: re.Match[str], recognised: Recogniser | None) -> bool:
    """Whether the dialect of a line is that of the line with markers in it: some ask
    for a version where others write an address."""
    return recognised is None or not again["writer_four"] or notes_fit(recognised, again["by"])


def _is_known(known: Phrases, groups: Groups) -> bool:
    """Whether what stands behind "from" means something to the dialect."""
    return known.read(groups[_FROM].partition(" (")[0]) is not None


def _recipe(hop: Hop, line: Groups, groups: Groups) -> Recipe | None:
    """Where the parts of a hop that was read from markers come from; None where one is
    made from a marker and is not one."""
    if any(bool(text) != bool(one) for text, one in zip(line, groups, strict=True)):
        return None
    addresses = tuple(place for place in USUAL_LINE.addresses if groups[place])
    canonical = [address.text for place in addresses if (address := read_address(groups[place]))]
    written = [groups[place].rstrip(".") for place in USUAL_LINE.varying(groups)]
    sources = {text: place for place, text in enumerate((*groups, *canonical), 2) if text}
    # rather than a clause that is nothing else
    sources |= {groups[place]: place + 2 for place in USUAL_LINE.varying(groups)}
    ports = tuple(place for place in USUAL_LINE.ports if groups[place])
    first_port = 2 + len(groups) + len(canonical)
    numbers = {int(groups[place]): number for number, place in enumerate(ports, first_port)}
    places, constants = [0], list[Any]()
    for name, value in zip(hop._fields[1:], hop[1:], strict=True):
        if name == "stamp":
            places.append(1)
        elif isinstance(value, str) and value in sources:
            places.append(sources[value])
        elif type(value) is int and value in numbers:
            places.append(numbers[value])
        elif any(one in str(value) for one in (*written, *canonical)):
            return None
        else:
            places.append(first_port + len(ports) + len(constants))
            constants.append(value)
    return Recipe(itemgetter(*places), addresses, ports, tuple(constants))


def with_time(line: str) -> str:
    """A line that stands without its time, with one."""
    front, _, tail = line.partition(BEHIND_TIME)
    return f"{front}; {_DATE} {tail}".rstrip()
