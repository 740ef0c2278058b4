"""Puts the messages of an archive's segments into a store, in their order: values are
counted and numbered on the disk's side, so that those which one message alone carries,
three of four, never come into memory.

Numbered:   what two messages or more carry; what a publication asserts; the networks of
            clients, which are told of every campaign.
Raises:     CaseError where the segments cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from firsthop.campaign.archive.rows import Row, Segment, bare_message
from firsthop.campaign.archive.segments import Segments
from firsthop.campaign.features.families import FAMILIES, NUMBER, VIEWS
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.similarity.store import Store

AT_A_TIME = 16  # segments whose messages are put together by one statement
_TOLD = ("client_network",)  # families whose values are told though one message has them
_ALWAYS = (*_TOLD, *(one.name for one in FAMILIES.values() if one.view == VIEWS[-1]))
_FAMILY = {"family": "VARCHAR", "bit": "BIGINT"}
_NUMBER = {"hash": "BIGINT", "number": "INTEGER"}
Pair = tuple[Segment, Segment]  # messages, and their features


def fill_store(segments: Segments, pairs: Sequence[Pair], store: Store) -> None:
    """Put all messages into an empty store."""
    if not pairs:
        return
    _number_values(segments, [features for _, features in pairs], store)
    segments.put(
        "family", _FAMILY, {"family": list(NUMBER), "bit": [1 << n for n in range(len(NUMBER))]}
    )
    for start in range(0, len(pairs), AT_A_TIME):
        some = pairs[start : start + AT_A_TIME]
        messages = segments.read([one for one, _ in some])
        for one, values, held in _joined(messages, _values(segments, [one for _, one in some])):
            if one.id not in store.number:
                store.add_numbered(one, values, held)


def _number_values(segments: Segments, features: Sequence[Segment], store: Store) -> None:
    """The numbers of the values in the order in which they are met, noted where the
    statements can read them."""
    always = ", ".join(f"'{name}'" for name in _ALWAYS)
    rows = _rows(segments, features)
    counted = (
        f"SELECT hash, count(*) AS n, min(place) AS place FROM ({rows}) GROUP BY hash "  # noqa: S608 - names of the program
        f"HAVING count(*) > 1 OR bool_or(family IN ({always}))"
    )
    hashes = []
    for family, value, key, carriers in segments.run(
        f"SELECT family, value, hash, n FROM ({rows}) JOIN ({counted}) USING (hash, place) "  # noqa: S608 - so
        f"ORDER BY place"
    ):
        store.add_value(family, key, value, carriers, told=family in _TOLD)
        hashes.append(key)
    numbers = [store.number_of_hash[key] for key in hashes]
    segments.put("number", _NUMBER, {"hash": hashes, "number": numbers})


def _values(segments: Segments, features: Sequence[Segment]) -> Iterator[Row]:
    """Of each message its id, the numbers of its values, its families; in order."""
    return segments.run(
        f"SELECT msg, list(number) FILTER (number IS NOT NULL), bit_or(bit) "  # noqa: S608 - names of the program
        f"FROM ({_rows(segments, features)}) JOIN family USING (family) "
        f"LEFT JOIN number USING (hash) GROUP BY msg ORDER BY min(place)"
    )


def _rows(segments: Segments, features: Sequence[Segment]) -> str:
    """The rows of some segments, each with its place among them. All are read in one
    scan: of a hundred beside each other each would hold memory of its own."""
    return (
        f"SELECT msg, family, value, hash, (file_index << 32) + file_row_number AS place "  # noqa: S608 - quoted
        f"FROM {segments.source(features)}"
    )


def _joined(
    messages: Iterable[Row], values: Iterator[Row]
) -> Iterator[tuple[MessageFeatures, Sequence[int], int]]:
    """The messages with the values of each, of which those that have none are left
    out."""
    waiting = next(values, None)
    for row in messages:
        one, numbers, held = bare_message(row), None, 0
        if waiting is not None and waiting[0] == one.id:
            _, numbers, held = waiting
            waiting = next(values, None)
        yield one, numbers or (), held
