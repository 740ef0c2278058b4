"""Teaches the kernel the forms of clauses: which dialects a clause does not rule out,
and where the values that it tells of a hop come from. The kernel puts forms of lines
together of them, the weightiest clause last, as line.py does with what clauses say.

What a clause says is read here with a marker in place of each text that varies, as
line_templates.py does with whole lines. Only lines that are plain teach anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from firsthop.evidence.bulk.native import notes, wire
from firsthop.evidence.bulk.native.clauses import ASKS_KIND, CLAUSES_BY_WEIGHT, LINE, Clause
from firsthop.evidence.bulk.native.tables import (
    DIALECT_NUMBERS,
    NOBODY,
    columns,
    constant,
)
from firsthop.evidence.host.address import read_address
from firsthop.evidence.received import clauses as clauses_of
from firsthop.evidence.received.clause_reader import ClauseReading, read_clause
from firsthop.evidence.received.clauses import Clauses, read_clauses
from firsthop.evidence.received.dialects import Dialect, Recogniser, own_values, recognise
from firsthop.evidence.received.line import WEIGHT
from firsthop.evidence.received.line_groups import Groups
from firsthop.evidence.received.line_pattern import BEHIND_TIME
from firsthop.evidence.received.line_templates import fits, with_time
from firsthop.evidence.received.names import is_known
from firsthop.evidence.received.plain import BY, CLOSED, WIDE_PATH, is_plain

MAX_KEPT = 4_096  # clauses that were read
_WHOLE_LINES = ("(qmail ", "(nullmailer ")  # what begins like that has all of a line in it
_BEHIND_THE_KIND = frozenset((ASKS_KIND, "head"))  # they are read when it is known


class _Kept(NamedTuple):
    """What a clause teaches, and the same with a hole in place of its note."""

    taught: bytes
    with_hole: bytes | None


_Key = tuple[bytes, str | None, str | None]  # its form, its dialect, the kind it asks for
_kept: dict[_Key, _Kept] = {}


class Lesson(NamedTuple):
    """A line, and the clauses that it shall teach: their numbers as bits."""

    line: str
    clauses: int

    def asks(self, name: str) -> bool:
        """Whether a clause is one of them."""
        return self.clauses >> WEIGHT.index(name) & 1 != 0


def taught(lessons: Iterable[Lesson]) -> bytes:
    """What the clauses of lines teach."""
    found = {id(one): one for lesson in lessons for one in _of_line(lesson)}.values()
    with_holes = dict.fromkeys(one.with_hole for one in found if one.with_hole)
    return wire.many([one.taught for one in found]) + wire.many(list(with_holes))


def _of_line(lesson: Lesson) -> list[_Kept]:
    front, _, tail = clauses_of._part_stamp(lesson.line)
    match = LINE.expression.fullmatch(f"{front}{BEHIND_TIME}{tail}" if tail else front)
    again = match and LINE.expression.fullmatch(LINE.marked(match))
    if match is None or again is None:
        return []
    own = LINE.texts(match.groups(""))
    recognised = recognise(Clauses._make((*own.values(), None, (), ())))
    if not fits(again, recognised):
        return []
    whole = with_time(again.string)
    clauses = read_clauses(whole)
    texts = LINE.texts(again.groups(""))
    if not _is_plain(whole, clauses, texts, recognised.dialect if recognised else None):
        return []
    return list(_of_clauses(lesson, match.groups(""), again.groups(""), recognised))


def _is_plain(
    line: str, clauses: Clauses, texts: Mapping[str, str], dialect: Dialect | None
) -> bool:
    """Whether each clause would be what it is beside any other."""
    return (
        is_plain(line, clauses, dialect)
        and not clauses.repeated
        and not clauses.bare
        and tuple(texts.values()) == clauses[: len(texts)]
        and all(_is_whole(name, text) for name, text in texts.items() if text)
    )


def _is_whole(clause: str, text: str) -> bool:
    """Whether all that is opened in a clause is closed in it, and no second "by" stands
    there nor, behind "by", the signs of a line that is not plain."""
    return (
        CLOSED.fullmatch(text) is not None
        and text.count("<") == text.count(">")
        and text.count("[") == text.count("]")
        and (text.startswith(_WHOLE_LINES) or BY.search(f" {text} ") is None)
        and (clause == "from" or not ('"' in text or WIDE_PATH.search(text)))
    )


def _of_clauses(
    lesson: Lesson, groups: Groups, markers: Groups, recognised: Recogniser | None
) -> Iterator[_Kept]:
    """What the clauses of a line teach; `markers`: its groups with markers in them."""
    dialect, says = (recognised.dialect, recognised.says) if recognised else (None, {})
    kind, texts = says.get("kind"), LINE.texts(markers)
    asks_kind = kind is None and lesson.asks(ASKS_KIND)
    for clause in CLAUSES_BY_WEIGHT:
        if not clause.is_there(groups):
            continue
        if lesson.asks(clause.name):
            asked = kind if clause.name == ASKS_KIND else None
            key = clause.key(groups), dialect.key if dialect else None, asked
            kept = _kept.get(key) or _keep(key, _of_clause(clause, dialect, key, groups, markers))
            yield kept
        if asks_kind and clause.name not in _BEHIND_THE_KIND:
            text = texts[clause.name]
            if clause.name != "id":
                kind = read_clause(clause.name, dialect, None, text).facts.get("kind") or kind


def _keep(key: _Key, read: _Kept) -> _Kept:
    if len(_kept) >= MAX_KEPT:
        _kept.clear()
    _kept[key] = read
    return read


def _of_clause(
    clause: Clause, dialect: Dialect | None, key: _Key, groups: Groups, markers: Groups
) -> _Kept:
    """What one clause teaches."""
    text, written = LINE.texts(groups)[clause.name], LINE.texts(markers)[clause.name]
    reading = _reading(clause.name, dialect, key[2], written)
    recipe = _recipe(clause, dialect, reading, groups, markers)
    taught = _taught(key, clause.mask(groups, text), dialect, recipe)
    with_hole = _with_hole(clause, dialect, key, groups, markers)
    return _Kept(taught, with_hole)


def _with_hole(
    clause: Clause, dialect: Dialect | None, key: _Key, groups: Groups, markers: Groups
) -> bytes | None:
    """The same where the note that ends the clause may be any other; None where it ends
    with none, or where its words say something else then."""
    text, written = LINE.texts(groups)[clause.name], LINE.texts(markers)[clause.name]
    emptied = notes.with_hole(clause, groups, text)
    if emptied is None:
        return None
    other = notes.with_another_note(clause, markers, written)
    reading = notes.without_note(_reading(clause.name, dialect, key[2], other))
    recipe = reading and _recipe(clause, dialect, reading, groups, markers)
    if recipe is None:
        return None
    mask = clause.mask(groups, text, notes=False)
    return _taught((clause.key(emptied), *key[1:]), mask, dialect, recipe)


def _taught(key: _Key, mask: int, dialect: Dialect | None, recipe: bytes | None) -> bytes:
    return b"".join(
        (
            wire.counted(key[0]),
            wire.bits(mask),
            wire.i64(DIALECT_NUMBERS[dialect.key] if dialect else NOBODY),
            wire.counted((key[2] or "").encode()),
            wire.u32(recipe is not None),
            recipe or b"",
        )
    )


def _reading(clause: str, dialect: Dialect | None, kind: str | None, text: str) -> ClauseReading:
    """What a clause says (line.py)."""
    if clause == "id" and " " not in text and text[0] not in '<("':
        return ClauseReading({"queue_id": text}, ())
    return read_clause.__wrapped__(clause, dialect, kind, text)


def _recipe(
    clause: Clause,
    dialect: Dialect | None,
    reading: ClauseReading,
    groups: Groups,
    markers: Groups,
) -> bytes | None:
    """Where the values that a clause tells come from; None where one is made from a
    marker and is not one."""
    there = [place for place in clause.groups if markers[place]]
    if there != [place for place in clause.groups if groups[place]]:
        return None
    addresses = tuple(place for place in clause.addresses if markers[place])
    canonical = [a.text for place in addresses if (a := read_address(markers[place]))]
    if len(canonical) < len(addresses):
        return None
    varied = [place for place in clause.variables if markers[place]]
    varied += [place for place in clause.names if markers[place] and not is_known(markers[place])]
    written = [*canonical, *(markers[place].rstrip(".") for place in varied)]
    made = [place for place in there if _has(markers[place], written)]
    sources = {markers[place]: wire.u32(0) + wire.u32(place) for place in made}
    sources |= {text: wire.u32(1) + wire.u32(number) for number, text in enumerate(canonical)}
    sources |= {markers[place]: wire.u32(0) + wire.u32(place) for place in varied}
    ports = [place for place in clause.ports if markers[place]]
    numbers = {int(markers[place]): wire.u32(3) + wire.u32(place) for place in ports}
    told = {**reading.facts, **{name: tuple(texts) for name, texts in reading.beyond}}
    found: dict[str, bytes] = {}
    for name, value in told.items():
        source = _source(name, value, sources, numbers, written)
        if source is None:
            return None
        found[name] = source
    return columns(found) + wire.u32s(addresses) + wire.u32(_has_known(clause, dialect, markers))


def _source(
    name: str,
    value: Any,
    sources: Mapping[str, bytes],
    numbers: Mapping[int, bytes],
    written: Iterable[str],
) -> bytes | None:
    if isinstance(value, str) and value and value in sources:
        return sources[value]
    if type(value) is int and value in numbers:
        return numbers[value]
    return None if _has(str(value), written) else constant(name, value)


def _has(text: str, written: Iterable[str]) -> bool:
    """Whether a marker stands in a text."""
    return any(one in text for one in written)


def _has_known(clause: Clause, dialect: Dialect | None, markers: Groups) -> bool:
    """Whether what stands behind "from" means something to the dialect."""
    known = own_values(dialect, "from") if dialect and clause.name == "from" else None
    words = markers[clause.holders[0]].partition(" (")[0]
    return bool(known and known.read(words) is not None)
