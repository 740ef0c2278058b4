"""What a kit keeps while hosts and text change, and what is nobody's."""

from __future__ import annotations

import time

import pytest

from firsthop.campaign.features import MessageFeatures, features_of
from firsthop.campaign.features.shapes import loose_shape, pattern
from firsthop.campaign.similarity.everybodys import STOCK, share_of_everybody
from firsthop.evidence.markup import MAX_FORMS, MAX_INPUTS, MAX_NAMES, Markup, read_markup
from tests.campaign.messages import facts_of, values

KIT = """\
<html><head><title>Convite exclusivo {n}</title><style>.zc-card {{color:#CC0A2F}}
.x {{background:#2d2d2d;border-color:#E0D0C0}}</style></head>
<body class="zcbody mso-x"><!-- card 1 - the golden card --><!--[if mso]><![endif]-->
<div class='zc-card zc-grid' style="color:#000000">{text}</div>
<form method=post action="https://{host}/gate/next.php?id={n}">
<input name="login"><input name="pin"><input name="login"></form></body></html>
"""


def kit(host: str, text: str, n: int) -> MessageFeatures:
    body = KIT.format(host=host, text=text, n=n)
    head = "From: a@sender.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    return features_of(facts_of((head + body).encode()))


def test_what_one_kit_keeps_is_equal_in_two_mails_of_other_hosts_and_texts() -> None:
    one, other = kit("a.example", "one", 4711), kit("b.test", "other", 815)
    for family in ("kit_form", "kit_comment", "kit_names", "kit_colours", "kit_title"):
        assert values(one, family) == values(other, family) != set(), family
    assert values(one, "kit_form") == {"to /gate/next.php", "asks login pin"}
    assert values(one, "kit_comment") == {"card 1 - the golden card"}
    assert values(one, "kit_title") == {"convite exclusivo #"}
    (names,) = values(one, "kit_names")
    assert names.startswith("zc-card zc-grid zcbody #")
    (colours,) = values(one, "kit_colours")
    assert colours.startswith("2d2d2d cc0a2f e0d0c0 #")


def test_plain_text_and_mail_of_common_programs_has_no_kit() -> None:
    assert read_markup("") == Markup()
    word = '<p class=MsoNormal><!--[if mso]>x<![endif]--><font color="#000000">'
    head = "From: a@sender.example\r\nContent-Type: text/html\r\n\r\n"
    one = features_of(facts_of((head + word).encode()))
    assert not [f for f in one.features if f.family.startswith("kit_")]


def test_tags_in_capitals_are_read_alike() -> None:
    loud = read_markup('<FORM ACTION="/A.asp"><INPUT NAME=City></FORM><TD CLASS="Big Red">')
    assert loud.forms[0].action == "/a.asp"
    assert loud.forms[0].inputs == ("city",)
    assert loud.names == ("big", "red")


@pytest.mark.parametrize(
    "piece",
    [
        "<form",
        "<!--",
        "<title",
        "<form action=",
        'class="',
        "#ffffff",
        "<form><input name=a ",
        "-->",
    ],
)
def test_hostile_markup_is_read_within_limits_and_in_linear_time(piece: str) -> None:
    started = time.process_time()
    found = read_markup(piece * (4_000_000 // len(piece)))
    assert time.process_time() - started < 2
    assert len(found.forms) <= MAX_FORMS
    assert len(found.comments) <= MAX_NAMES
    assert len(found.names) <= MAX_NAMES
    assert all(len(form.inputs) <= MAX_INPUTS for form in found.forms)
    assert len(found.title) <= 300


@pytest.mark.parametrize(
    ("family", "value"),
    [
        ("kit_comment", "start centered white container"),
        ("kit_comment", "web font / @font-face : begin"),
        ("kit_title", "untitled document"),
    ],
)
def test_what_public_templates_write_never_makes_a_view_count(family: str, value: str) -> None:
    assert share_of_everybody(family, value) >= STOCK
    assert share_of_everybody(family, f"zz {value} zz") == 0.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bbngNhL.0.0.bbngNhL.9.bbngNhL", r"*.0.0.\1.9.\1"),
        ("9RCjNez5.0.0.9RCjNez5.9.9RCjNez5", r"*.0.0.\1.9.\1"),
        ("xoeupyt.iyfye.bgg.bgg", r"*.*.*.\3"),
        ("ur3anjhqqf7y4sv5-5uqquf6g8omchddy-c3e", "*-*-c3e"),
        ("1bf99498-300e-5285-c72b-ae002c3e55de", None),
        ("1772702797.2126536.794317", None),
        ("0001.aBcDe.12", None),
        ("ab*cd.c3e", None),
        (r"ab\1cd.c3e", None),
        ("aaaa-" * 200, None),
        ("", None),
    ],
)
def test_the_pattern_of_a_message_id(text: str, expected: str | None) -> None:
    assert pattern(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ba-cedi-mefigodo", "w#-w#-w#"),
        ("bace.di12", "w#.w#"),
        ("1bf99498-300e-5285-c72b-ae002c3e55de", "h#-h#-h#-h#-h#"),
        ("123.45.JavaMail.root", "d#.d#.JavaMail.w#"),
        ("a#b", None),
        ("4fc32ba5cedc407e", None),
    ],
)
def test_a_shape_without_lengths_is_what_drawn_words_keep(text: str, expected: str | None) -> None:
    assert loose_shape(text) == expected
