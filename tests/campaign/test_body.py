"""Bodies are read within limits, and nothing in them is run or fetched."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.campaign.features import features_of
from firsthop.evidence import content as body
from firsthop.evidence.content import Content, read_content
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from tests.campaign.messages import facts_of, values


def content(data: bytes) -> Content:
    return read_content(read_mail(raw_mail(data, "a.eml", "eml")))


MULTIPART = (
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html; '
    b"charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    + base64.b64encode(
        b"<html><script>var x='http://no.example/'</script><body><p>Pay &amp; win</p><a "
        b"href='https://go.example/a?b=1&amp;c=2'>x</a></body></html>"
    )
    + b'\n--b\nContent-Type: application/pdf; name="Bill 12.pdf"\n\nPDF\n--b--\n'
)


def test_html_is_text_tags_and_links() -> None:
    found = content(MULTIPART)
    assert found.types == ("text/html", "application/pdf")
    assert found.text.split() == ["Pay", "&", "win", "x"]
    assert found.tags == ("html", "body", "p", "/p", "a", "/a", "/body", "/html")
    assert "https://go.example/a?b=1&c=2" in found.links


@pytest.mark.parametrize(
    "markup",
    [
        b"<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN'>",
        b"<!--[if mso]><![endif]-->",
        b"<![endif]-->",
        b"<!-- a note -->",
        b"<!-- <b>a note</b> <script> > -->",
        b"<!--[if mso]><table><tr><td>for Outlook</td></tr></table><![endif]-->",
        b"<?xml version='1.0'?>",
    ],
)
def test_declarations_and_comments_are_neither_text_nor_tags(markup: bytes) -> None:
    found = content(b"Content-Type: text/html\n\n" + markup + b"<p>Pay" + markup + b" now</p>")
    assert found.text.split() == ["Pay", "now"]
    assert found.tags == ("p", "/p")


BOTH = b"""Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain

%s
--b
Content-Type: text/html

<p>%s</p>
--b--
"""
LONG = b"word " * 40


@pytest.mark.parametrize(
    ("plain", "rich", "kept"),
    [
        (b"Turn HTML on, reader 12!", LONG, {"turn html on reader #"}),
        (LONG, b"This says more, or less", {"this says more or less"}),
        (b"Kindly get back to me", b"Kindly get back to me", {"kindly get back to me"}),
        (
            b"Kindly get back to me",
            b"Pay it to x@y.example",
            {"kindly get back to me", "pay it to {address}"},
        ),
        (b"three words only", LONG, set()),
        (LONG, LONG, set()),
    ],
)
def test_a_short_text_is_one_value_also_beside_another(
    plain: bytes, rich: bytes, kept: set[str]
) -> None:
    assert values(features_of(facts_of(BOTH % (plain, rich))), "short_text") == kept


def test_an_attachment_is_a_name_and_a_hash() -> None:
    (attached,) = content(MULTIPART).attachments
    assert (attached.name, attached.type, attached.size) == ("Bill 12.pdf", "application/pdf", 3)


def test_what_a_limit_cuts_off_is_said() -> None:
    assert content(b"Subject: x\n\n" + b"a " * body.MAX_BODY_BYTES).cut
    assert not content(b"Subject: x\n\na").cut


def test_a_charset_that_is_none_is_not_tried() -> None:
    assert content(b"Content-Type: text/plain; charset=zlib\n\nplain text").text == "plain text"


def test_hostile_html_takes_no_time() -> None:
    started = time.process_time()
    for hostile in (
        b"<script" * 100_000,
        b"<" * 500_000,
        b"<a " + b"x=" * 200_000,
        b"<!--" * 100_000,
        b"http://" * 70_000,
    ):
        content(b"Content-Type: text/html\n\n" + hostile)
    assert time.process_time() - started < 5


@given(st.binary(max_size=3000))
def test_any_bytes_have_content(data: bytes) -> None:
    content(b'Content-Type: multipart/mixed; boundary="--"\n\n--' + data)
    content(b"Content-Type: text/html\n\n" + data)
