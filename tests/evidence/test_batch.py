"""The bulk path gives the columns that a case takes from the objects, on every message
of the corpora and on broken ones, and changes nothing around it."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.bulk.batch import Batch
from firsthop.evidence.bulk.read import columns_of, read_batch
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.schema.columns import Columns
from firsthop.evidence.schema.hop import HOPS
from firsthop.evidence.schema.message import MESSAGES
from firsthop.mail.header import MAX_FIELDS
from firsthop.mail.message import MAX_FIELD_BYTES, Source
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_sources
from firsthop.settings import OwnServers, own_servers

SILENT = OwnServers()
SOMEBODY = own_servers([".slashnull.org", ".outlook.com", "mx.google.com", "10.0.0.0/8"])
ROOT = Path(__file__).resolve().parents[2]


def mail_of(data: bytes) -> RawMail:
    return RawMail(Source("", "eml", 0, ""), data)


def facts_of(data: bytes, own: OwnServers = SILENT) -> MessageFacts:
    return establish(read_mail(mail_of(data)), own)


def tables(batch: Batch) -> tuple[Columns, Columns]:
    return batch.messages, batch.hops


def check(mails: Sequence[bytes], own: OwnServers) -> None:
    """The columns of the bulk path are those of the objects, and so are its own object
    views, which hold the same facts."""
    expected = [facts_of(data, own) for data in mails]
    batch = read_batch(map(mail_of, mails), own)
    assert tables(batch) == tables(columns_of(expected))
    views = [batch.facts(number) for number in range(len(mails))]
    assert [view.message for view in views] == [facts.message for facts in expected]
    assert views == expected


@pytest.mark.parametrize("own", [SILENT, SOMEBODY], ids=["nobody", "somebody"])
def test_the_whole_corpora(corpus_messages: Path, own: OwnServers) -> None:
    files = sorted(file for file in corpus_messages.glob("*/*/*") if file.is_file())
    assert len(files) > 7_000
    for start in range(0, len(files), 500):
        check([file.read_bytes() for file in files[start : start + 500]], own)


def test_published_text_goes_by_the_objects() -> None:
    example = ROOT / "examples" / "libero-2014" / "headers.txt"
    mails = [mail for mail in read_sources([example]) if isinstance(mail, RawMail)]
    found = [establish(read_mail(mail), SILENT) for mail in mails]
    batch = read_batch(mails, SILENT)
    assert tables(batch) == tables(columns_of(found))
    assert [batch.facts(number) for number in range(len(mails))] == found
    assert batch.messages["message_id_state"].count("value_lost") == 3


def test_every_column_is_there_in_its_order() -> None:
    batch = read_batch([mail_of(b"From: a@b\n\n")], SILENT)
    assert list(batch.messages) == [column.name for column in MESSAGES.columns]
    assert list(batch.hops) == ["message", *(column.name for column in HOPS.columns)]


def test_a_line_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The object view is made of the hops that the columns hold."""
    batch = read_batch([mail_of(b"Received: from a by b; now\nFrom: a@b\n\n")], SILENT)
    monkeypatch.setattr("firsthop.evidence.path.path.read_hop", None)
    (step,) = batch.facts(0).path.steps
    assert step.hop.raw == batch.hops["raw"][0] == "from a by b; now"


BROKEN = [
    b"",
    b"\n",
    b"\r\nbody",
    b"\nFrom: a@b\n\n",
    b"body only",
    b"no colon\n\nbody",
    b"From x Thu\nFrom: a@b\n\n",
    b">From x\r\nFrom: a@b\r\n\r\n",
    b"From x\n\n",
    b"From x\nFrom y\nFrom: a@b\n\n",
    b"From: a@b\nFrom x\nTo: c\n\n",
    b" folded\nFrom: a@b\n\n",
    b"From: a\rb@c\n\n",
    b"From: a\0b@c\n\n",
    b"From: a@b\n \nTo: c\n\n",
    b"A: b\r\n\nC: d\r\n\r\nx",
    b"A: b\n\r\nC: d\n\nx",
    b"A: b\r\n\r\n\n\n",
    b"A: b\n\r\n\nC: d\n\n",
    b"A: b\n\n\r\n",
    b"A\t: b\nsubject :x\n\n",
    b"SUBJECT: caf\xe8\nFrom: \xc3\xa8 <a@b>\n\n",
    b"Subject:\nMessage-ID: <>\nX-Mailer: \nUser-Agent: y\nFrom:\nDate:\n\n",
    b"From: a@b, c@d\nfrom: e@f\nMessage-Id: <x> <y>\nDate: now\n\n",
    b"Received:\nReceived: by\n\n",
    b"X: " + b"y" * MAX_FIELD_BYTES + b"\nFrom: a@b\n\n",
    b"A: b\n" * (MAX_FIELDS + 3) + b"\n",
    b"A: b\r\n" * 30_000 + b"\r\nbody",
    b"A: " + b"\x85\xa0\x1c \n\t" * 9 + b"\n\n",
    b"Received: from x ([192.0.2.1]) by y (Postfix) with SMTP id 3yZ0k46bdWz"
    + b"9" * 400
    + b"; Fri, 31 Dec 9998 23:59:59 -1200\r\n\r\n",
    (
        b"Received: by z (Exim 4.99) id zzzzzz-zzzzzzzzzzz-zzzz; Fri, 30 May 2014 08:17:15 "
        b"+0900\r\n\r\n"
    ),
]


@pytest.mark.parametrize("data", BROKEN, ids=lambda data: repr(data[:24]))
def test_broken_messages(data: bytes) -> None:
    check([data], SILENT)


PIECES = st.sampled_from(
    [
        b"From: ",
        b"Subject: ",
        b"Received: ",
        b"from a by b; ",
        b"Sat, 17 May 2014 21:59:37 +0900",
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b"\t",
        b":",
        b"a@b",
        b"<",
        b">",
        b'"',
        b"(",
        b")",
        b"\0",
        b"\xff",
        b"\xc3\xa9",
        b"=?utf-8?q?a?=",
        b"From x\n",
        b"\x0b",
        b"\x85",
        b",",
        b"Date: ",
        b"Message-ID: <x@y>\n",
        b"\\",
    ]
)


@given(st.lists(st.lists(PIECES, max_size=30).map(b"".join), max_size=4))
def test_any_bytes(mails: list[bytes]) -> None:
    check(mails, SOMEBODY)


def test_no_message_gives_empty_columns() -> None:
    batch = read_batch([], SILENT)
    assert {len(values) for table in tables(batch) for values in table.values()} == {0}
    assert tables(batch) == tables(columns_of([]))


def test_the_garbage_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    read_batch([mail_of(b"From: a@b\n\n")], SILENT)
    assert gc.isenabled()
    gc.disable()
    try:
        read_batch([mail_of(b"From: a@b\n\n")], SILENT)
        assert not gc.isenabled()
    finally:
        gc.enable()
