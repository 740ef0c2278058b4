"""Patterns as trees: what was read is written the same, and what is none is refused."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.publication.exports.rules.patterns import literal, spaced, worded
from firsthop.publication.exports.rules.regex import Class, Signs, led, parsed

SAMPLES = (
    r"(^from|helo|ehlo)[ =]+\[?mail\.example[]) >;,\"]",
    r"^ *<? *[0-9]{14}\.[0-9A-F]{10}@",
    r"(^|;) *d *= *a\.example *(;|$)",
    r"^https?://([^/?#]*@)?([^/?#@]*[.])?a\.example([.]?(:[0-9]+)?([/?#]|$))",
    r"[A-Za-z0-9]{5,}[^A-Za-z0-9]+x{2,3}",
    r"(\[|\(|[ :])192\.0\.2\.1[]) >;,\"]",
)
TEXTS = (
    "from [mail.example] (x)",
    "by x (HELO=mail.example)",
    "<20140517215937.0A1B2C3D4E@x>",
    "v=1; d=a.example; s=x",
    "https://u@www.a.example.:80/x",
    "abc123, xx",
    "from x ([192.0.2.1])",
)


@pytest.mark.parametrize("regex", SAMPLES)
def test_a_pattern_that_was_read_means_the_same(regex: str) -> None:
    again = Signs().alternatives(parsed(regex))
    assert any(re.search(regex, text) for text in TEXTS)
    for text in TEXTS:
        assert bool(re.search(again, text)) is bool(re.search(regex, text))


@given(st.text(alphabet=string.printable + "èü漢", min_size=1, max_size=30))
def test_a_literal_finds_itself_and_nothing_acts_in_it(text: str) -> None:
    regex = literal(text)
    if regex is not None:
        again = Signs().alternatives(parsed(regex))
        assert re.fullmatch(again, text)
        assert not re.fullmatch(again, f"{text}x")


@given(st.text(alphabet="abc#{}\\[](|*+?^$ ", min_size=1, max_size=20))
def test_words_are_patterns_of_the_common_form(text: str) -> None:
    for made in (worded(text), spaced(" ".join(text.split()))):
        if made:
            again = Signs().alternatives(parsed(made))
            assert re.compile(again).pattern == again


def test_the_begin_is_led_into_the_alternatives() -> None:
    assert led(parsed("(^a|b)c"), "S", "N", Signs()) == "(Sa|Nb)c"
    assert led(parsed("^ *a|b"), "S", "N", Signs()) == " *a|Nb"


def test_a_class_knows_what_it_holds() -> None:
    (piece,) = parsed("[^]a-c]")[0]
    assert isinstance(piece, Class)
    assert [c for c in "]abcd" if piece.holds(c)] == ["d"]


@pytest.mark.parametrize("spoiled", ["(a", "a)", "[a", r"a\d", "*a", "a\\", "a{2"])
def test_what_is_no_pattern_is_refused(spoiled: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed(spoiled)
