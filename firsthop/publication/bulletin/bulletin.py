"""The bulletin: what the evidence of a case carries, in the order in which an analyst
tells it. Everything in it is computed from the input.

What a source only asserts is marked as asserted. What of people and of the operator's
own servers may be shown is decided before (publication/redaction): an investigation
that was not redacted gives a bulletin for the case alone, which says so."""

from __future__ import annotations

from firsthop.campaign.causes.measure import grade_of
from firsthop.campaign.investigation import Investigation
from firsthop.evidence.timestamp import days_from_civil
from firsthop.publication.bulletin.document import (
    Day,
    Document,
    Joined,
    Period,
    Quoted,
    Section,
    Value,
    Word,
)
from firsthop.publication.bulletin.sections import BODY
from firsthop.publication.clock import day_of
from firsthop.publication.redaction.levels import unredacted_tlp


def bulletin(investigation: Investigation) -> Document:
    """The document of an investigation."""
    case_file = investigation.case_file
    sections = tuple(
        Section(title, blocks) for title, write in BODY if (blocks := write(investigation))
    )
    dated = investigation.timed[-1].instant or 0 if investigation.timed else 0
    return Document(
        case_file.title, _tlp(investigation), _identification(investigation), sections, dated
    )


def _identification(investigation: Investigation) -> tuple[tuple[str, Value], ...]:
    """The lines of the head: number, author, period, grading, how far it may go."""
    case_file = investigation.case_file
    facts: list[tuple[str, Value]] = []
    if case_file.number:
        facts.append(("head.number", Quoted(case_file.number)))
    if case_file.author:
        facts.append(("head.author", Quoted(case_file.author)))
    if case_file.organisation:
        facts.append(("head.organisation", Quoted(case_file.organisation)))
    if case_file.published:
        facts.append(("head.source_published", _day(case_file.published)))
    if case_file.pap:
        facts.append(("head.pap", case_file.pap))
    if case_file.related:
        facts.append(("head.related", Joined(tuple(map(Quoted, case_file.related)))))
    if timed := investigation.timed:
        zone = investigation.audience.time_zone
        facts.append(("head.period", _period(timed[0].instant, timed[-1].instant, zone)))
    grade = grade_of(investigation.tally.evidence, case_file)
    facts.append(("head.grade", Word("head.grading", {"grade": Quoted(grade)})))
    facts.append(("head.status", Word(f"status.{_status(investigation)}")))
    return tuple(facts)


def _period(first: int | None, last: int | None, zone: str) -> Day | Period:
    """The days of the evidence; one day by itself."""
    same = day_of(first or 0, zone).date() == day_of(last or 0, zone).date()
    return Day(first, zone) if same else Period(first, last, zone)


def _day(date: str) -> Day:
    """A date of the calendar, YYYY-MM-DD, which is one in every zone."""
    year, month, day = map(int, date.split("-"))
    return Day(days_from_civil(year, month, day) * 86_400, "UTC")


def _status(investigation: Investigation) -> str:
    return "redacted" if investigation.redacted else "unredacted"


def _tlp(investigation: Investigation) -> str:
    tlp = investigation.audience.tlp
    return tlp if investigation.redacted else unredacted_tlp(tlp)
