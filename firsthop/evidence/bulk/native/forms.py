"""Teaches the kernel the forms of clauses: which dialects a clause does not rule out,
and where the values that it tells of a hop come from. The kernel puts forms of lines
together of them, the weightiest clause last, as line.py does with what clauses say.

What a clause says is read here with a marker in place of each text that varies, as
line_templates.py does with whole lines. Only lines that are plain teach anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from firsthop.evidence.bulk.native import wire
from firsthop.evidence.bulk.native.clauses import ASKS_KIND, CLAUSES_BY_WEIGHT, Clause
from firsthop.evidence.bulk.native.tables import (
    DIALECT_NUMBERS,
    NOBODY,
    columns,
    constant,
)
from firsthop.evidence.host.address import read_address
from firsthop.evidence.received.clause_reader import ClauseReading, read_clause
from firsthop.evidence.received.clauses import Clauses, read_clauses
from firsthop.evidence.received.dialects import Dialect, Recogniser, own_values, recognise
from firsthop.evidence.received.line_pattern import (
    ADDRESSES,
    LINE,
    PORTS,
)
from firsthop.evidence.received.line_templates import (
    Groups,
    clause_texts,
    fits,
    marked,
    varying,
    with_time,
    without_time,
)
from firsthop.evidence.received.plain import BY, CLOSED, WIDE_PATH, is_plain

MAX_KEPT = 4_096  # clauses that were read


class _Kept(NamedTuple):
    """What a clause teaches, and the kind of hop that it tells."""

    taught: bytes
    kind: str | None


_Key = tuple[bytes, str | None, str | None]  # its form, its dialect, the kind it asks for
_kept: dict[_Key, _Kept] = {}


def taught(lines: Iterable[str]) -> bytes:
    """What the clauses of lines teach."""
    found: dict[bytes, None] = {}
    for line in lines:
        found.update(dict.fromkeys(_of_line(line)))
    return wire.many(list(found))


def _of_line(line: str) -> list[bytes]:
    match = LINE.fullmatch(without_time(line)[0])
    again = match and LINE.fullmatch(marked(match))
    if match is None or again is None:
        return []
    own = clause_texts(match.groups(""))
    recognised = recognise(Clauses._make((*own.values(), None, (), ())))
    if not fits(again, recognised):
        return []
    whole = with_time(again.string)
    clauses = read_clauses(whole)
    texts = clause_texts(again.groups(""))
    if not _is_plain(whole, clauses, texts, recognised.dialect if recognised else None):
        return []
    return list(_of_clauses(match, again, recognised))


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
    there nor, behind "by", the signs of a line that is not plain; what qmail writes is
    a whole line."""
    return (
        CLOSED.fullmatch(text) is not None
        and text.count("<") == text.count(">")
        and text.count("[") == text.count("]")
        and (text.startswith("(qmail ") or BY.search(f" {text} ") is None)
        and (clause == "from" or not ('"' in text or WIDE_PATH.search(text)))
    )


def _of_clauses(
    match: re.Match[str], again: re.Match[str], recognised: Recogniser | None
) -> Iterator[bytes]:
    """What each clause of a line teaches; `again`: the line with markers in it."""
    dialect, says = (recognised.dialect, recognised.says) if recognised else (None, {})
    kind: str | None = None
    groups = match.groups("")
    for clause in CLAUSES_BY_WEIGHT:
        if clause.is_there(groups):
            asked = (says.get("kind") or kind) if clause.name == ASKS_KIND else None
            key = clause.key(groups), dialect.key if dialect else None, asked
            if key not in _kept:
                _keep(key, _of_clause(clause, dialect, key, groups, again.groups("")))
            yield _kept[key].taught
            kind = _kept[key].kind or kind


def _keep(key: _Key, read: _Kept) -> None:
    if len(_kept) >= MAX_KEPT:
        _kept.clear()
    _kept[key] = read


def _of_clause(
    clause: Clause, dialect: Dialect | None, key: _Key, groups: Groups, markers: Groups
) -> _Kept:
    """What one clause teaches."""
    reading = _reading(clause.name, dialect, key[2], clause_texts(markers)[clause.name])
    recipe = _recipe(clause, dialect, reading, groups, markers)
    taught = b"".join(
        (
            wire.counted(key[0]),
            wire.bits(clause.mask(groups, clause_texts(groups)[clause.name])),
            wire.i64(DIALECT_NUMBERS[dialect.key] if dialect else NOBODY),
            wire.counted((key[2] or "").encode()),
            wire.u32(recipe is not None),
            recipe or b"",
        )
    )
    return _Kept(taught, reading.facts.get("kind"))


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
    places = sorted(clause.groups)
    if any(bool(groups[place]) != bool(markers[place]) for place in places):
        return None
    addresses = tuple(place for place in ADDRESSES if place in clause.groups and markers[place])
    canonical = [a.text for place in addresses if (a := read_address(markers[place]))]
    if len(canonical) < len(addresses):
        return None
    varied = [place for place in varying(markers) if place in clause.groups]
    written = [*canonical, *(markers[place] for place in varied)]
    made = [place for place in places if markers[place] and _has(markers[place], written)]
    sources = {markers[place]: wire.u32(0) + wire.u32(place) for place in made}
    sources |= {text: wire.u32(1) + wire.u32(number) for number, text in enumerate(canonical)}
    sources |= {markers[place]: wire.u32(0) + wire.u32(place) for place in varied}
    ports = [place for place in PORTS if place in clause.groups and markers[place]]
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
