"""The bulk path: the bytes of many messages in, columns of facts out. The one place
that does this; a native kernel may take it.

The columns are those of a case's tables `messages` and `hops` but for the source of a
message, which its reader knows. They hold the facts that `establish` gives, which are a
view of one message: `columns_of` turns them into the same columns, and tests compare
the two on the whole corpora. Published text needs repair first: it goes through
`establish` and `columns_of`. Never raises, keeps nothing between batches but bounded
memories."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from firsthop.evidence.bulk.columns import Columns, Rows
from firsthop.evidence.bulk.header import Header, read_header
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.identity.author import judged_of
from firsthop.evidence.identity.identities import Claim, FieldState, bare_id, decode_words
from firsthop.evidence.path.path import Trust, find_boundary
from firsthop.evidence.path.receiving import receiving_of
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line_templates import read_hop
from firsthop.evidence.timestamp import find_stamp
from firsthop.mail.header import read_message
from firsthop.mail.message import Field, Source
from firsthop.settings import OwnServers

_NO_SOURCE = Source("", "", 0, "")
_ABSENT = (None, FieldState.ABSENT.value, None, None)
_NOBODY = (None, None, None, None)


class Batch(NamedTuple):
    """Two tables, column by column. `hops` says by `message` which message a line is
    of, counted from 0 in the batch."""

    messages: Columns
    hops: Columns


def read_batch(mails: Iterable[bytes], own: OwnServers) -> Batch:
    """The facts of each message that `mails` holds, in order; `own` decides how far a
    path is believed."""
    with no_garbage():
        rows = Rows()
        # one step for all, then the next: code and tables stay at hand
        headers = [(read_header(data), data) for data in mails]
        paths = [
            [read_hop(value) for value in header.received()] if header else []
            for header, _ in headers
        ]
        for (header, data), hops in zip(headers, paths, strict=True):
            if header is None:
                _add_facts(rows, establish(read_message(data, _NO_SOURCE), own))
            else:
                _add(rows, header, hops, own)
        return Batch(rows.messages(), rows.hops())


@contextmanager
def no_garbage() -> Iterator[None]:
    """A batch makes many objects and no cycles: looking for cycles among them would
    take a sixth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def columns_of(found: Iterable[MessageFacts]) -> Batch:
    """The same columns out of facts that are there."""
    rows = Rows()
    for facts in found:
        _add_facts(rows, facts)
    return Batch(rows.messages(), rows.hops())


def _add(rows: Rows, header: Header, hops: list[Hop], own: OwnServers) -> None:
    top, boundary = find_boundary(hops, receiving_of(hops, own, published=False))
    date = header.first("date")
    text = header.value(date) if date is not None else ""
    found = find_stamp(text) if text else None
    rows.add_message(
        (
            *_message_id(header),
            *_author(header),
            *_subject(header),
            found[0] if found else None,
            *header.span(date),
            *_mailer(header),
            len(hops),
            boundary.position,
            boundary.reason,
            header.names,
            header.defects,
        )
    )
    rows.add_hops(hops, _trusts(top, len(hops)), [header.span(place) for place in header.hops])


def _trusts(top: int, count: int) -> list[str]:
    if top < 0:
        return [Trust.CLAIMED.value] * count
    return (
        [Trust.TRUSTED.value] * top
        + [Trust.HANDOVER.value]
        + [Trust.CLAIMED.value] * (count - top - 1)
    )


def _claim(header: Header, place: int | None, value: str) -> tuple[Any, ...]:
    if place is None:
        return _ABSENT
    return (
        (value, FieldState.PRESENT.value, *header.span(place))
        if value
        else (None, FieldState.EMPTY.value, *header.span(place))
    )


def _message_id(header: Header) -> tuple[Any, ...]:
    place = header.first("message-id")
    return _ABSENT if place is None else _claim(header, place, bare_id(header.value(place)))


def _author(header: Header) -> tuple[Any, ...]:
    place = header.first("from")
    if place is None:
        return (*_NOBODY, None, None)
    _, judged = judged_of([header.value(one) for one in header.all("from")])
    mailbox: tuple[Any, ...] = _NOBODY if judged is None else judged
    return (*mailbox, *header.span(place))


def _subject(header: Header) -> tuple[Any, ...]:
    place = header.first("subject")
    if place is None:
        return _ABSENT
    value = header.value(place)
    return (
        (decode_words(value), FieldState.PRESENT.value, *header.span(place))
        if value
        else _claim(header, place, "")
    )


def _mailer(header: Header) -> tuple[Any, ...]:
    place = header.first("x-mailer")
    if place is None:
        place = header.first("user-agent")
    return _ABSENT if place is None else _claim(header, place, header.value(place))


def _add_facts(rows: Rows, facts: MessageFacts) -> None:
    author, path = facts.message.first("from"), facts.path
    rows.add_message(
        (
            *_told(facts.message_id),
            *(facts.author or _NOBODY),
            *_place(author),
            *_told(facts.subject),
            facts.date,
            *_place(facts.message.first("date")),
            *_told(facts.mailer),
            len(path.steps),
            path.boundary.position,
            path.boundary.reason,
            [field.name for field in facts.message.fields],
            [defect.name for defect in facts.message.defects],
        )
    )
    rows.add_hops(
        [s.hop for s in path.steps],
        [s.trust.value for s in path.steps],
        [s.field.span for s in path.steps],
    )


def _told(claim: Claim) -> tuple[Any, ...]:
    return claim.value, claim.state.value, *_place(claim.field)


def _place(field: Field | None) -> tuple[int | None, int | None]:
    return (None, None) if field is None else (field.span.start, field.span.stop)
