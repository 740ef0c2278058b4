"""The opening of a bulletin, the names of campaigns, times and numbers in each
language, and the picture of the messages in time."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from firsthop.campaign.explain.campaign import Campaign
from firsthop.campaign.explain.origins import Origins
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.campaign.investigation import Investigation, assemble
from firsthop.campaign.signature.signature import Atom, Rate, Signature
from firsthop.case_file import CaseFile, read_case_file
from firsthop.errors import SettingsError
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_sources
from firsthop.publication.bulletin.bulletin import bulletin
from firsthop.publication.bulletin.document import Day, Instant, Paragraph, Quoted, Timeline, Word
from firsthop.publication.bulletin.names import campaign_name
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


def campaign(*pairs: tuple[str, str]) -> Campaign:
    atoms = tuple(Atom(f, v, (3, 3), (0, 9), 0.1, 9.0, 5.0) for f, v in pairs)
    none = Rate(0, 9, 0.1)
    signature = Signature(
        "ca-1", "any", atoms, 1.0, (), (3, 3), (0, 0), (0, 0), none, none, enough=True
    )
    return Campaign(
        "ca-1",
        "campaign",
        None,
        FIRST,
        FIRST,
        3,
        (signature,) if pairs else (),
        Origins(0, 0, 0, None, ()),
    )


def test_a_name_says_how_it_is_sent_and_since_when() -> None:
    pairs = (
        ("relay_domain", "kawaz.jp"),
        ("first_helo", "7cho-me.com"),
        ("relay", "r3.kawaz.jp"),
        ("id_domain", "x"),
    )
    name = campaign_name(campaign(*pairs), ROME)
    assert said(name, "en") == "through r3.kawaz.jp, HELO 7cho-me.com, since 17 May 2014"
    assert said(name, "it") == "tramite r3.kawaz.jp, HELO 7cho-me.com, dal 17 maggio 2014"
    assert said(campaign_name(campaign(*reversed(pairs)), ROME), "en") == said(name, "en")
    assert said(campaign_name(campaign(), ROME), "en") == "three messages since 17 May 2014"


def test_what_everybody_uses_is_in_no_name() -> None:
    shared = (("relay", "smtp.gmail.com"), ("url_domain", "t.co"), ("author_domain", "gmail.com"))
    name = campaign_name(campaign(*shared, ("client_network", "192.0.2")), ROME)
    assert said(name, "en") == "from the network 192.0.2.0/24, since 17 May 2014"
    assert said(campaign_name(campaign(*shared), ROME), "it") == "tre messaggi dal 17 maggio 2014"


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
