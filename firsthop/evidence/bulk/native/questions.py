"""Answers what the kernel hands over, by the functions of the Python path: there is one
place that knows each thing. Tells what was handed over and why. Lines of unknown forms
teach the kernel theirs first, and it reads most of them itself then."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from struct import iter_unpack
from typing import Any, NamedTuple

from firsthop.evidence.bulk.header import read_header
from firsthop.evidence.bulk.native import wire
from firsthop.evidence.bulk.native.forms import Lesson, taught
from firsthop.evidence.bulk.native.library import NativeBatch, View
from firsthop.evidence.bulk.native.tables import HOP_COLUMNS, MESSAGE_COLUMNS, kind
from firsthop.evidence.bulk.rows import Rows
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.identity.author import judged_of
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line import read_received
from firsthop.evidence.received.line_templates import read_hop
from firsthop.evidence.schema.columns import Columns, Values, parts_of
from firsthop.evidence.timestamp import Stamp, find_stamp
from firsthop.mail.encoded_words import decode_words
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers


class Asked(IntEnum):
    """What is handed over (kernel/src/batch.rs has the same numbers)."""

    MESSAGE = 0
    LINE = 1
    FROM = 2
    DATE = 3
    SUBJECT = 4
    FORM = 5  # a line that the kernel read when that had taught its form
    TEACH = 6  # a line of an unknown form, which shall teach it
    WAIT = 7  # one that waits for what another one teaches


class Why(IntEnum):
    """Why a line is handed over (kernel/src/line.rs has the same numbers)."""

    NOT_PLAIN = 0
    NO_FORM = 1
    STAMP = 2
    UNKNOWN = 3
    DIALECT = 4
    NO_RECIPE = 5
    REFUSED = 6
    ADDRESS = 7
    WORD = 8


class Question(NamedTuple):
    """What has to be read in Python, and the row that waits for it."""

    kind: int
    why: int
    message: int
    row: int
    start: int
    size: int
    clauses: int  # that a line shall teach, as bits


class Answered(NamedTuple):
    """What became of a batch's questions."""

    questions: tuple[Question, ...]
    facts: Mapping[int, MessageFacts]  # of the messages that were handed over whole
    hops: Mapping[int, Hop]  # of the lines, by the kernel's row


def answer(native: NativeBatch, mails: Sequence[RawMail], own: OwnServers) -> Answered:
    """Answers all questions of a batch."""
    questions, texts, rows = _after_lessons(native)
    by_kind: dict[int, list[Question]] = {one: [] for one in Asked}
    for question in questions:
        by_kind[question.kind].append(question)
    lines = by_kind[Asked.LINE]
    written = [_text(texts, one) for one in lines]
    hops = [_hop(text, one.why) for text, one in zip(written, lines, strict=True)]
    facts = {
        one.message: establish(read_mail(mails[one.message]), own) for one in by_kind[Asked.MESSAGE]
    }
    patches = [
        _patch(_rows(lines), _of_hops(hops), of_hops=True),
        *_fields(by_kind, texts, mails),
        *_whole(facts, rows),
    ]
    appended = [wire.u32(one) + wire.u32(len(of.path.steps)) for one, of in facts.items()]
    native.answer(wire.many(appended) + wire.many([patch for patch in patches if patch]))
    return Answered(questions, facts, dict(zip(_rows(lines), hops, strict=True)))


def _after_lessons(native: NativeBatch) -> tuple[tuple[Question, ...], View, int]:
    """What is handed over when the lines of unknown forms have taught theirs, the texts
    it stands in, and how many hops there are."""
    asked, texts, rows = _asked(native)
    # a line that taught once is handed over if that was not enough
    while unknown := [one for one in asked if one.kind == Asked.TEACH]:
        native.teach(taught(Lesson(_text(texts, one), one.clauses) for one in unknown))
        native.again()
        asked, texts, rows = _asked(native)
    return asked, texts, rows


def _asked(native: NativeBatch) -> tuple[tuple[Question, ...], View, int]:
    asked, texts, rows = native.questions()
    return tuple(map(Question._make, iter_unpack("=4IQ2I", asked))), texts, rows


def _hop(line: str, why: int) -> Hop:
    """What a line tells. One that no form reads is not tried by its form again."""
    return read_hop(line) if why in _BY_FORM else read_received(line)


_BY_FORM = frozenset((Why.NOT_PLAIN, Why.STAMP, Why.DIALECT))


def _text(texts: View, one: Question) -> str:
    return ctypes.string_at(texts.data + one.start, one.size).decode() if one.size else ""


def _rows(questions: Iterable[Question]) -> list[int]:
    return [one.row for one in questions]


def _fields(
    by_kind: Mapping[int, list[Question]], texts: View, mails: Sequence[RawMail]
) -> list[bytes]:
    """The columns of single fields of messages."""
    froms, dates, subjects = (by_kind[one] for one in (Asked.FROM, Asked.DATE, Asked.SUBJECT))
    authors = [_author(_text(texts, one), one, mails) for one in froms]
    stamps = [_stamp(_text(texts, one)) for one in dates]
    decoded = [decode_words(_text(texts, one)) for one in subjects]
    return [
        _patch(_rows(froms), _of_part("author", authors)),
        _patch(_rows(dates), _of_part("date", stamps)),
        _patch(_rows(subjects), {"subject": decoded}),
    ]


def _author(text: str, question: Question, mails: Sequence[RawMail]) -> Mailbox | None:
    several = question.why and read_header(mails[question.message].data)
    if not several:
        return judged_of([text])[1]
    return judged_of([several.value(place) for place in several.all("from")])[1]


def _stamp(text: str) -> Stamp | None:
    stamp = find_stamp(text)
    return stamp[0] if stamp else None


def _of_part(part: str, values: Values) -> Columns:
    """The columns of messages that are taken from one part of a row."""
    columns = [column for column in MESSAGE_COLUMNS if column.part == part]
    return {column.name: column.values({part: values}) for column in columns}


def _of_hops(hops: Sequence[Hop]) -> Columns:
    """What lines say, column by column."""
    decoded = [hop.queue_id_decoded for hop in hops]
    parts: dict[str, Values] = {**parts_of(Hop, hops), "queue_id_decoded": decoded}
    return {
        column.name: column.values(parts)
        for column in HOP_COLUMNS
        if column.part in parts and column.name != "raw"
    }


def _whole(facts: Mapping[int, MessageFacts], rows: int) -> list[bytes]:
    """The columns of messages that were read whole, and of their hops, whose rows stand
    behind all others."""
    filled = Rows()
    for one in facts.values():
        filled.add_facts(one)
    messages, hops = filled.messages(), filled.hops()
    added = list(range(rows, rows + len(hops.pop("message"))))
    names = {column.name for column in MESSAGE_COLUMNS}
    told = {name: values for name, values in messages.items() if name in names}
    return [_patch(list(facts), told), _patch(added, hops, of_hops=True)]


_WRITERS = {"t": wire.texts, "i": wire.numbers, "b": wire.answers, "l": wire.lists}
_MESSAGE_PLACES = {column.name: (n, kind(column)) for n, column in enumerate(MESSAGE_COLUMNS)}
_HOP_PLACES = {column.name: (n, kind(column)) for n, column in enumerate(HOP_COLUMNS, 1)}


def _patch(rows: Sequence[int], columns: Columns, *, of_hops: bool = False) -> bytes:
    """The values of some rows; nothing where there are none."""
    if not rows:
        return b""
    places = _HOP_PLACES if of_hops else _MESSAGE_PLACES
    return wire.u32(of_hops) + wire.u32s(rows) + written(columns, places)


def written(columns: Columns, places: Mapping[str, tuple[int, str]]) -> bytes:
    """The values of columns, by their places and kinds."""
    told = ((*places[name], values) for name, values in columns.items())
    return wire.many([_column(*one) for one in told if _says(*one[1:])])


def _says(kind_of: str, values: Values) -> bool:
    """Whether there is anything in a column: nothing is what the kernel has there
    anyway."""
    return any(values) if kind_of == "l" else any(value is not None for value in values)


def _column(place: int, kind_of: str, values: Values) -> bytes:
    write: Any = _WRITERS[kind_of]
    return wire.u32(place) + bytes(write(values))
