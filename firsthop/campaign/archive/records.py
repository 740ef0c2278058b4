"""Messages as an archive waits to write them: as Arrow records, which go from process
to process and into a segment without an object for each value."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain, islice, repeat
from operator import add
from typing import Any, NamedTuple

from firsthop.campaign.archive.rows import SEGMENTS, Row, place_of
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.record import MessageFeatures, message_row
from firsthop.evidence.bulk.native.columns import Buffers, values_of
from firsthop.system.arrow_bytes import bytes_of, column_in
from firsthop.system.arrow_columns import Column, Form, column_of, record_of, row_form

_ARRIVAL = "arrival"  # told when they are written
_TYPES: Mapping[str, Mapping[str, str]] = {
    kind: {name: of for name, of in SEGMENTS[kind].items() if name != _ARRIVAL}
    for kind in ("message", "feature")
}
FORMS = {kind: row_form(types) for kind, types in _TYPES.items()}
_ARRIVAL_FORM = row_form(SEGMENTS["message"]).children[-1]
_VIEW = {name: family.view for name, family in FAMILIES.items()}
_HASHED = {name: f"{view}|{name}|" for name, view in _VIEW.items()}  # before the value
_KINDS = {"u": "t", "l": "i"}  # as native/columns.py calls them, by the format
_NUMBERS = 4  # of eight bytes in a digest
Rows = tuple[Row, list[Row]]  # of a message, all but its arrival, and of its features


class ArchiveRecords(NamedTuple):
    """Some messages and their features, as `system.arrow_bytes` writes them."""

    ids: tuple[str, ...]
    places: tuple[tuple[str, int], ...]  # URI and offset of each
    counts: tuple[int, ...]  # features of each
    message: bytes
    feature: bytes

    def without(self, dropped: Collection[int]) -> ArchiveRecords:
        """The same without the messages of these numbers."""
        if not dropped:
            return self
        rows = enumerate(self.rows())
        return records_of_rows([one for number, one in rows if number not in dropped])

    def of_messages(self, arrival: int) -> Column:
        """The rows of `message`."""
        record = column_in(FORMS["message"], self.message)
        arrivals = column_of(_ARRIVAL_FORM, [arrival] * record.length)
        return record_of([*record.children, arrivals])

    def of_features(self) -> Column:
        """The rows of `feature`."""
        return column_in(FORMS["feature"], self.feature)

    def rows(self) -> Iterator[Rows]:
        """The rows again; half of a character is shown as text."""
        messages, features = (
            zip(*_values(FORMS[kind], data), strict=True)
            for kind, data in (("message", self.message), ("feature", self.feature))
        )
        for message, count in zip(messages, self.counts, strict=True):
            yield message, list(islice(features, count))


def records_of(messages: Sequence[MessageFeatures]) -> ArchiveRecords:
    """The records of messages."""
    rows = [
        (*message_row(one), one.message_id, one.zone, one.authenticated_domain) for one in messages
    ]
    counts = [len(one.features) for one in messages]
    ids = [one.id for one in messages]
    families, values, fields, spans = _turned(
        chain.from_iterable(one.features for one in messages), 4
    )
    views = list(map(_VIEW.__getitem__, families))
    features = {
        "msg": list(chain.from_iterable(map(repeat, ids, counts))),
        "view": views,
        "family": families,
        "value": values,
        "field": fields,
        "span_start": [None if span is None else span[0] for span in spans],
        "span_stop": [None if span is None else span[1] for span in spans],
    }
    hashes = _hashes(list(map(add, map(_HASHED.__getitem__, families), values)))
    return _records(rows, counts, features, Column(len(views), 0, (None, hashes)))


def records_of_rows(several: Sequence[Rows]) -> ArchiveRecords:
    """The records of messages that are there as rows."""
    names = list(_TYPES["feature"])
    columns = _turned(chain.from_iterable(features for _, features in several), len(names))
    features = dict(zip(names, columns, strict=True))
    hashes = array("q", features["hash"])
    counts = [len(features) for _, features in several]
    return _records(
        [row for row, _ in several], counts, features, Column(len(hashes), 0, (None, hashes))
    )


def _records(
    rows: Sequence[Row],
    counts: Sequence[int],
    features: Mapping[str, Sequence[Any]],
    hashes: Column,
) -> ArchiveRecords:
    messages = FORMS["message"].children
    columns = _turned(rows, len(messages))
    return ArchiveRecords(
        tuple(columns[0]),
        tuple(map(place_of, rows)),
        tuple(counts),
        bytes_of(record_of(list(map(column_of, messages, columns)))),
        bytes_of(
            record_of(
                [
                    hashes if form.name == "hash" else column_of(form, features[form.name])
                    for form in FORMS["feature"].children
                ]
            )
        ),
    )


def _turned(rows: Iterable[Iterable[Any]], width: int) -> list[tuple[Any, ...]]:
    """Rows as columns."""
    return list(zip(*rows, strict=True)) or [()] * width


def _hashes(texts: Sequence[str]) -> array[int]:
    """As `text_hash`: of all at once, without a number for each on the way."""
    try:
        coded = list(map(str.encode, texts))
    except UnicodeEncodeError:  # half of a character
        coded = [text.encode("utf-8", "backslashreplace") for text in texts]
    # of each digest the first of its numbers
    hashes = array("q", b"".join([sha256(one).digest() for one in coded]))[::_NUMBERS]
    if sys.byteorder == "little":
        hashes.byteswap()
    return hashes


def _values(form: Form, data: bytes) -> list[Sequence[Any]]:
    """The columns of a record as values."""
    return [
        _column_values(_KINDS[one.format], column)
        for one, column in zip(form.children, column_in(form, data).children, strict=True)
    ]


def _column_values(kind: str, column: Column) -> Sequence[Any]:
    validity, *others, data = (bytes(buffer or b"") for buffer in column.buffers)
    return values_of(Buffers(kind, column.length, validity, b"".join(others), b"", data))
