"""The pictures: well-formed and self-contained whatever stands in them, with a text
alternative in every format, and the sections that fill them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.campaign.examples import Example, example
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.campaign.investigation import Investigation, assemble
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import establish
from firsthop.evidence.kept_fields import kept_fields
from firsthop.judgement.examine import examine
from firsthop.mail.message import Evidence
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.publication.bulletin.document import (
    Block,
    Ladder,
    Listing,
    Paragraph,
    Picture,
    Quoted,
    Relations,
    Word,
)
from firsthop.publication.bulletin.render import visible, words
from firsthop.publication.bulletin.sections.excerpts import MOST_LINES, excerpts
from firsthop.publication.bulletin.sections.ladders import MOST_RUNGS, ladders
from firsthop.publication.bulletin.sections.relations import MOST_NODES, relations
from firsthop.publication.formats.html import html
from firsthop.publication.formats.markdown import markdown
from firsthop.publication.formats.pdf import pdf
from firsthop.publication.formats.pictures import svg
from firsthop.publication.formats.pictures.canvas import shortened, wrapped
from firsthop.publication.words import LANGUAGES
from firsthop.settings import OwnServers
from tests.publication.pictures import illustrated

SPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = "]]><script>x()</script> </text></svg> &lt; \" ' ```\n# h\x1b[0m\u202e `a` | b"
OWN = OwnServers(names=frozenset(("mx.example.org",)))
LINE = (
    "Received: from {helo} (unknown [{address}])\n\tby {by} (Postfix) with ESMTPA id "
    "4ABCDEF{n:04d};\n\tMon, 12 May 2025 10:{n:02d}:00 +0200 (CEST)\n"
)


def line(n: int, by: str, helo: str = "pc", address: str = "198.51.100.4") -> str:
    return LINE.format(n=n, by=by, helo=helo, address=address)


def shown(text: str, evidence: Evidence = Evidence.MESSAGE) -> tuple[MessageSummary, Example]:
    mail = read_mail(raw_mail(text.encode(), "a.eml", "eml", evidence=evidence))
    one = summarize(examine(establish(mail, OWN), CaseFile()))
    return one, example(None, one, "a.eml", kept_fields(mail), OWN)


def investigation(*texts: str, evidence: Evidence = Evidence.MESSAGE) -> Investigation:

    pairs = [shown(text, evidence) for text in texts]
    made = assemble([one for one, _ in pairs], (), CaseFile())
    return replace(made, examples=tuple(told for _, told in pairs))


def picture(blocks: Sequence[Block]) -> Picture:
    return next(one for one in blocks if isinstance(one, Picture))


def pictures(text: str) -> list[Picture]:
    (section,) = illustrated(text).sections
    return [one for one in section.blocks if isinstance(one, Picture)]


@given(st.text(max_size=80))
def test_any_text_leaves_the_pictures_well_formed(text: str) -> None:
    plain = [[one.tag for one in ET.fromstring(svg(p, "en")).iter()] for p in pictures("x")]
    for one, tags in zip(pictures(text), plain, strict=True):
        tree = ET.fromstring(svg(one, "en"))
        assert {node.tag for node in tree.iter()} == set(tags), "no element but ours"
        assert not [name for node in tree.iter() for name in node.attrib if "href" in name]


def test_a_picture_loads_nothing_and_holds_no_style() -> None:
    for one in pictures(HOSTILE):
        for ink in ("currentColor", "#111111"):
            text = svg(one, "it", ink)
            names = set(re.findall(r" ([a-z:-]+)=\"", text))
            assert not names & {"style", "class", "href", "onload", "font-family"}
            assert "\x1b" not in text
            assert "\u202e" not in text
            assert ("currentColor" in text) == (ink == "currentColor")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_has_its_title_and_its_description(language: str) -> None:
    for one in pictures("host.example"):
        tree = ET.fromstring(svg(one, language))
        assert tree.attrib["role"] == "img"
        assert "host.example" in (tree.findtext(f"{SPACE}title") or "")
        if not one.said:
            continue
        assert "host.example" in (tree.findtext(f"{SPACE}desc") or "")
    page = html(illustrated("host.example"), language, "0")
    assert page.count("<svg") == page.count("<figcaption>") == 3


def test_markdown_says_in_words_what_pictures_show() -> None:
    text = markdown(illustrated(HOSTILE), "en", "0")
    assert "<svg" not in text
    assert text.count("| 1,234 |") == 6, "the table of the relations, and the table itself"
    fences = re.findall(r"(?m)^`{3,}[^`\n]*$", text)
    assert fences == ["````text", "````"], "longer than any run within"
    assert "\x1b" not in text


def test_the_pdf_shows_the_pictures_and_says_them() -> None:
    data = pdf(illustrated("host.example"), "en", "0")
    pages = pypdfium2.PdfDocument(data)
    told = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    assert "Trust line" in told, "text of the picture stays text"
    assert "Client network" in told
    assert data.count(b"/Alt") >= 3
    assert pdf(illustrated(HOSTILE), "it", "0")[:5] == b"%PDF-"


def test_a_ladder_shows_the_trust_line_and_the_break() -> None:
    text = line(9, "mx.example.org", "out.example.net", "203.0.113.7")
    text += line(5, "relay.elsewhere.example.com") + "Subject: x\n\ny\n"
    ladder = picture(ladders(investigation(text)))
    assert isinstance(ladder, Ladder)
    upper, lower = ladder.rungs
    assert (upper.vouched, upper.cut, lower.vouched, lower.cut) == (True, True, False, False)
    assert (ladder.trust_below, ladder.top_cut) == (1, None)
    assert ladder.trust == Word("ladder.trust")
    drawn = "".join(ET.fromstring(svg(ladder, "en")).itertext())
    assert "The path breaks here" in drawn
    assert "nothing below it is established" in drawn
    assert "10:09" not in drawn, "times are UTC"
    assert "08:09:00 UTC" in drawn


def test_steps_have_their_length_and_clocks_that_disagree_are_told() -> None:
    def told(early: int) -> str:
        text = line(9, "mx.example.org", "relay.example.com", "203.0.113.7")
        text += line(early, "relay.example.com") + "\ny\n"
        return "".join(ET.fromstring(svg(picture(ladders(investigation(text))), "en")).itertext())

    assert "4 minutes later than the line below" in told(5)
    assert "2 minutes earlier than the line below: the clocks disagree" in told(11)


def test_a_published_line_is_only_declared() -> None:
    made = investigation(line(5, "relay.example.com"), evidence=Evidence.PUBLICATION)
    ladder = picture(ladders(made))
    assert isinstance(ladder, Ladder)
    assert ladder.trust == Word("ladder.trust_published")
    assert ladder.top_cut == Word("ladder.no_receiver")
    assert not any(rung.vouched for rung in ladder.rungs)
    for language in LANGUAGES:
        said = words(ladder.trust, language, visible, visible)
        assert said in markdown_of(ladders(made), language)


def markdown_of(blocks: Sequence[Block], language: str) -> str:
    from firsthop.publication.bulletin.document import Document, Section

    section = Section("title.path", tuple(blocks))
    return markdown(Document("t", "RED", (), (section,)), language, "0")


def test_a_long_ladder_is_cut_in_the_middle_and_says_so() -> None:
    text = "".join(line(59 - n, f"r{n}.example.com") for n in range(40)) + "\ny\n"
    ladder = picture(ladders(investigation(text)))
    assert isinstance(ladder, Ladder)
    assert len(ladder.rungs) == MOST_RUNGS
    assert ladder.rungs[MOST_RUNGS // 2 - 1].gap == Word(
        "ladder.left_out_broken", {"n": "28", "breaks": "29"}
    ), "no break is hidden"
    assert (ladder.rungs[0].writer, ladder.rungs[-1].writer) == (
        Quoted("r0.example.com"),
        Quoted("r39.example.com"),
    )


def test_relations_count_what_occurs_together() -> None:
    mails = [
        line(n, "relay.example.com" if n % 3 else "other.example.net", "pc", f"198.51.{n}.4")
        for n in range(1, 13)
    ]
    (figure,) = relations(investigation(*(f"{one}\ny\n" for one in mails)))
    assert isinstance(figure, Relations)
    assert figure.columns[0] == ((Quoted("pc"), 12),)
    assert figure.columns[1] == ((Quoted("relay.example.com"), 8), (Quoted("other.example.net"), 4))
    networks = figure.columns[2]
    assert len(networks) == MOST_NODES
    assert networks[-1] == (Word("relations.others", {"n": "5"}), 5)
    assert sum(one.messages for one in figure.edges) == 24, "each message ties two pairs"
    assert relations(investigation(f"{mails[0]}\ny\n")) == ()


def test_many_hosts_of_one_domain_stand_together() -> None:
    mails = [line(n, f"r{n}.example.com", f"pc{n}.example.net") for n in range(1, 13)]
    (figure,) = relations(investigation(*(f"{one}\ny\n" for one in mails)))
    assert isinstance(figure, Relations)
    assert figure.columns[:2] == (
        ((Quoted("*.example.net"), 12),),
        ((Quoted("*.example.com"), 12),),
    )


def test_an_excerpt_has_the_lines_as_they_stand_with_their_numbers() -> None:
    text = line(9, "mx.example.org", "out.example.net", "203.0.113.7")
    text += "X-MS-Exchange: no\nTo: a@example.org\nSubject: `x` <b>\n\ny\n"
    _, where, listing = excerpts(investigation(text))
    assert isinstance(where, Paragraph)
    assert isinstance(listing, Listing)
    assert [number for number, _ in listing.lines] == ["1", "2", "3", "6"]
    assert listing.lines[3][1] == Quoted("Subject: `x` <b>")
    assert listing.lines[1][1].text.startswith("⇥by mx.example.org"), "a tab is seen"


def test_an_excerpt_is_cut_and_keeps_the_lines_nearest_the_origin() -> None:
    text = "".join(line(n % 60, f"r{n}.example.com") for n in range(90, 0, -1))
    *_, listing, cut = excerpts(investigation(f"{text}Subject: x\n\ny\n"))
    assert isinstance(listing, Listing)
    assert len(listing.lines) <= MOST_LINES
    assert listing.lines[-1][1] == Quoted("Subject: x")
    assert "r1.example.com" in listing.lines[-3][1].text
    assert isinstance(cut, Paragraph)
    assert cut.values["n"] == str(90 * 3 + 1 - len(listing.lines))


def test_what_the_case_does_not_hold_is_said() -> None:

    made = investigation(line(9, "mx.example.org") + "\ny\n")
    bare = tuple(replace(one, header=(), rungs=()) for one in made.examples)
    blocks = excerpts(replace(made, examples=bare))
    assert [getattr(one, "key", "") for one in blocks] == ["excerpts.how", "excerpts.gone"]
    assert ladders(replace(made, examples=bare)) == ()


@given(st.text(min_size=1, max_size=90), st.integers(40, 400), st.integers(1, 4))
def test_wrapped_text_keeps_its_width(text: str, width: int, lines: int) -> None:
    rows = wrapped(text, width, lines)
    assert 1 <= len(rows) <= lines
    assert all(len(row) <= max(int(width / 7.8), 4) for row in rows)


def test_a_long_name_loses_its_middle() -> None:
    assert shortened("abcdefgh", 8) == "abcdefgh"
    assert shortened("abcdefghi", 5) == "ab…hi"
    assert wrapped("one two three", 13 * 7.8, 1) == ["one two three"]
    assert wrapped("server1.commentspot.net", 15 * 6.6, 2, 11) == ["server1.", "commentspot.net"]
