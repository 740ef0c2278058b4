"""Queue ids: what each scheme's source says they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.received.line import read_received
from firsthop.evidence.received.queue_id import BASE51, BASE52, BASE60, BASE62, decode_queue_id
from firsthop.evidence.timestamp import utc_text

SECONDS = st.integers(min_value=700_000_000, max_value=2_500_000_000)
MICROSECONDS = st.integers(min_value=0, max_value=999_999)


def digits(number: int, base: dict[str, int], width: int) -> str:
    text = ""
    while number:
        text = list(base)[number % len(base)] + text
        number //= len(base)
    return text.rjust(width, "0")


@pytest.mark.parametrize(
    ("queue_id", "mta", "year", "utc", "pid"),
    [
        ("1WqABD-0000h0-0r", "Exim", None, "2014-05-29T23:56:15Z", 2666),
        ("i28CUmST012272", "Sendmail", 2004, "2004-03-08T12:30:48Z", 12272),
        # 8.11: one character of a counter
        ("g0AMAB920109", "Sendmail", 2002, "2002-01-10T22:10:11Z", 20109),
        ("5BCGDSML034283", "Sendmail", 2025, "2025-12-12T16:13:28Z", 34283),
    ],
)
def test_decodes(queue_id: str, mta: str, year: int | None, utc: str, pid: int) -> None:
    decoded = decode_queue_id(queue_id, mta, year)
    assert decoded is not None
    assert decoded.instant is not None
    assert (utc_text(decoded.instant), decoded.pid, decoded.possible) == (utc, pid, True)


def test_a_short_postfix_id_holds_microseconds_and_inode() -> None:
    decoded = decode_queue_id("19E99E83CED1", "Postfix")
    assert decoded is not None
    assert (
        decoded.scheme,
        decoded.instant,
        decoded.microseconds,
        decoded.inode,
        decoded.possible,
    ) == (
        "postfix_short",
        None,
        0x19E99,
        0xE83CED1,
        True,
    )


@pytest.mark.parametrize(
    ("queue_id", "mta", "year"),
    [
        ("FFFFFFFFF", "Postfix", None),
        ("zzzzzzZZZZzBCD", "Postfix", None),
        ("i2vCUmST012272", "Sendmail", 2004),
        ("iCUCUmST012272", "Sendmail", 2004),
    ],
)
def test_an_id_that_cannot_be(queue_id: str, mta: str, year: int | None) -> None:
    decoded = decode_queue_id(queue_id, mta, year)
    assert decoded is None or not decoded.possible


@pytest.mark.parametrize(
    ("queue_id", "mta"),
    [
        ("hu14csp2736845ecb", "Gmail"),
        ("15.20.2073.14", "Microsoft Exchange"),
        ("1WqABD-0000h0-0r", "Postfix"),
        ("x", "Exim"),
        ("i28CUmST012272", "Sendmail"),
    ],
)
def test_no_source_no_decode(queue_id: str, mta: str) -> None:
    assert decode_queue_id(queue_id, mta, None) is None


def test_proofpoints_ids_are_not_sendmails() -> None:
    hop = read_received(
        "from pps.filterd (m1.ppops.net [127.0.0.1]) by mx0a.pphosted.com "
        "(8.18.1.2/8.18.1.2) with ESMTP id 5A6INABl023483; Thu, 6 Nov 2025 14:10:48 -0500"
    )
    assert (hop.mta, hop.queue_id_decoded) == ("Proofpoint", None)


@given(SECONDS, MICROSECONDS, st.integers(min_value=1, max_value=4_000_000))
def test_exim_round_trip(seconds: int, micros: int, pid: int) -> None:
    old = decode_queue_id(
        f"{digits(seconds, BASE62, 6)}-{digits(pid, BASE62, 6)}-{digits(micros // 500, BASE62, 2)}",
        "Exim",
    )
    new = decode_queue_id(
        f"{digits(seconds, BASE62, 6)}-{digits(pid, BASE62, 11)}-{digits(micros, BASE62, 4)}",
        "Exim",
    )
    assert old is not None
    assert new is not None
    assert (old.instant, old.pid, old.microseconds) == (seconds, pid, micros // 500 * 500)
    assert (new.instant, new.pid, new.microseconds) == (seconds, pid, micros)


@given(SECONDS, MICROSECONDS, st.integers(min_value=1, max_value=1 << 40))
def test_postfix_round_trip(seconds: int, micros: int, inode: int) -> None:
    short = decode_queue_id(f"{micros:05X}{inode:X}", "Postfix")
    long = decode_queue_id(
        f"{digits(seconds, BASE52, 6)}{digits(micros, BASE52, 4)}z{digits(inode, BASE51, 0)}",
        "Postfix",
    )
    assert short is not None
    assert long is not None
    assert (short.microseconds, short.inode, short.possible) == (micros, inode, True)
    assert (long.instant, long.microseconds, long.inode, long.possible) == (
        seconds,
        micros,
        inode,
        True,
    )


@given(
    SECONDS, st.integers(min_value=0, max_value=999_999), st.integers(min_value=0, max_value=3599)
)
def test_sendmail_round_trip(seconds: int, pid: int, counter: int) -> None:
    utc = utc_text(seconds)
    fields = (
        (int(utc[:4]) - 1900) % 60,
        int(utc[5:7]) - 1,
        int(utc[8:10]),
        int(utc[11:13]),
        int(utc[14:16]),
        int(utc[17:19]),
    )
    written = "".join(list(BASE60)[n] for n in fields) + digits(counter, BASE60, 2) + f"{pid:06d}"
    for year in (int(utc[:4]) - 1, int(utc[:4]), int(utc[:4]) + 1):
        decoded = decode_queue_id(written, "Sendmail", year)
        assert decoded is not None
        assert (decoded.instant, decoded.pid) == (seconds, pid)


@given(st.text(max_size=40), st.sampled_from(["Exim", "Postfix", "Sendmail", "Gmail"]))
def test_never_raises(queue_id: str, mta: str) -> None:
    decode_queue_id(queue_id, mta, 2014)
