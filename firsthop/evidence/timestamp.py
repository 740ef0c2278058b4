"""Reads date-times of mail: RFC 5322 section 3.3 and 4.3, asctime, and what real
servers write instead.

A time keeps its zone: the instant is in UTC, the offset beside it. A time without a
zone has no instant, and says so. No clock is read here."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache

from firsthop.system.expression import Expression
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

# RFC 5322 section 4.3; the military letters were defined wrongly in RFC 822 and count
# as -0000 there.
ZONES = {
    "UT": 0,
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "WET": 0,
    "BST": 60,
    "CET": 60,
    "WEST": 60,
    "MET": 60,
    "CEST": 120,
    "MEST": 120,
    "EET": 120,
    "EEST": 180,
    "MSK": 180,
    "MSD": 240,
    "JST": 540,
    "KST": 540,
    "NZST": 720,
    "NZDT": 780,
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "AKST": -540,
    "AKDT": -480,
    "HST": -600,
}
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = "|".join(MONTHS)
_DAY = r"(?:(?P<weekday>[A-Za-z]{2,9})\.?,?\s*)?"
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::\s?(?P<second>\d{1,2})(?:[.,]\d{1,9})?)?(?:\s*"
    r"(?P<half>[AaPp]\.?[Mm]\b\.?))?"
)
_ZONE = (
    r"(?:\s*(?P<zone>[+-]\s?\d{1,2}:?\d{2}\b|(?!(?i:id|for|by|with|from|via|am|pm)\b)"
    r"(?:[A-Z][A-Za-z]{0,4}|(?i:"
)
_ZONE += "|".join(ZONES) + r"))\b(?:[+-]\d{1,4})?))?"
_NAME = r"(?:\s*\((?P<name>[^()@<>=]{0,80})\))?"
# Go's time.Time as text: zone name and the reading of its monotonic clock behind the
# offset
_GO = r"(?: UTC)?(?: m=[+-][\d.]+)?"
_DATE = rf"(?P<day>\d{{1,2}})[\s-]+(?P<month>{_MONTH})[a-z]*\.?[\s,-]+(?P<year>\d{{4}}|\d{{2,3}})"
# The form nearly every server writes, tried first; the looser ones behind it read what
# is left.
USUAL = compiled(
    rf"(?:([A-Z][a-z][a-z]), )?(\d\d? (?:{_MONTH.title()}) \d{{4}}) (\d\d):(\d\d):(\d\d) "
    rf"([+-]\d{{4}})(?: \(([^()@<>=]{{0,80}})\)| ([A-Z]{{3,4}})(?=;|$))?(?![^\s;])",
    re.ASCII,
)
FORMS = tuple(
    # without it the long s passes for an "s", and digits of other scripts for digits
    Expression("a written time", form, re.ASCII)
    for form in (
        rf"{_DAY}(?i:{_DATE}),?\s+{_TIME}{_ZONE}{_NAME}",
        (
            rf"{_DAY}(?i:(?P<month>{_MONTH}))[a-z]*\.?\s+(?P<day>\d{{1,2}}),?\s+{_TIME}\s+"
            rf"(?P<year>\d{{4}}){_ZONE}{_NAME}"
        ),
        (
            rf"{_DAY}(?i:(?P<month>{_MONTH}))[a-z]*\.?\s+(?P<day>\d{{1,2}}),?\s+{_TIME}{_ZONE}\s+"
            rf"(?P<year>\d{{4}}){_NAME}"
        ),
        (
            rf"{_DAY}(?i:(?P<month>{_MONTH}))[a-z]*[.,]?\s+(?P<day>\d{{1,2}}),?\s+"
            rf"(?P<year>\d{{4}}),?\s+{_TIME}{_ZONE}{_NAME}"
        ),
        (
            rf"{_DAY}(?P<year>\d{{4}})[-/](?P<monthnumber>\d{{1,2}})[-/]"
            rf"(?P<day>\d{{1,2}})[T\s]\s*{_TIME}{_ZONE}{_GO}{_NAME}"
        ),
        rf"(?P<first>\d{{1,2}})/(?P<other>\d{{1,2}})/(?P<year>\d{{4}})\s+{_TIME}{_ZONE}{_NAME}",
    )
)
START = compiled(
    rf"\b(?:(?:{'|'.join(WEEKDAYS)})[a-z]{{0,6}}\.?,?\s*)?"
    rf"(?:\d{{1,2}}[\s-]+(?:{_MONTH})[a-z]*\.?[\s-]+\d{{2}}|"
    rf"(?:{_MONTH})[a-z]*[.,]?\s+\d{{1,2}},?\s+\d|\d{{4}}-\d\d-\d\d[T\s]"
    rf"|\d\d?/\d\d?/\d{{4}}\s)",
    re.IGNORECASE | re.ASCII,
)
_DIGIT = compiled(r"\d")
_WEEKDAYS_AS_WRITTEN = frozenset((None, *(name.title() for name in WEEKDAYS)))
_new = tuple.__new__  # a NamedTuple in half the time of its own constructor
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = EPOCH.toordinal()
LAST_INSTANT = 253_402_300_799  # 9999-12-31T23:59:59Z


class Stamp(NamedTuple):
    """A written time."""

    raw: str  # as written, white space folded
    # seconds since 1970-01-01T00:00:00Z; None where no zone was written or the text is
    # no time
    instant: int | None
    # minutes east of UTC, as written; None where no zone was written, or -0000 (RFC
    # 5322: UTC, local zone not told)
    utc_offset: int | None
    zone_name: str | None = None  # the comment or name behind the offset, e.g. "JST"
    # the clock as written, as if it were UTC, in seconds; there even without a zone
    wall: int | None = None
    defects: tuple[str, ...] = ()

    @property
    def utc(self) -> str | None:
        """The instant as RFC 3339 text in UTC, e.g. 2014-05-17T12:59:37Z."""
        return None if self.instant is None else utc_text(self.instant)

    @property
    def offset(self) -> str | None:
        """The written offset as +HHMM; "-0000" where the instant is told and the local
        zone is not."""
        if self.utc_offset is None:
            return None if self.instant is None else "-0000"
        hours, minutes = divmod(abs(self.utc_offset), 60)
        return f"{'-' if self.utc_offset < 0 else '+'}{hours:02d}{minutes:02d}"


def utc_text(instant: int) -> str:
    """Seconds since 1970 as RFC 3339 text in UTC."""
    day, second = divmod(instant, 86_400)
    minute, second = divmod(second, 60)
    return f"{_day_text(day)}{minute // 60:02d}:{minute % 60:02d}:{second:02d}Z"


@lru_cache(maxsize=4_096)
def _day_text(day: int) -> str:
    """Days since 1970 as the first half of such a text."""
    return f"{date.fromordinal(_FIRST_DAY + day).isoformat()}T"


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Hinnant's
    algorithm); the day may lie outside the month."""
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return (
        era * 146097
        + year_of_era * 365
        + year_of_era // 4
        - year_of_era // 100
        + day_of_year
        - 719468
    )


def read_stamp(text: str) -> Stamp:
    """The time that `text` starts with; text that is no time gives a Stamp with the
    defect "unreadable"."""
    return match_stamp(text)[0]


def match_stamp(text: str) -> tuple[Stamp, int]:
    """The time `text` starts with, and where it stops in the text (0 where there is
    none)."""
    usual = USUAL.match(text)
    return _match_any(text) if usual is None else _read_usual(usual)


def _read_usual(usual: re.Match[str]) -> tuple[Stamp, int]:
    """The same of a text that begins in the usual form."""
    weekday, date, hour, minute, second, zone, comment, word = usual.groups()
    midnight, defects = _usual_date(weekday, date)
    if midnight is None or zone[3:] > "59":
        return _match_any(usual.string)
    if hour > "23" or minute > "59" or second > "60":
        defects = (*defects, "no_such_time")
    wall = midnight + int(hour) * 3600 + int(minute) * 60 + int(second)
    offset = _usual_offset(zone)
    return _new(
        Stamp,
        (
            usual.group(),
            wall - offset * 60,
            None if zone == "-0000" else offset,
            comment or word,
            wall,
            defects,
        ),
    ), usual.end()


@lru_cache(maxsize=16_384)
def _usual_date(weekday: str | None, date: str) -> tuple[int | None, tuple[str, ...]]:
    """Midnight of a date like "7 Feb 2003" in seconds since 1970, and what is wrong
    with it; None: no year of mail."""
    day, month, year = date.split()
    # an offset must not push the instant out of what a calendar prints
    if not "1900" <= year <= "9998":
        return None, ()
    days = days_from_civil(int(year), MONTHS[month.lower()], int(day))
    return days * 86400, _defects(
        weekday, days, int(year), MONTHS[month.lower()], int(day), 0, 0, 0
    )


@lru_cache(maxsize=1024)
def _usual_offset(zone: str) -> int:
    """Minutes east of UTC of a zone like "-0330"."""
    minutes = int(zone[1:3]) * 60 + int(zone[3:])
    return -minutes if zone[0] == "-" else minutes


def find_stamp(text: str) -> tuple[Stamp, int, int] | None:
    """The last time written anywhere in `text` with its start and stop, or None."""
    usual = USUAL.fullmatch(text)  # one time and nothing else
    if usual and usual[1] in _WEEKDAYS_AS_WRITTEN and not _DIGIT.search(usual[7] or ""):
        stamp, length = _read_usual(usual)
        if length:
            return stamp, 0, length
    for start in reversed([match.start() for match in START.finditer(text)][-4:]):
        stamp, length = match_stamp(text[start:])
        if length:
            return stamp, start, start + length
    return None


def _match_any(text: str) -> tuple[Stamp, int]:
    for form in FORMS:
        if match := form.match(text):
            return _read_groups(match.group().strip(), match.groupdict()), match.end()
    return Stamp(text, None, None, defects=("unreadable",)), 0


def _read_groups(raw: str, part: dict[str, str | None]) -> Stamp:
    year, (month, day) = _year(part["year"] or ""), _month_and_day(part)
    h, m, s = _hour(part), int(part["minute"] or 0), int(part["second"] or 0)
    if month == day == 0:
        return Stamp(raw, None, None, defects=("ambiguous_order",))
    if not 1 <= month <= 12 or not 1900 <= year <= 9998:
        return Stamp(raw, None, None, defects=("unreadable",))
    days = days_from_civil(year, month, day)
    wall = days * 86400 + h * 3600 + m * 60 + s
    defects = _defects(part.get("weekday"), days, year, month, day, h, m, s)
    if len((part["year"] or "").lstrip("0")) < 4:
        defects = (*defects, "short_year")
    zone = part["zone"] or (part["name"] if (part["name"] or "").upper() in ZONES else None)
    instant, offset, zone_defects = _zone(zone, wall)
    return Stamp(
        raw,
        instant,
        offset,
        part["name"] or (zone if zone and zone[0].isalpha() else None),
        wall,
        defects + zone_defects,
    )


def _year(text: str) -> int:
    """RFC 5322 section 4.3: two digits 00-49 are 2000-2049, 50-99 are 1950-1999; three
    digits count from 1900, "0102" among them."""
    year = int(text)
    if len(text) > 2:
        return year + 1900 if len(text) == 3 or 100 <= year < 200 else year
    return year + (2000 if year < 50 else 1900)


def _month_and_day(part: dict[str, str | None]) -> tuple[int, int]:
    """Month and day of the month; (0, 0) where two numbers could be either."""
    if first := part.get("first"):
        one, two = int(first), int(part.get("other") or 0)
        return (two, one) if one > 12 else (one, two) if two > 12 else (0, 0)
    name = part.get("month")
    return MONTHS[name.lower()[:3]] if name else int(part.get("monthnumber") or 0), int(
        part["day"] or 0
    )


def _hour(part: dict[str, str | None]) -> int:
    """The hour, with AM and PM taken in."""
    hour, half = int(part["hour"] or 0), (part.get("half") or "").lower()[:1]
    return hour % 12 + (12 if half == "p" else 0) if half and 1 <= hour <= 12 else hour


def _zone(zone: str | None, wall: int) -> tuple[int | None, int | None, tuple[str, ...]]:
    """Instant, offset in minutes and defects of a wall clock reading in a
    written zone."""
    if not zone:
        return None, None, ("no_zone",)
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "").strip().rjust(4, "0")
        if digits[2:] > "59":  # RFC 5322 section 3.3: the last two digits are minutes of an hour
            return None, None, ("unknown_zone",)
        offset = (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if zone[0] == "-" else 1)
        return wall - offset * 60, None if zone[0] == "-" and offset == 0 else offset, ()
    known = ZONES.get(zone.upper())
    if known is not None:
        return wall - known * 60, known, ("zone_by_name",)
    if relative := re.fullmatch(r"(?:GMT|UTC?)([+-])(\d{1,2})(\d{2})?", zone, re.IGNORECASE):
        if (relative[3] or "00") > "59":
            return None, None, ("unknown_zone",)
        offset = (int(relative[2]) * 60 + int(relative[3] or 0)) * (-1 if relative[1] == "-" else 1)
        return wall - offset * 60, offset, ("zone_by_name",)
    return None, None, ("unknown_zone",)


def _defects(
    weekday: str | None,
    days: int,
    year: int,
    month: int,
    day: int,
    hour: int,
    minute: int,
    second: int,
) -> tuple[str, ...]:
    if not weekday and 1 <= day <= 28 and hour < 24 and minute < 60 and second < 61:
        return ()
    defects = []
    if weekday and weekday[:3].lower() != WEEKDAYS[(days + 3) % 7]:
        defects.append("wrong_weekday" if weekday[:3].lower() in WEEKDAYS else "unknown_weekday")
    if not 1 <= day <= 28 and not (
        1 <= day and days < days_from_civil(year + month // 12, month % 12 + 1, 1)
    ):
        defects.append("no_such_day")
    if hour > 23 or minute > 59 or second > 60:
        defects.append("no_such_time")
    return tuple(defects)
