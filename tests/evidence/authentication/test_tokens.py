"""Results fields of the usual form are read a shorter way: it gives what the general
one gives."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.authentication import pairs, results, tokens
from firsthop.evidence.authentication.pairs import Pair, read_pairs, segments
from firsthop.evidence.authentication.results import AuthenticationResult, read_results
from firsthop.evidence.authentication.spf import received_spf
from firsthop.evidence.authentication.spf.received_spf import read_received_spf
from firsthop.evidence.authentication.tokens import Token
from firsthop.mail.message import Field, Span

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


# results with what real receivers put beside them, and what breaks their form
PIECES = [
    *'()"=; /\\',
    *("mx.example;", "i=1;", "dkim=pass", " spf=fail", "DMARC=Pass/1", "dkim/1=pass", "arc=none"),
    *(" (ok)", '("x")', " header.d=a.example", ' reason="q r"', " reason=", " action=none"),
    *("from=b", "none", "\r\n ", "é", "a=b(c)", "(c)a=b", '=""', "/1"),
    *("pass ", "SoftFail", "(x.example: domain of a@b.example designates 1)", " (d)"),
    *(" client-ip=192.0.2.1;", " receiver=m.example", ' envelope-from="<a@b>"', "x.example: "),
]


def of_both(text: str) -> tuple[tuple[AuthenticationResult, ...], AuthenticationResult]:
    """What is read of a value as results, and as those of SPF."""
    raw = f"X:{text}".encode()
    field = Field("X", raw, Span(7, 7 + len(raw)))
    return read_results(field), read_received_spf(field)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_results_are_the_same_both_ways(text: str) -> None:
    with (
        patch.object(results, "is_usual", return_value=False),
        patch.object(received_spf, "is_usual", return_value=False),
    ):
        general = of_both(text)
    assert of_both(text) == general


def test_results_of_the_usual_form_are_read_at_once() -> None:
    text = USUAL.replace("\tAbc=", "Abc")
    spf = " pass (mx: domain of a designates b) client-ip=192.0.2.1; helo=c"
    with (
        patch.object(results, "tokens", side_effect=AssertionError),
        patch.object(received_spf, "tokens", side_effect=AssertionError),
    ):
        assert len(read_results(Field("X", f"X:{text}".encode(), Span(0, 0)))) == 3
        assert read_received_spf(Field("X", f"X:{spf}".encode(), Span(0, 0))).result == "pass"
