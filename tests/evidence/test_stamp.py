"""Stamps: RFC 5322 date-times, its obsolete forms, and what servers write instead."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.timestamp import ZONES, find_stamp, match_stamp, read_stamp, utc_text

MOMENTS = st.integers(min_value=-2_000_000_000, max_value=4_000_000_000)
OFFSETS = st.integers(min_value=-12 * 60, max_value=14 * 60)


@pytest.mark.parametrize(
    ("text", "utc", "offset", "defects"),
    [
        ("Sat, 17 May 2014 21:59:37 +0900 (JST)", "2014-05-17T12:59:37Z", "+0900", ()),
        ("17 May 2014 21:59:37 -0330", "2014-05-18T01:29:37Z", "-0330", ()),
        ("Sat, 17 May 2014 21:59 +0900", "2014-05-17T12:59:00Z", "+0900", ()),
        ("Sat,  7 Jun 2014 01:02:03 +0000", "2014-06-07T01:02:03Z", "+0000", ()),
        # UTC, the local zone not told
        ("7 Jun 2014 01:02:03 -0000", "2014-06-07T01:02:03Z", "-0000", ()),
        # RFC 5322 section 4.3
        ("Fri, 21 Nov 97 09:55:06 -0600", "1997-11-21T15:55:06Z", "-0600", ("short_year",)),
        ("Mon, 8 Mar 04 12:23:56 -0000", "2004-03-08T12:23:56Z", "-0000", ("short_year",)),
        (
            "Fri, 21 Nov 103 09:55:06 GMT",
            "2003-11-21T09:55:06Z",
            "+0000",
            ("short_year", "zone_by_name"),
        ),
        ("Tue, 27 Mar 2001 08:34:09 EST", "2001-03-27T13:34:09Z", "-0500", ("zone_by_name",)),
        ("Tue, 27 Mar 2001 08:34:09 pdt", "2001-03-27T15:34:09Z", "-0700", ("zone_by_name",)),
        ("Sun Nov 13 14:50:12 2005", None, None, ("no_zone",)),  # asctime
        ("Sun Nov 13 14:50:12 MET 2005", "2005-11-13T13:50:12Z", "+0100", ("zone_by_name",)),
        ("Sat, 17 May 2014 17:40:44-0500", "2014-05-17T22:40:44Z", "-0500", ()),
        ("Sat, 17 May 2014 17:40:44 +02:00", "2014-05-17T15:40:44Z", "+0200", ()),
        ("Thu, 17 May 2014 21:59:37 +0900", "2014-05-17T12:59:37Z", "+0900", ("wrong_weekday",)),
        ("Sun, 30 Feb 2014 21:59:37 +0000", "2014-03-02T21:59:37Z", "+0000", ("no_such_day",)),
        ("Sat, 17 May 2014 25:61:37 +0000", "2014-05-18T02:01:37Z", "+0000", ("no_such_time",)),
        ("2014-05-17T21:59:37Z", "2014-05-17T21:59:37Z", "+0000", ("zone_by_name",)),
        # Go's time.Time
        (
            "2026-02-28 19:06:09.394848896 +0000 UTC m=+6296283.384378419",
            "2026-02-28T19:06:09Z",
            "+0000",
            (),
        ),
        ("Sat, 28 Feb 2026 19:06:09.351 +0000 (UTC)", "2026-02-28T19:06:09Z", "+0000", ()),
    ],
)
def test_reads(text: str, utc: str | None, offset: str | None, defects: tuple[str, ...]) -> None:
    stamp = read_stamp(text)
    assert (stamp.utc, stamp.offset, stamp.defects) == (utc, offset, defects)
    assert match_stamp(text)[1] == len(text)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "99 Foo 2014 00:00:00 +0000", "17 May 0014 00:00:00 +0000", "15.20.2073.14"],
)
def test_no_time(text: str) -> None:
    assert read_stamp(text).instant is None
    assert "unreadable" in read_stamp(text).defects


@pytest.mark.parametrize("name", sorted(ZONES))
def test_every_named_zone(name: str) -> None:
    stamp = read_stamp(f"Sat, 17 May 2014 12:00:00 {name}")
    assert stamp.utc_offset == ZONES[name]
    assert stamp.defects == ("zone_by_name",)


@given(
    MOMENTS,
    OFFSETS,
    st.sampled_from(
        [
            "%a, %d %b %Y %H:%M:%S {}",
            "%d %b %Y %H:%M:%S {} (XYZ)",
            "%a %b %d %H:%M:%S %Y {}",
            "%Y-%m-%dT%H:%M:%S{}",
        ]
    ),
)
def test_round_trip(instant: int, offset: int, form: str) -> None:
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)).astimezone(
        timezone(timedelta(minutes=offset))
    )
    stamp = read_stamp(local.strftime(form).format(local.strftime("%z")))
    assert (stamp.instant, stamp.utc_offset, stamp.defects) == (instant, offset, ())
    assert stamp.utc == utc_text(instant)


@given(MOMENTS)
def test_the_usual_form_and_the_looser_ones_agree(instant: int) -> None:
    local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)
    usual, loose = (
        read_stamp(local.strftime("%a, %d %b %Y %H:%M:%S +0200 (CEST)")),
        read_stamp(local.strftime("%a,  %d %b %Y %H:%M:%S +0200 (CEST)")),
    )
    assert usual[1:] == loose[1:]


def test_finds_the_last_time_in_a_line() -> None:
    line = (
        "by x with SMTP id y-2010-01-01 Mon, 1 Feb 2010 00:00:00 +0000 then Sat, 17 May 2014 "
        "21:59:37 +0900 (JST) id z"
    )
    found = find_stamp(line)
    assert found is not None
    assert (found[0].utc, line[found[2] :]) == ("2014-05-17T12:59:37Z", " id z")


@given(st.text(max_size=120))
def test_never_raises(text: str) -> None:
    read_stamp(text)
    find_stamp(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "Mon",
                "Sat,",
                "17",
                "031",
                "May",
                "2014",
                "99",
                "21:59:37",
                "25:61",
                "+0900",
                "-0000",
                "EST",
                "Z",
                "(JST)",
                "(",
                "AM",
                ";",
            ]
        ),
        max_size=9,
    )
)
def test_scrambled_parts_never_raise(parts: list[str]) -> None:
    stamp = read_stamp(" ".join(parts))
    assert stamp.instant is None or stamp.wall is not None


@pytest.mark.parametrize(
    "text",
    [
        "1 Jan " * 20_000,
        "Mon, " * 20_000,
        "2014-05-17T" * 9_000,
        "1" * 99_000,
        "1 May 2014 1:1:1" + " " * 99_000,
    ],
)
def test_linear(text: str) -> None:
    start = time.process_time()
    find_stamp(text)
    assert time.process_time() - start < 1
