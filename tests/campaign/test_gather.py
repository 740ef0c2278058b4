"""Linking by exact relay and HELO, the spool, the first trace: on the example's
messages, expectation first."""

from pathlib import Path

import pytest

from firsthop.campaign.first_hops.first_trace import read_first_trace
from firsthop.campaign.first_hops.postfix_spool import near_pairs, spool_id
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.campaign.investigation import Investigation, assemble
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import establish
from firsthop.evidence.received.line import read_received
from firsthop.judgement.examine import examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources.pasted import read_pasted
from firsthop.settings import OwnServers

EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014" / "headers.txt"


@pytest.fixture(scope="module")
def summaries() -> list[MessageSummary]:
    raws = read_pasted(EXAMPLE.read_bytes(), "headers.txt")
    return [summarize(examine(establish(read_mail(raw), OwnServers()), CaseFile())) for raw in raws]


@pytest.fixture(scope="module")
def found(summaries: list[MessageSummary]) -> Investigation:
    return assemble(summaries, (), CaseFile())


def test_one_group_of_hops_1_2_and_4(found: Investigation, summaries: list[MessageSummary]) -> None:
    (group,) = found.groups
    assert (group.relay, group.helo) == ("r3.kawaz.jp", "7cho-me.com")
    assert [summaries.index(t) + 1 for t in group.members] == [1, 2, 4]
    assert group.client_addresses == ("85.65.59.147", "112.171.218.7", "178.88.90.195")
    assert [burst.messages for burst in group.bursts] == [1, 2]


def test_the_order_of_time(found: Investigation, summaries: list[MessageSummary]) -> None:
    assert [summaries.index(t) + 1 for t in found.timed] == [1, 3, 5, 7, 2, 6, 4]


def test_one_spool(found: Investigation) -> None:
    (pair,) = found.spools
    assert (pair.first.queue_id, pair.second.queue_id) == ("E9C16C5BEF1E", "69F40C5BF190")
    assert (pair.distance, pair.seconds) == (626, 3 * 3600 + 23 * 60 + 38)


def test_two_relays_share_no_spool() -> None:
    lines = (
        (
            f"from a (b [192.0.2.1]) by {by} (Postfix) with ESMTP id {queue_id}; Thu, 29 May "
            f"2014 0{hour}:00:00 +0000 (UTC)"
        )
        for by, queue_id, hour in (("x.example", "0D3F2C0001", 1), ("y.example", "0D3F2C0002", 2))
    )
    assert list(near_pairs(filter(None, map(spool_id, map(read_received, lines))))) == []


def test_the_first_trace_fits_a_zone_and_says_how_much_chance_fits_too(
    summaries: list[MessageSummary],
) -> None:
    trace = read_first_trace("2014-05-17 05:59:47", summaries, "Europe/Rome")
    assert trace is not None
    assert trace.nearest is summaries[0]
    assert (trace.zoned, trace.offset_hours, trace.after, trace.local_before_first) == (
        False,
        -7,
        10,
        8 * 3600 + 59 * 60 + 50,
    )
    assert trace.chance == pytest.approx(21 / 3600)


@pytest.mark.parametrize(
    ("written", "zoned"), [("2014-05-17 05:59:47 +0200", True), ("2001-01-01 00:00:00", False)]
)
def test_a_trace_with_a_zone_or_out_of_reach_is_not_fitted(
    summaries: list[MessageSummary], written: str, zoned: bool
) -> None:
    trace = read_first_trace(written, summaries, "Europe/Rome")
    assert trace is not None
    assert (trace.zoned, trace.offset_hours) == (zoned, None)


def test_no_time_no_trace(summaries: list[MessageSummary]) -> None:
    assert read_first_trace("some day", summaries, "Europe/Rome") is None
    assert read_first_trace("2014-05-17 05:59:47", [], "Europe/Rome") is None
