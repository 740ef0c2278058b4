"""Numbers, dates and lengths of time as a sentence of a language says them: digits in
groups, small numbers as words, dates with the preposition that goes with them (dal 7
maggio, dall'8 maggio)."""

from __future__ import annotations

import re
from datetime import datetime

from firsthop.publication.bulletin.document import Day, Instant, Month, Period
from firsthop.publication.clock import day_of
from firsthop.publication.words import WORDS, say

_NUMBER = re.compile(r"(\d{1,15})(?:\.(\d{1,15}))?")
_UNGROUPED = 3  # digits
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_MOST_UNITS = 2


def number(text: str, language: str) -> str:
    """A number as the language writes it: digits in groups of three, a decimal sign.
    Any other text as it is."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    whole, decimals = match.groups()
    if len(whole) > _UNGROUPED:
        whole = f"{int(whole):,}".replace(",", say(language, "number.group"))
    return whole if decimals is None else whole + say(language, "number.decimal") + decimals


def number_word(text: str, language: str) -> str:
    """A whole number from one to ten as a word."""
    return say(language, "number.words").split()[int(text) - 1]


def long_span(seconds: int, language: str) -> str:
    """A length of time: 12 days and 10 hours."""
    left = abs(seconds)
    parts: list[str] = []
    for unit, size in _UNITS:
        amount, left = divmod(left, size)
        if amount or (size == 1 and not parts):
            parts.append(say(language, f"unit.{unit}", {"n": str(amount)}))
    return say(language, "list.last").join(parts[:_MOST_UNITS])


def moment(value: Instant | Day, language: str, form: str) -> str:
    """A date or a time of day, with a preposition where `form` names one."""
    if value.seconds is None:
        return say(language, f"clock.unknown_{form}" if form else "clock.unknown")
    told = day_of(value.seconds, value.zone)
    text = _with_year(told, language)
    if isinstance(value, Instant):
        text = _with_time(told, text, value.zone, language)
    return _with_preposition(form, told.day, text, language) if form else text


def month(value: Month, language: str) -> str:
    """A month with its year."""
    told = day_of(value.seconds, value.zone)
    values = {"month": say(language, f"month.{told.month}"), "year": f"{told:%Y}"}
    return say(language, "clock.month", values)


def period(value: Period, language: str) -> str:
    """From a day to a day; what both share is said once."""
    if value.first is None or value.last is None:
        return moment(Day(value.first or value.last, value.zone), language, "on")
    first, last = day_of(value.first, value.zone), day_of(value.last, value.zone)
    if first.date() == last.date():
        return _with_preposition("on", first.day, _with_year(first, language), language)
    if (first.year, first.month) == (last.year, last.month):
        begin = _day(first, language)
    elif first.year == last.year:
        begin = _with_month(first, language)
    else:
        begin = _with_year(first, language)
    end = _with_preposition("to", last.day, _with_year(last, language), language)
    return f"{_with_preposition('from', first.day, begin, language)} {end}"


def _day(told: datetime, language: str) -> str:
    return say(language, "clock.first_day") if told.day == 1 else str(told.day)


def _with_month(told: datetime, language: str) -> str:
    month = say(language, f"month.{told.month}")
    return say(language, "clock.day_month", {"day": _day(told, language), "month": month})


def _with_year(told: datetime, language: str) -> str:
    values = {"day": _with_month(told, language), "year": f"{told:%Y}"}
    return say(language, "clock.day", values)


def _with_time(told: datetime, day: str, zone: str, language: str) -> str:
    """The time in its zone, and in UTC where that is another."""
    name = WORDS[language].get(f"zone.{zone}") or f"{told:%Z}"
    clock = {"day": day, "time": f"{told:%H:%M:%S}", "zone": str(name)}
    there = told.astimezone(day_of(0, "UTC").tzinfo)
    if told.utcoffset() == there.utcoffset():
        return say(language, "clock.time", {**clock, "zone": f"{told:%Z}"})
    utc = f"{there:%H:%M:%S}"
    if there.date() != told.date():
        utc = f"{_with_month(there, language)}, {utc}"
    return say(language, "clock.time_utc", {**clock, "utc": utc})


def _with_preposition(form: str, day: int, text: str, language: str) -> str:
    """The preposition before a date; another where the day's name begins with a
    vowel."""
    elided = str(day) in say(language, "clock.vowels").split()
    return say(language, f"clock.{form}{'_vowel' if elided else ''}", {"day": text})
