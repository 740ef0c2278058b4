"""The bulk path: the bytes of many messages in, columns of facts out. The native kernel
does it where one was built (native/), and this module where not; both give the same.

The columns are those of a case's tables `messages` and `hops`, as evidence/schema/
describes them. `Batch.facts` gives the object view of one message, made of the hops and
the boundary that the columns hold, when it is asked for. Facts that are there already
give the same columns (`columns_of`), and tests compare the two on the whole corpora.
Published text needs repair and a broken header needs naming: both go through
`establish` here. Never raises, keeps nothing between batches but bounded memories."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from firsthop.evidence.bulk.batch import Batch, View
from firsthop.evidence.bulk.header import Header, read_header
from firsthop.evidence.bulk.native.read import read_natively
from firsthop.evidence.bulk.rows import Rows
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.identity.author import judged_of
from firsthop.evidence.identity.identities import Claim, FieldState, bare_id, decode_words
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.path.path import Boundary, find_boundary, path_of, trust_of
from firsthop.evidence.path.receiving import Receiving, receiving_of
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line_templates import read_hop
from firsthop.evidence.schema.hop import HopPlace
from firsthop.evidence.schema.message import MessageRow
from firsthop.evidence.timestamp import Stamp, find_stamp
from firsthop.mail.message import Evidence, Field
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers

_ABSENT = Claim(None, FieldState.ABSENT)


def read_batch(mails: Iterable[RawMail], own: OwnServers) -> Batch:
    """The facts of each of `mails`, in order; `own` decides how far a path is
    believed."""
    mails = list(mails)
    with no_garbage():
        return read_natively(mails, own) or read_in_python(mails, own)


def read_in_python(mails: Sequence[RawMail], own: OwnServers) -> Batch:
    """The same without the native kernel: what it has to equal, and what there is where
    none was built."""
    with no_garbage():
        rows = Rows()
        # one step for all, then the next: code and tables stay at hand
        headers = [(_plain_header(mail), mail) for mail in mails]
        paths = [
            [read_hop(value) for value in header.received()] if header else []
            for header, _ in headers
        ]
        views = [
            add_facts(rows, establish(read_mail(mail), own))
            if header is None
            else add_header(rows, mail, header, hops, own)
            for (header, mail), hops in zip(headers, paths, strict=True)
        ]
        return Batch((rows.messages(), rows.hops()), views)


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


def columns_of(messages: Iterable[MessageFacts]) -> Batch:
    """The same columns out of facts that are there."""
    rows = Rows()
    views = tuple(add_facts(rows, facts) for facts in messages)
    return Batch((rows.messages(), rows.hops()), views)


def add_facts(rows: Rows, facts: MessageFacts) -> View:
    """Adds a message whose facts are there."""
    rows.add_facts(facts)
    return lambda store: replace(facts, dns=store)


def add_header(rows: Rows, mail: RawMail, header: Header, hops: list[Hop], own: OwnServers) -> View:
    """Adds a message whose header and hops were read."""
    receiving = receiving_of(hops, own, published=False)
    handover = find_boundary(hops, receiving)
    count = len(hops)
    rows.add(
        MessageRow(
            mail.source,
            _message_id(header),
            _author(header),
            _field(header, "from"),
            _subject(header),
            _date(header),
            _field(header, "date"),
            _mailer(header),
            count,
            handover[1],
            header.names,
            header.defects,
        ),
        [
            HopPlace(count - index, trust_of(index, handover[0]), header.span(place))
            for index, place in enumerate(header.hops)
        ],
        hops,
    )
    return partial(_facts, mail, header, hops, receiving, handover, own)


def _facts(
    mail: RawMail,
    header: Header,
    hops: list[Hop],
    receiving: Receiving,
    handover: tuple[int, Boundary],
    own: OwnServers,
    store: DnsStore,
) -> MessageFacts:
    message = header.message(mail.source)
    path = path_of(message.all("received"), hops, receiving, handover)
    return establish(message, own, store, path)


def _plain_header(mail: RawMail) -> Header | None:
    return None if mail.source.evidence is Evidence.PUBLICATION else read_header(mail.data)


def _claim(header: Header, place: int | None, read: Callable[[str], str]) -> Claim:
    if place is None:
        return _ABSENT
    value = read(header.value(place))
    if value:
        return Claim(value, FieldState.PRESENT, header.field(place))
    return Claim(None, FieldState.EMPTY, header.field(place))


def _message_id(header: Header) -> Claim:
    return _claim(header, header.first("message-id"), bare_id)


def _subject(header: Header) -> Claim:
    place = header.first("subject")
    if place is None:
        return _ABSENT
    value = header.value(place)
    if not value:
        return Claim(None, FieldState.EMPTY, header.field(place))
    return Claim(decode_words(value), FieldState.PRESENT, header.field(place))


def _mailer(header: Header) -> Claim:
    place = header.first("x-mailer")
    return _claim(header, header.first("user-agent") if place is None else place, str)


def _author(header: Header) -> Mailbox | None:
    places = header.all("from")
    return judged_of([header.value(place) for place in places])[1] if places else None


def _date(header: Header) -> Stamp | None:
    place = header.first("date")
    text = header.value(place) if place is not None else ""
    stamp = find_stamp(text) if text else None
    return stamp[0] if stamp else None


def _field(header: Header, key: str) -> Field | None:
    place = header.first(key)
    return None if place is None else header.field(place)
