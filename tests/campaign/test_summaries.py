"""A summary comes out of the packed ones as it was put in, whatever it holds."""

from __future__ import annotations

import pickle

import pytest

from firsthop.campaign.first_hops import summaries
from firsthop.campaign.first_hops.summaries import Summaries
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import examine
from firsthop.judgement.finding import Observation
from firsthop.mail.header import read_message
from firsthop.mail.message import Source, Span
from firsthop.settings import OwnServers

MAIL = (
    b"Received: from client.example (client.example [198.51.100.%d])\r\n"
    b"\tby mx.example (Postfix) with ESMTPS id 4XyZ%d;\r\n\tThu, 5 Jun 2014 08:09:10 +0200\r\n"
    b"From: A <a@sender.example>\r\nX-Mailer: Apple Mail (2.1)\r\n"
    b"Message-ID: <%d@sender.example>\r\n\r\ntext\r\n"
)


def heap() -> list[MessageSummary]:
    """Summaries of messages of one server, each as it comes out of another process."""
    told = []
    for n in range(20):
        source = Source(f"heap/{n % 3}.mbox", "mbox", n, f"{n:064x}")
        facts = establish(read_message(MAIL % (n, n, n), source), OwnServers())
        told.append(pickle.loads(pickle.dumps(summarize(examine(facts, CaseFile())))))
    return told


def hostile() -> list[MessageSummary]:
    """What no usual message has: no hop, no time, no digest, lone surrogates, long
    texts, places far behind, values and observations in any finding."""
    one = heap()[0]
    assert one.first
    assert one.first.stamp
    seen = (Observation("k", "\udcff", "X", Span(1, 2)), Observation("k", "v", asserted=True))
    findings = (one.findings[0]._replace(values=(("a", "b\0"),), observations=seen), *one.findings)
    unread = one.first.stamp._replace(instant=None, defects=("unreadable",))
    return [
        one._replace(uri="-", offset=1 << 40, sha256="no digest", first=None, findings=()),
        one._replace(uri="", sha256="AB" * 32, author="ab ab", author_domain=None, answers=()),
        one._replace(uri="a.zip!/b/", first=one.first._replace(stamp=None, helo="\ud800" * 300)),
        one._replace(uri="/", message_id="\x00", first=one.first._replace(stamp=unread)),
        one._replace(findings=findings, hops=1 << 33),
    ]


def test_what_comes_out_is_what_was_put_in() -> None:
    given = [*heap(), *hostile(), *heap()]
    packed = Summaries(given)
    assert list(packed) == given
    assert packed[-1] == given[-1]
    assert packed[3:5] == given[3:5]
    for one, other in zip(packed, given, strict=True):
        assert [type(part) for part in one] == [type(part) for part in other]
        assert repr(one) == repr(other)


def test_what_messages_have_in_common_is_kept_once() -> None:
    packed = Summaries(heap())
    first, second = packed[0], packed[1]
    assert first.answers is second.answers
    assert sum(a is b for a, b in zip(first.findings, second.findings, strict=True)) > 3
    assert len(packed._servers.parts) == len(packed._findings.parts) == 1


def test_a_summary_takes_a_few_hundred_bytes() -> None:
    packed = Summaries(heap())
    assert packed._stops[-1] < 400 * len(packed)


def test_parts_that_senders_make_up_are_not_compared_with_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(summaries, "MOST_COMPARED", 8)
    given = [one._replace(uri=f"{n}/{one.uri}") for n, one in enumerate(heap())]
    packed = Summaries(given)
    assert list(packed) == given
    assert len(packed.places._folders._numbers) <= 8
