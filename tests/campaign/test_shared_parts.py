"""Equal parts of summaries are one object, and no summary is another than before."""

from __future__ import annotations

import pickle

import pytest

from firsthop.campaign.first_hops import shared_parts
from firsthop.campaign.first_hops.shared_parts import SharedParts
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import examine
from firsthop.mail.header import read_message
from firsthop.mail.message import Source
from firsthop.settings import OwnServers

MAIL = (
    b"Received: from client.example (client.example [198.51.100.%d])\r\n"
    b"\tby mx.example (Postfix) with ESMTPS id 4XyZ%d;\r\n\tThu, 5 Jun 2014 08:09:10 +0200\r\n"
    b"From: A <a@sender.example>\r\nMessage-ID: <%d@sender.example>\r\n\r\ntext\r\n"
)


def summaries() -> list[MessageSummary]:
    """Summaries of messages of one server, each as it comes out of another process."""
    told = []
    for n in range(20):
        source = Source("heap.mbox", "mbox", n, f"{n:064x}")
        facts = establish(read_message(MAIL % (n, n, n), source), OwnServers())
        told.append(pickle.loads(pickle.dumps(summarize(examine(facts, CaseFile())))))
    return told


def test_equal_parts_are_one_object() -> None:
    given = summaries()
    first, *rest = SharedParts().of_all(given)
    assert [first, *rest] == given
    assert first.first
    for one in rest:
        assert one.first
        assert one.uri is first.uri
        assert one.answers is first.answers
        assert one.first.by is first.first.by
        assert all(a is b for a, b in zip(one.findings, first.findings, strict=True) if a == b)


def test_parts_that_senders_make_up_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_parts, "MOST_KNOWN", 8)
    shared, given = SharedParts(), summaries()
    assert list(shared.of_all(given)) == given
    assert len(shared._known) <= 8
