"""The bulk path gives the columns that a case takes from the objects, on every message
of the corpora and on broken ones, and changes nothing around it."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.case.parquet.columns import HOPS, MESSAGES, Table, hop_rows
from firsthop.evidence.bulk.read import Batch, columns_of, read_batch
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.mail.header import MAX_FIELDS, read_message
from firsthop.mail.message import MAX_FIELD_BYTES, Source
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_sources
from firsthop.settings import OwnServers, own_servers

SOURCE_COLUMNS = {
    "uri",
    "container",
    "source_offset",
    "sha256",
    "evidence",
    "enclosed_in",
    "source_notes",
}
SILENT = OwnServers()
SOMEBODY = own_servers([".slashnull.org", ".outlook.com", "mx.google.com", "10.0.0.0/8"])
ROOT = Path(__file__).resolve().parents[2]


def facts_of(data: bytes, own: OwnServers = SILENT) -> MessageFacts:
    return establish(read_message(data, Source("", "eml", 0, "")), own)


def taken(table: Table, rows: Sequence[object]) -> dict[str, list[object]]:
    """What case/parquet/columns.py takes from the objects."""
    return {
        column.name: [column.take(row) for row in rows]
        for column in table.columns
        if column.name not in SOURCE_COLUMNS
    }


def as_the_case_takes_them(found: Sequence[MessageFacts]) -> Batch:
    hops = [(number, row) for number, facts in enumerate(found) for row in hop_rows(facts.path)]
    return Batch(
        taken(MESSAGES, found),
        {"message": [number for number, _ in hops], **taken(HOPS, [row for _, row in hops])},
    )


@pytest.mark.parametrize("own", [SILENT, SOMEBODY], ids=["nobody", "somebody"])
def test_the_whole_corpora(corpus_messages: Path, own: OwnServers) -> None:
    files = sorted(file for file in corpus_messages.glob("*/*/*") if file.is_file())
    assert len(files) > 7_000
    for start in range(0, len(files), 500):
        mails = [file.read_bytes() for file in files[start : start + 500]]
        found = [facts_of(data, own) for data in mails]
        expected = as_the_case_takes_them(found)
        assert read_batch(mails, own) == expected
        assert columns_of(found) == expected


def test_published_text_goes_by_the_objects() -> None:
    example = ROOT / "examples" / "libero-2014" / "headers.txt"
    found = [
        establish(read_mail(mail), SILENT)
        for mail in read_sources([example])
        if isinstance(mail, RawMail)
    ]
    batch = columns_of(found)
    assert batch == as_the_case_takes_them(found)
    assert batch.messages["message_id_state"].count("value_lost") == 3


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
    assert read_batch([data], SILENT) == as_the_case_takes_them([facts_of(data)])


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
    assert read_batch(mails, SOMEBODY) == as_the_case_takes_them(
        [facts_of(data, SOMEBODY) for data in mails]
    )


def test_no_message_gives_empty_columns() -> None:
    batch = read_batch([], SILENT)
    assert {len(values) for table in batch for values in table.values()} == {0}
    assert batch == columns_of([])


def test_the_garbage_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    read_batch([b"From: a@b\n\n"], SILENT)
    assert gc.isenabled()
    gc.disable()
    try:
        read_batch([b"From: a@b\n\n"], SILENT)
        assert not gc.isenabled()
    finally:
        gc.enable()
