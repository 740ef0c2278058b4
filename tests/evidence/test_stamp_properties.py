"""Stamps, whatever is written: what is read prints, keeps its place in the text, and
agrees with the clock that was written."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.timestamp import (
    MONTHS,
    WEEKDAYS,
    ZONES,
    Stamp,
    find_stamp,
    match_stamp,
    read_stamp,
    utc_text,
)

PRINTED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
OFFSET = re.compile(r"[+-]\d\d[0-5]\d")
two = st.integers(0, 99).map("{:02d}".format)
weekday = st.sampled_from(["", *(day.title() + ", " for day in WEEKDAYS), "mon ", "Xyz, "])
month = st.sampled_from([*(name.title() for name in MONTHS), "sept", "JUNE", "\u017fep", "Foo"])
year = st.one_of(
    st.integers(0, 99_999).map(str),
    st.sampled_from(["1899", "1900", "1970", "9998", "9999", "00", "103", "0014"]),
)
clock = st.tuples(two, two, st.one_of(st.just(""), two)).map(
    lambda part: ":".join(p for p in part if p)
)
zone = st.one_of(
    st.just(""),
    st.sampled_from([*ZONES, "XYZ", "GMT+0200", "utc-99"]),
    st.tuples(st.sampled_from("+-"), two, st.sampled_from(["", ":"]), two).map("".join),
)
name = st.sampled_from(["", " (JST)", " (a b)", " (", " ()"])
written = st.one_of(
    st.tuples(
        weekday,
        two,
        st.sampled_from(" -"),
        month,
        st.sampled_from(" -"),
        year,
        st.just(" "),
        clock,
        st.just(" "),
        zone,
        name,
    ),
    st.tuples(
        weekday,
        month,
        st.just(" "),
        two,
        st.just(" "),
        clock,
        st.just(" "),
        zone,
        st.just(" "),
        year,
        name,
    ),
    st.tuples(year, st.just("-"), two, st.just("-"), two, st.sampled_from("T "), clock, zone, name),
    st.tuples(two, st.just("/"), two, st.just("/"), year, st.just(" "), clock, st.just(" "), zone),
).map("".join)


def check(stamp: Stamp) -> None:
    """What holds of every stamp."""
    assert stamp.utc is None or PRINTED.fullmatch(stamp.utc)
    assert stamp.offset is None or OFFSET.fullmatch(stamp.offset)
    if stamp.instant is None:
        assert stamp.defects
        assert stamp.utc_offset is None
    else:
        assert stamp.wall is not None
        assert stamp.wall - stamp.instant == 60 * (stamp.utc_offset or 0)
    if stamp.wall is not None:
        assert PRINTED.fullmatch(utc_text(stamp.wall))


@given(written)
def test_what_is_read_prints(text: str) -> None:
    check(read_stamp(text))


@given(written)
def test_a_stamp_reads_the_same_from_its_own_text(text: str) -> None:
    stamp, stop = match_stamp(text)
    assert stop <= len(text)
    if stop:
        assert text[:stop].strip() == stamp.raw
        assert read_stamp(stamp.raw) == stamp


@given(
    st.text(max_size=20),
    written,
    st.sampled_from(["", " id x", "; (envelope-from <a@b>)", "\u0661"]),
)
def test_a_stamp_is_found_where_it_stands(before: str, text: str, behind: str) -> None:
    found = find_stamp(f"{before} {text}{behind}")
    if found is not None:
        stamp, start, stop = found
        check(stamp)
        assert f"{before} {text}{behind}"[start:stop].strip() == stamp.raw


def test_minutes_of_a_zone_end_at_59() -> None:
    for text in (
        "Sat, 17 May 2014 12:00:00 +0160",
        "17 May 2014 12:00 -0099",
        "17 May 2014 12:00:00 GMT+0260",
    ):
        assert (read_stamp(text).instant, read_stamp(text).defects) == (None, ("unknown_zone",))


def test_only_ascii_counts() -> None:
    assert read_stamp("17 \u017fep 2014 12:00:00 +0000").instant is None
    assert read_stamp("\u0661\u0667 May 2014 12:00:00 +0000").instant is None
