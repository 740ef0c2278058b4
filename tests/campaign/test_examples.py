"""The message that shows a campaign: by which rule it is chosen, what its ladder and
its lines are, and that all of it comes from what a case keeps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firsthop.campaign.examples import Example, example, most_telling
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import establish
from firsthop.evidence.kept_fields import MAX_BYTES, MAX_FIELDS, KeptField, kept_fields
from firsthop.evidence.path.adjacency import Adjacency
from firsthop.evidence.path.path import Trust
from firsthop.judgement.examine import examine
from firsthop.judgement.finding import Finding, Outcome
from firsthop.mail.message import Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers

OWN = OwnServers(names=frozenset(("mx.example.org",)))
MAIL = (
    b"Received: from out.example.net (out.example.net [203.0.113.7])\r\n"
    b"\tby mx.example.org (Postfix) with ESMTPS id 4ABCDEF0001;\r\n"
    b"\tMon, 12 May 2025 10:00:09 +0200 (CEST)\r\n"
    b"Received: from pc (unknown [198.51.100.4])\r\n"
    b"\tby relay.elsewhere.example.com (Postfix) with ESMTPA id 9F8E7D60001;\r\n"
    b"\tMon, 12 May 2025 10:00:05 +0200 (CEST)\r\n"
    b"X-MS-Exchange-Antispam: not quoted\r\n"
    b"Subject: caff\xe8 \xc3\xa8\r\n"
    b"X-Mailer: Groovy Mailer 3.1\r\n\r\ntext\r\n"
)


def read(data: bytes) -> Message:
    return read_mail(raw_mail(data, "a.eml", "eml"))


def summary(data: bytes = MAIL) -> MessageSummary:
    return summarize(examine(establish(read(data), OWN), CaseFile()))


def shown(data: bytes = MAIL) -> Example:
    return example("ca-1", summary(data), "a.eml", kept_fields(read(data)), OWN)


def test_the_fields_are_kept_byte_for_byte_with_their_lines() -> None:
    kept = kept_fields(read(MAIL))
    assert [(one.name, one.line) for one in kept] == [
        ("Received", 1),
        ("Received", 4),
        ("Subject", 8),
        ("X-Mailer", 9),
    ]
    for one in kept:
        assert one.field.raw == MAIL[one.span.start : one.span.stop]
        assert not one.cut


def test_long_and_many_fields_are_cut_and_say_so() -> None:
    data = b"X-Long: " + b"a" * 9_000 + b"\r\n" + b"X-One: 1\r\n" * 300 + b"\r\n"
    kept = kept_fields(read(data))
    assert len(kept) == MAX_FIELDS
    assert (len(kept[0].raw), kept[0].cut, kept[1].cut, kept[1].line) == (MAX_BYTES, True, False, 2)
    assert shown(data).header[0].cut


def test_the_ladder_is_the_path_and_shows_where_it_breaks() -> None:
    upper, lower = shown().rungs
    assert (upper.trust, upper.meets, upper.hop.by) == (
        Trust.HANDOVER,
        Adjacency.APART,
        "mx.example.org",
    )
    assert (lower.trust, lower.meets, lower.hop.client_address) == (
        Trust.CLAIMED,
        None,
        "198.51.100.4",
    )
    assert [line.hop for line in shown().header][:2] == [upper.hop, lower.hop]


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    subject = shown().header[2]
    assert subject.text == "Subject: caff\\xe8 è\r\n"


def test_without_kept_fields_there_is_nothing_to_show() -> None:
    empty = example(None, summary(), "a.eml", (), OWN)
    assert (empty.rungs, empty.header) == ((), ())


def test_the_most_telling_message() -> None:
    one = summary()._replace(findings=(), hops=3)
    against = Finding("x", Outcome.CONTRADICTS, None, "x")
    worse = one._replace(findings=(against,), hops=1, uri="worse")
    longer = one._replace(hops=4, uri="longer")
    assert one.first is not None
    first = one.first._replace(value_lost=("queue_id",))
    damaged = one._replace(first=first, uri="damaged")
    assert most_telling([one, longer, worse]) is worse
    assert most_telling([one, longer]) is longer
    assert most_telling([damaged, one]) is one
    assert most_telling([]) is None
    assert most_telling(reversed([one, longer, worse])) is worse, "whatever their order"


LINES = st.lists(
    st.sampled_from(
        [
            b"Subject: x\n",
            b"X-A: b\r\n",
            b"\tmore\n",
            b"\n",
            b"no field\n",
            b"From a@b\n",
            b"X-B:\r",
        ]
    )
).map(b"".join)


@given(st.binary(max_size=400) | LINES)
def test_any_bytes_give_an_example(data: bytes) -> None:
    """The fields that were kept stand where they say."""
    mail = read(data)
    for one in kept_fields(mail):
        assert isinstance(one, KeptField)
        assert data[one.span.start : one.span.stop].startswith(one.raw.encode("latin-1"))
        assert one.line == data[: one.span.start].count(b"\n") + 1
    shown(data)
