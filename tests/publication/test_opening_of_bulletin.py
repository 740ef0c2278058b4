"""The opening of a bulletin, times and numbers in each language, and the picture of the
messages in time."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.campaign.investigation import Investigation, assemble
from firsthop.case_file import CaseFile, read_case_file
from firsthop.errors import SettingsError
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_sources
from firsthop.publication.bulletin.bulletin import bulletin
from firsthop.publication.bulletin.document import Day, Instant, Paragraph, Quoted, Timeline, Word
from firsthop.publication.bulletin.render import visible, words
from firsthop.publication.bulletin.sections.actions import actions, indicators
from firsthop.publication.bulletin.sections.brief import brief
from firsthop.publication.bulletin.sections.pictures import timeline
from firsthop.publication.formats.pictures import svg
from firsthop.publication.words import LANGUAGES
from firsthop.settings import OwnServers

EXAMPLE = Path(__file__).parents[2] / "examples" / "libero-2014"
ROME = "Europe/Rome"
FIRST = 1400331577  # 2014-05-17 12:59:37 UTC


def summaries() -> tuple[MessageSummary, ...]:
    case_file = read_case_file(
        tomllib.loads((EXAMPLE / "case.toml").read_text(encoding="utf-8")), "case.toml"
    )
    return tuple(
        summarize(examine(establish(read_mail(one), OwnServers()), case_file))
        for one in read_sources([EXAMPLE / "headers.txt"])
        if isinstance(one, RawMail)
    )


@pytest.fixture(scope="module")
def investigation() -> Investigation:
    case_file = read_case_file(
        tomllib.loads((EXAMPLE / "case.toml").read_text(encoding="utf-8")), "case.toml"
    )
    return assemble(summaries(), (), case_file)


def said(value: Word | Paragraph | Day | Instant | str, language: str) -> str:
    return words(value, language, visible, visible)


@pytest.mark.parametrize(
    ("value", "english", "italian"),
    [
        ("2198", "2,198", "2.198"),
        ("198", "198", "198"),
        ("1234567.50", "1,234,567.50", "1.234.567,50"),
        ("0.14", "0.14", "0,14"),
        ("Europe/Rome", "Europe/Rome", "Europe/Rome"),
        ("0.1.0", "0.1.0", "0.1.0"),
        (Day(FIRST, ROME), "17 May 2014", "17 maggio 2014"),
        (
            Instant(FIRST, ROME),
            "17 May 2014, 14:59:37 Italian time (12:59:37 UTC)",
            "17 maggio 2014, ore 14:59:37 (ora italiana; 12:59:37 UTC)",
        ),
        (Instant(FIRST, "UTC"), "17 May 2014, 12:59:37 UTC", "17 maggio 2014, ore 12:59:37 UTC"),
        (
            Instant(FIRST + 11 * 3600, ROME),
            "18 May 2014, 01:59:37 Italian time (17 May, 23:59:37 UTC)",
            "18 maggio 2014, ore 01:59:37 (ora italiana; 17 maggio, 23:59:37 UTC)",
        ),
        (Instant(None, ROME), "an unknown time", "data ignota"),
    ],
)
def test_numbers_and_times_are_the_languages(
    value: str | Day | Instant, english: str, italian: str
) -> None:
    assert (said(value, "en"), said(value, "it")) == (english, italian)


def test_the_opening_tells_the_case_of_2014(investigation: Investigation) -> None:
    opening, todo = brief(investigation)
    assert isinstance(opening, Paragraph)
    text = said(opening, "en")
    assert text.startswith(
        "Seven messages with senders at libero.it were sent from 17 to 30 May 2014."
    )
    assert "None of the seven names a server of Libero" in text
    assert "Three of them were accepted by the server r3.kawaz.jp, in two waves" in text
    assert 5 <= text.count(". ") + 1 <= 9, "sentences"
    assert isinstance(todo, Paragraph)
    for language in LANGUAGES:
        assert said(opening, language).count(". ") == text.count(". "), "the same facts"


def test_nothing_is_told_of_nothing() -> None:
    empty = assemble((), (), CaseFile())
    assert [block.key for block in brief(empty) if isinstance(block, Paragraph)] == [
        "brief.nothing"
    ]
    assert (actions(empty), indicators(empty), timeline(empty)) == ((), (), ())


def test_relays_are_told_as_used_by_somebody_and_inert(investigation: Investigation) -> None:
    (bullets,) = actions(investigation)
    text = " ".join(said(item, "en") for item in getattr(bullets, "items"))  # noqa: B009 - of any block
    assert "r3[.]kawaz[.]jp" in text
    assert "gmotech" not in text, "its line says nothing of a login"
    _, table = indicators(investigation)
    rows = getattr(table, "rows")  # noqa: B009 - of any block
    assert (Quoted("85[.]65[.]59[.]147") in [row[1] for row in rows]) is True
    assert [row[2] for row in rows] == sorted((row[2] for row in rows), reverse=True)


def test_the_picture_holds_each_instant_and_no_markup_of_others(
    investigation: Investigation,
) -> None:
    (figure,) = timeline(investigation)
    assert isinstance(figure, Timeline)
    tree = ET.fromstring(svg(figure, "en"))
    space = "{http://www.w3.org/2000/svg}"
    assert len(tree.findall(f"{space}circle")) == len(investigation.timed)
    assert tree.findtext(f"{space}title", "").startswith(
        "The first hops of seven messages at five servers"
    )
    hostile = Timeline(((Quoted("<script>&\x1b\u202e"), (FIRST, FIRST)),), ROME, figure.alt)
    text = svg(hostile, "en")
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    ET.fromstring(text)


def test_the_head_identifies_the_bulletin() -> None:
    table = {
        "number": "2014/07",
        "pap": "GREEN",
        "related": ["2014/05", "2014/06"],
        "evidence_grade": "B2",
    }
    case_file = read_case_file(table, "case.toml")
    head = dict(bulletin(assemble(summaries(), (), case_file)).facts)
    told = {key: words(value, "en", visible, visible) for key, value in head.items()}
    assert told["head.number"] == "2014/07"
    assert told["head.pap"] == "GREEN"
    assert told["head.related"] == "2014/05, 2014/06"
    assert told["head.period"] == "from 17 to 30 May 2014"
    assert told["head.grade"] == "B2 (Admiralty code)"
    usual = dict(bulletin(assemble(summaries(), (), CaseFile())).facts)
    assert words(usual["head.grade"], "en", visible, visible) == "C3 (Admiralty code)"
    assert "head.number" not in usual


@pytest.mark.parametrize(
    "table",
    [
        {"pap": "WHITE"},
        {"pap": 3},
        {"related": "2014/05"},
        {"related": [1]},
        {"related": ["x"] * 21},
        {"related": ["\x1b[31m"]},
        {"number": 7},
    ],
)
def test_a_mistake_in_the_head_is_one_line(table: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=r"^case\.toml: [^\n]+$"):
        read_case_file(table, "case.toml")
