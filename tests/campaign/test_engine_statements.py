"""The statements keep to their form and to what all engines read alike."""

from __future__ import annotations

import re

import pytest

from firsthop.campaign.engine.protocol import TABLES
from firsthop.campaign.engine.statements import literal, parameters_of, statements

STATEMENTS = statements()
NOT_PORTABLE = (
    r"\b(DIV|QUALIFY|SEMI|ANTI|UNNEST|EXPLODE|LIST|ARRAY|STRUCT|LATERAL|PIVOT|TRY_CAST|ILIKE"
    r"|HUGEINT|USING)\b|//|::|->|\bGROUP BY [0-9]"
)


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_says_what_it_reads(name: str) -> None:
    one = STATEMENTS[name]
    named = set(re.findall(r"\b(?:FROM|JOIN)\s+([a-z_]+)", one.text))
    assert named == set(one.reads)
    assert named <= TABLES.keys() | STATEMENTS.keys()


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_uses_its_parameters_and_no_others(name: str) -> None:
    one = STATEMENTS[name]
    assert set(re.findall(r":([a-z_]+)", one.text)) == one.defaults.keys()
    assert ":" not in one.render({})


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_portable_and_ordered(name: str) -> None:
    one = STATEMENTS[name]
    assert re.findall(NOT_PORTABLE, one.text, re.IGNORECASE) == []
    assert one.text.startswith("SELECT")
    assert ";" not in one.text
    assert one.order


def test_parameters_reach_through() -> None:
    assert {"low", "high", "carriers", "rarest", "tau"} <= parameters_of("pair_score")
    assert parameters_of("month_total") == frozenset()


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("15", 15),
        ("-1", -1),
        ("0.02E0", 0.02),
        ("1E-07", 1e-07),
        ("1.5E300", 1.5e300),
        ("22.0E0", 22.0),
        ("'wave'", "wave"),
    ],
)
def test_literals(expected: str, value: float | str) -> None:
    assert literal(value).replace("E-7", "E-07") == expected


@pytest.mark.parametrize("value", ["it's", "a\\", "a;b", "a\nb", True, float("inf"), float("nan")])
def test_what_is_no_literal_is_refused(value: float | str) -> None:
    with pytest.raises(ValueError, match="neither a number nor a word"):
        literal(value)
