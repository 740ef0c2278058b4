"""Results fields of the usual form are read a shorter way: it gives what the general
one gives."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.authentication import pairs, tokens
from firsthop.evidence.authentication.pairs import Pair, read_pairs, segments
from firsthop.evidence.authentication.tokens import Token

USUAL = (
    " mx.example.com 1;\r\n dkim=pass (2048-bit) header.d=a.example header.b=\tAbc=;"
    ' spf=none (a; b "c" d) smtp.mailfrom="x y"; dmarc=fail'
)
Reading = tuple[list[Token], list[str], list[list[Pair]]]


def reading(value: str) -> Reading:
    """Tokens, defects and pairs of a value."""
    signs, defects = tokens.tokens(value)
    return signs, defects, [read_pairs(part, defects) for part in segments(signs)]


def the_general_way(value: str) -> Reading:
    with (
        patch.object(tokens, "_usual", return_value=None),
        patch.object(pairs, "_is_usual", return_value=False),
    ):
        return reading(value)


def test_the_usual_value_goes_the_shorter_way() -> None:
    assert tokens._usual(USUAL) is not None
    assert reading(USUAL) == the_general_way(USUAL)


@pytest.mark.parametrize("value", ["(a (b))", "(a", 'a "b', '"a(b"', "a)", "(a\\)b)", '"a\\"b"'])
def test_what_nests_or_stays_open_does_not(value: str) -> None:
    assert tokens._usual(value) is None


@given(st.lists(st.sampled_from([*'()"=; \\\t\xa0', "a", "=b", "none", "(c)", "d=e", "\r\n "])))
def test_both_ways_give_the_same(pieces: list[str]) -> None:
    value = "".join(pieces)
    assert reading(value) == the_general_way(value)
