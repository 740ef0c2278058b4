"""Markdown and HTML: hostile text stays text."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.publication.bulletin.document import (
    Bullets,
    Document,
    Duration,
    Joined,
    Paragraph,
    Quoted,
    Section,
    Table,
    Word,
)
from firsthop.publication.bulletin.render import visible
from firsthop.publication.clock import local, span, utc
from firsthop.publication.formats.html import html
from firsthop.publication.formats.markdown import markdown


def document(text: str) -> Document:
    blocks = (
        Paragraph("authenticated.said", {"by": Quoted(text), "protocol": Quoted("x")}),
        Bullets(
            (
                Paragraph(
                    "spool.pair",
                    {
                        k: Quoted(text)
                        for k in (
                            "relay",
                            "first",
                            "second",
                            "first_inode",
                            "second_inode",
                            "distance",
                        )
                    }
                    | {"time": Duration(12218)},
                ),
            )
        ),
        Table(
            ("column.n", "column.relay"),
            (("1", Quoted(text)), ("2", Joined((Word("mark.dotless_host"), Quoted(text))))),
        ),
    )
    return Document(
        {"en": text, "it": text},
        "CLEAR",
        (("head.author", Quoted(text)),),
        (Section("title.path", blocks),),
    )


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs


def tags(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    return parser


PLAIN = tags(html(document("x"), "it", "0"))


@given(st.text(max_size=60))
def test_no_text_opens_a_tag(text: str) -> None:
    assert tags(html(document(text), "it", "0")).names == PLAIN.names


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=http://x onerror=y>',
        "</code></td><td>",
        "&lt;b&gt;",
        "javascript:x",
        "\x1b[31mred",
        "a\u202eb",
    ],
)
def test_hostile_text(text: str) -> None:
    page = html(document(text), "en", "0")
    assert tags(page).names == PLAIN.names
    assert "\x1b" not in page
    assert "\u202e" not in page
    note = markdown(document(text), "en", "0")
    assert "\x1b" not in note
    assert "\u202e" not in note


def test_the_page_loads_nothing_and_says_so() -> None:
    page = html(document("x"), "en", "0")
    assert "default-src &#x27;none&#x27;" in page
    assert not {"script", "img", "link", "iframe", "object"} & set(tags(page).names)
    assert not [
        name
        for name, _ in tags(page).attributes
        if name.startswith("on") or name in ("src", "href")
    ]


def test_a_pipe_or_backtick_breaks_no_table() -> None:
    rows = [
        line
        for line in markdown(document("a|b`c``d"), "en", "0").splitlines()
        if line.startswith("| 1")
    ]
    assert rows == ["| 1 | ```a\\|b`c``d``` |"]


def test_times() -> None:
    assert utc(1400331577) == "2014-05-17 12:59:37Z"
    assert local(1400331577, "Europe/Rome") == "2014-05-17 14:59:37 CEST"
    assert utc(None) == local(None, "Europe/Rome") == "–"
    assert [span(s) for s in (0, 10, 12218, -1073858)] == ["0 s", "10 s", "3 h 23 min", "12 d 10 h"]


def test_visible() -> None:
    assert visible("caffè r3.kawaz.jp") == "caffè r3.kawaz.jp"
    assert visible("a\nb\x9b\u200b") == "a\\u{a}b\\u{9b}\\u{200b}"
